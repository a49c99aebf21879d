"""One run of ``push``: it may go on as long as no other has begun at the same store.

Two runs would stage in the same graphs, and the slower would put a graph into its place that the other has moved away:
nothing. So each notes itself in the store when it begins, in the place of any other, and the last to begin wins.
"""

import uuid
from collections.abc import Mapping

from medsynth_kg.stores.client import StoreClient
from medsynth_kg.stores.errors import AnotherPush
from medsynth_kg.stores.holding import IDENTIFIER, IS_VERSION_OF, RUN


class Run:
    """A run of ``push`` at one store; ``state`` is the graph in which the store says what it holds."""

    def __init__(self, client: StoreClient, state: str) -> None:
        self._client = client
        self._state = state
        self._name = uuid.uuid4().urn
        self.note = f"<{state}> <{RUN}> <{self._name}> ."
        """The statement that names this run, which the switch writes again."""

    def begin(self, staging: Mapping[str, str]) -> None:
        """Note this run, in the place of any other, and which graph is staged where."""
        self._client.update(f"DELETE WHERE {{ GRAPH <{self._state}> {{ ?state <{RUN}> ?run }} }}")
        staged = "".join(f"<{staged}> <{IS_VERSION_OF}> <{graph}> .\n" for graph, staged in staging.items())
        self._client.update(f"INSERT DATA {{ GRAPH <{self._state}> {{\n{self.note}\n{staged}}} }}")

    def check(self) -> None:
        """See whether this run is still the last to have begun.

        Raises:
            AnotherPush: it is not.
            StoreUnreachable: the store does not answer.
            StoreRefused: it takes no queries from this user, or not at this address.
        """
        query = f"SELECT ?run WHERE {{ GRAPH <{self._state}> {{ ?state <{RUN}> ?run }} }}"
        # Two that begin at the same moment may both stand there; then one of them goes on, always the same.
        if max((row["run"] for row in self._client.select(query, "run")), default="") != self._name:
            raise AnotherPush

    def withdraw(self) -> None:
        """Have the store say no more that it holds a release, if it is by this run that it says so."""
        pattern = f"<{self._state}> <{IDENTIFIER}> ?id . {self.note}"
        self._client.update(f"DELETE WHERE {{ GRAPH <{self._state}> {{ {pattern} }} }}")
