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

from pyoxigraph import DefaultGraph, NamedNode, Store

from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.open_files import few_files
from medsynth_kg.release.reading import Release
from medsynth_kg.release.store import ENGINE_FILES
from medsynth_kg.stores.client import StoreClient
from medsynth_kg.stores.errors import CountsDiffer, StoreRefused
from medsynth_kg.stores.holding import HAS_PART, IS_VERSION_OF, graph_counts, held_release_id, state_graph, union_graph
from medsynth_kg.stores.runs import Run
from medsynth_kg.stores.solutions import read_iris
from medsynth_kg.stores.switching import Held, Step, Switch, clearing, switch_steps

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


class _Part(NamedTuple):
    """A graph of the release by its short name, where it is read, where it is staged, and how many triples it has."""

    name: str
    source: NamedNode | DefaultGraph
    staging: str
    triples: int


def push_release(release: Release, client: StoreClient, batch: int, tell: Tell, switch: Switch | None = None) -> bool:
    """Load a release, ``batch`` triples at a time; False where the store has it already.

    Without a choice, the switch is at once, but stepwise where the store says that it is Virtuoso.

    Raises:
        DamagedRelease: the release can't be read here.
        StoreUnreachable: the store does not answer; a second push continues. What it held before is unchanged, but for
            a stepwise switch that had begun.
        StoreRefused: the store takes no updates from this user, or not at this address.
        StoreAnswerInvalid: what answers queries there is no store.
        AnotherPush: another push to the store has begun or ended meanwhile.
        CountsDiffer: the store has another number of triples than it was sent, sent once more too, and does not say
            that it holds the release.
    """
    base = release.manifest.base_iri
    counts = graph_counts(release)
    state = state_graph(base)
    staging = {graph: f"{base}staging/{release.id}/{graph.removeprefix(f'{base}graph/')}" for graph in counts}
    if held_release_id(client, base) == release.id and all(
        client.count(graph, count) == count for graph, count in counts.items()
    ):
        return False
    store = _open(release)
    switch = _choose(client, switch, tell)
    run = Run(client, state)
    # A push of another release has to see that it is over before what it staged is gone, which may take minutes.
    run.begin(staging)
    _drop_others(client, run, switch, state, staging)
    empty = [graph for graph, count in counts.items() if not count]
    held = Held(state, release.id, run.note)
    steps = switch_steps(switch, held, staging, _gone(client, state, staging), empty)
    for is_last_attempt in (False, True):
        try:
            for part in _parts(base, counts, staging):
                _fill(client, run, part, store, batch, tell)
                _check_or_clear(client, run, switch, part.staging, part.triples)
            # Again, for the batch that the other push was sending when this one began.
            _drop_others(client, run, switch, state, staging)
            _switch(client, run, switch, steps, counts)
            break
        except CountsDiffer as error:
            # The last update of a push that this one overtook may have emptied a graph that had counted as full.
            if is_last_attempt:
                raise
            tell(f"{error.graph}: the store counts another number of triples than it was sent; sending again")
    _confirm(client, run, counts, tell)
    return True


def _open(release: Release) -> Store:
    try:
        with few_files(ENGINE_FILES):
            return Store.read_only(str(release.store))
    except (OSError, RuntimeError) as error:  # the engine raises the latter where a file is not what it should be
        raise DamagedRelease(release.store, f"cannot be opened: {error}") from error


def _choose(client: StoreClient, switch: Switch | None, tell: Tell) -> Switch:
    """Virtuoso 7 logs MOVE only in part: in a crash before its next checkpoint it loses what both releases have."""
    if switch is Switch.AT_ONCE and client.is_virtuoso:
        tell(
            "Warning: Virtuoso loses triples of a release that was switched at once if it crashes before its next "
            "checkpoint; use --switch stepwise, or run `checkpoint;` with isql after this push"
        )
    return switch or (Switch.STEPWISE if client.is_virtuoso else Switch.AT_ONCE)


def _parts(base: str, counts: Mapping[str, int], staging: Mapping[str, str]) -> Iterator[_Part]:
    for graph, count in counts.items():
        source = DefaultGraph() if graph == union_graph(base) else NamedNode(graph)
        yield _Part(graph.removeprefix(f"{base}graph/"), source, staging[graph], count)


def _drop_others(client: StoreClient, run: Run, switch: Switch, state: str, staging: Mapping[str, str]) -> None:
    """Drop the staging graphs that a former push of another release has left, not those of a later one."""
    query = f"SELECT ?staged WHERE {{ GRAPH <{state}> {{ ?staged <{IS_VERSION_OF}> ?graph }} }}"
    for graph in sorted(_iris(client, query, "staged") - set(staging.values())):
        run.check()
        client.update(clearing(switch, graph))


def _switch(client: StoreClient, run: Run, switch: Switch, steps: Iterable[Step], counts: Mapping[str, int]) -> None:
    try:
        for step in steps:
            for graph, counted in step.counted.items():
                _check_or_clear(client, run, switch, counted, counts[graph])
            run.check()
            for update in step.updates:
                client.update(update)
    except StoreRefused:
        # Where another run is the reason, that is what to say.
        run.check()
        raise


def _fill(client: StoreClient, run: Run, part: _Part, store: Store, batch: int, tell: Tell) -> None:
    arrived = client.count(part.staging, part.triples) // batch * batch
    if arrived:
        tell(f"{part.name}: continuing after {arrived:,} triples")
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, part.source))
    sent = sum(1 for _ in islice(triples, arrived))
    while content := list(islice(triples, batch)):
        run.check()
        client.add(part.staging, content)
        sent += len(content)
        tell(f"{part.name}: {sent:,} of {part.triples:,} triples sent")


def _check_or_clear(client: StoreClient, run: Run, switch: Switch, graph: str, expected: int) -> None:
    """Count a graph; where the count is wrong, empty it, so that nobody continues after what is there."""
    try:
        _check(client, graph, expected)
    except CountsDiffer:
        # Another run may need what is there.
        run.check()
        client.update(clearing(switch, graph))
        raise


def _check(client: StoreClient, graph: str, expected: int) -> None:
    found = client.count(graph, expected)
    if found != expected:
        raise CountsDiffer(graph, found, expected)


def _confirm(client: StoreClient, run: Run, counts: Mapping[str, int], tell: Tell) -> None:
    """Count the graphs in their places; where a count is wrong, the store shall not say that it holds the release."""
    try:
        for graph, count in counts.items():
            _check(client, graph, count)
            tell(f"{graph}: {count:,} triples in place")
    except CountsDiffer:
        # Where another run is the reason, that is what to say.
        run.check()
        run.withdraw()
        raise


def _gone(client: StoreClient, state: str, graphs: Iterable[str]) -> list[str]:
    """The graphs that only the former release has, or one of which a switch has put no more than some in place."""
    query = (
        f"SELECT ?part WHERE {{ GRAPH <{state}> "
        f"{{ {{ ?graph <{HAS_PART}> ?part }} UNION {{ ?staged <{IS_VERSION_OF}> ?part }} }} }}"
    )
    return sorted(_iris(client, query, "part") - set(graphs))


def _iris(client: StoreClient, query: str, name: str) -> set[str]:
    return read_iris(client.select(query, name), name, client.addresses.query)
