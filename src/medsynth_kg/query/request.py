"""A query as a client asks it, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Protocol

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.steps import Steps


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One SPARQL 1.1 query with its dataset (SPARQL 1.1 Protocol, section 2.1.4) and the wanted media type.

    ``default_graphs`` and ``named_graphs`` are IRIs that replace the query's own FROM clauses where either is given;
    with neither, and no FROM, the default graph is the store's own, which in a release is the union of all graphs.
    ``substitutions`` bind variables to terms in N-Triples syntax before evaluation. ``timeout`` in seconds lowers the
    executor's own limit, never raises it. ``client`` names who asks, for fair queueing; ``cancellation`` takes the
    query back, which then ends in ``QueryCancelled``.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    substitutions: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    base_iri: str | None = None
    client: str = ""
    cancellation: Cancellation = field(default_factory=Cancellation, compare=False)

    def asked_by(self, client: str, cancellation: Cancellation) -> "QueryRequest":
        """The same asked by somebody; with each request, for which ``dataclasses.replace`` takes twice as long."""
        return QueryRequest(
            self.query,
            self.media_type,
            self.default_graphs,
            self.named_graphs,
            self.substitutions,
            self.timeout,
            self.base_iri,
            client,
            cancellation,
        )


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A complete, serialised answer of ``size`` bytes: in memory, or an unnamed open file for one too large for that.

    ``seconds`` is the time from the request to the last byte, waiting for a worker included.
    """

    body: bytes | IO[bytes]
    size: int
    media_type: str
    seconds: float


class Executor(Protocol):
    """Runs queries over one release. Raises the errors of ``medsynth_kg.query.errors``; safe to call from threads."""

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""

    @property
    def replaced(self) -> int:
        """How many worker processes have been replaced."""

    @property
    def is_in_memory(self) -> bool:
        """Whether the store is in the memory of this machine's workers."""

    def execute(self, request: QueryRequest) -> QueryAnswer:
        """Answer a query completely, or raise; never a truncated answer."""

    def steps(self, request: QueryRequest) -> Steps[QueryAnswer]:
        """Answer a query as ``execute`` does, in steps."""

    def close(self) -> None:
        """Stop everything that the executor started."""
