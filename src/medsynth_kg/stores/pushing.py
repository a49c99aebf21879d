"""Loading a release into a store: into staging graphs first, then all graphs switched by one update.

The default graph of a release is the union of its named graphs. What a store's own default graph is differs from maker
to maker, so the union is a named graph too, ``graph/union``, where every triple counts once; a query that names it as
its default graph has the same answers everywhere. The store itself is the memory of a push: batches go one after
another in the release's own order and no triple has a blank node, so the number of triples in a staging graph says how
many batches have arrived, and sending one twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreClient
from medsynth_kg.stores.errors import CountsDiffer
from medsynth_kg.stores.holding import HAS_PART, IS_VERSION_OF, graph_counts, held_release_id, state_graph, union_graph
from medsynth_kg.stores.switching import Switch, clearing, switch_updates

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


class _Part(NamedTuple):
    """A graph of the release by its short name, the graph that it is staged in, and how many triples it has."""

    name: str
    staging: str
    triples: int


def push_release(
    release: Release, client: StoreClient, batch: int, tell: Tell, switch: Switch = Switch.AT_ONCE
) -> bool:
    """Load a release, ``batch`` triples at a time; False where the store has it already.

    Raises:
        StoreUnreachable: the store does not answer; a second push continues. What it held before is unchanged, but for
            a stepwise switch that had begun.
        StoreRefused: the store takes no updates from this user, or not at this address.
        CountsDiffer: the store has another number of triples than it was sent.
    """
    base = release.manifest.base_iri
    counts = graph_counts(release)
    state = state_graph(base)
    staging = {graph: f"{base}staging/{release.id}/{graph.removeprefix(f'{base}graph/')}" for graph in counts}
    if held_release_id(client, base) == release.id and all(
        client.count(graph) == count for graph, count in counts.items()
    ):
        return False
    _begin(client, switch, state, staging)
    store = Store.read_only(str(release.store))
    for graph, count in counts.items():
        source = DefaultGraph() if graph == union_graph(base) else NamedNode(graph)
        part = _Part(graph.removeprefix(f"{base}graph/"), staging[graph], count)
        _fill(client, part, _triples(store, source), batch, tell)
        try:
            _check(client, staging[graph], count)
        except CountsDiffer:
            client.update(clearing(switch, staging[graph]))
            raise
    for update in switch_updates(switch, state, release.id, staging, _gone(client, state, staging)):
        client.update(update)
    for graph, count in counts.items():
        _check(client, graph, count)
        tell(f"{graph}: {count:,} triples in place")
    return True


def _begin(client: StoreClient, switch: Switch, state: str, staging: Mapping[str, str]) -> None:
    """Note the staging graphs in the store, and drop those that a push of another release has left there."""
    query = f"SELECT ?staged WHERE {{ GRAPH <{state}> {{ ?staged <{IS_VERSION_OF}> ?graph }} }}"
    left = sorted({row["staged"] for row in client.select(query)} - set(staging.values()))
    for graph in left:
        client.update(clearing(switch, graph))
    notes = "".join(f"<{staged}> <{IS_VERSION_OF}> <{graph}> .\n" for graph, staged in staging.items())
    client.update(f"INSERT DATA {{ GRAPH <{state}> {{\n{notes}}} }}")


def _triples(store: Store, graph: NamedNode | DefaultGraph) -> Iterator[Triple]:
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))


def _fill(client: StoreClient, part: _Part, triples: Iterator[Triple], batch: int, tell: Tell) -> None:
    arrived = client.count(part.staging) // batch * batch
    if arrived:
        tell(f"{part.name}: continuing after {arrived:,} triples")
    sent = sum(1 for _ in islice(triples, arrived))
    while content := list(islice(triples, batch)):
        client.add(part.staging, content)
        sent += len(content)
        tell(f"{part.name}: {sent:,} of {part.triples:,} triples sent")


def _check(client: StoreClient, graph: str, expected: int) -> None:
    found = client.count(graph)
    if found != expected:
        raise CountsDiffer(graph, found, expected)


def _gone(client: StoreClient, state: str, graphs: Iterable[str]) -> list[str]:
    """The graphs that only the former release has."""
    query = f"SELECT ?part WHERE {{ GRAPH <{state}> {{ ?graph <{HAS_PART}> ?part }} }}"
    return sorted({row["part"] for row in client.select(query)} - set(graphs))
