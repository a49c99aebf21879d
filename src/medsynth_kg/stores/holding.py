"""Which release a store holds, by what ``push`` wrote there last."""

from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release, open_release, release_directories
from medsynth_kg.stores.client import StoreClient
from medsynth_kg.stores.errors import CountsDiffer, HeldReleaseMissing, NothingHeld

IDENTIFIER = "http://purl.org/dc/terms/identifier"
HAS_PART = "http://purl.org/dc/terms/hasPart"
IS_VERSION_OF = "http://purl.org/dc/terms/isVersionOf"
RUN = "http://www.w3.org/ns/prov#wasGeneratedBy"
"""What a store says of itself: which release it holds, of which graphs, which graphs are staged for which, and which
run of ``push`` was the last to begin."""

_TIMES_TO_COUNT = 3
"""How often a store is counted that another release is pushed to each time."""


def state_graph(base_iri: str) -> str:
    """The graph in which a store says which release it holds."""
    return f"{base_iri}graph/push"


def union_graph(base_iri: str) -> str:
    """The graph that has each triple of the release once."""
    return f"{base_iri}graph/union"


def named_graphs(release: Release) -> dict[str, int]:
    """How many triples each named graph of a release has, those of its supplement too."""
    return {**release.manifest.counts["graphs"], **release.manifest.supplement}


def graph_counts(release: Release) -> dict[str, int]:
    """How many triples each graph has in a store that holds a release; raises ``DamagedRelease``."""
    union = release.manifest.counts["triples"] + _added_by_supplement(release)
    return {**named_graphs(release), union_graph(release.manifest.base_iri): union}


def _added_by_supplement(release: Release) -> int:
    """How many triples the union has from the supplement alone, which the manifest does not say."""
    supplement = release.manifest.supplement
    if not supplement:
        return 0
    return sum(supplement.values()) - _stated_twice(
        release.store, tuple(release.manifest.counts["graphs"]), tuple(supplement)
    )


@lru_cache(maxsize=8)  # a release never changes, and a server counts again every few minutes
def _stated_twice(path: Path, graphs: tuple[str, ...], supplement: tuple[str, ...]) -> int:
    """How many triples are stated both in a release's own graphs and in those of its supplement.

    They are looked up one by one, from the side that is small, since a corpus may have many millions.
    """
    others = [NamedNode(iri) for iri in supplement]
    try:
        store = Store.read_only(str(path))
        stated_twice = {
            quad.triple
            for graph in graphs
            for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
            if any(Quad(quad.subject, quad.predicate, quad.object, other) in store for other in others)
        }
    except (OSError, RuntimeError) as error:  # the engine raises the latter where a file is not what it should be
        raise DamagedRelease(path, f"cannot be read: {error}") from error
    return len(stated_twice)


def held_release_id(client: StoreClient, base_iri: str) -> str | None:
    """The id of the release that the store holds; None where it holds none, or more than one says that it is there.

    Raises:
        StoreUnreachable: the store does not answer.
        StoreRefused: it takes no queries from this user, or not at this address.
    """
    query = f"SELECT ?id WHERE {{ GRAPH <{state_graph(base_iri)}> {{ ?graph <{IDENTIFIER}> ?id }} }}"
    found = [row["id"] for row in client.select(query, "id")]
    return found[0] if len(found) == 1 else None


def check_counts(client: StoreClient, release: Release) -> None:
    """Count each graph of a release in a store.

    Raises:
        CountsDiffer: a graph has another number of triples there.
        DamagedRelease: the release can't be read here.
        StoreUnreachable: the store does not answer.
        StoreRefused: it takes no queries from this user, or not at this address.
    """
    for graph, expected in graph_counts(release).items():
        found = client.count(graph, expected)
        if found != expected:
            raise CountsDiffer(graph, found, expected)


def find_held_release(
    client: StoreClient, base_iri: str, releases: Path, times_to_count: int = _TIMES_TO_COUNT
) -> Release:
    """Open the release that a store holds, from a directory of releases, and count its graphs in the store.

    Raises:
        NothingHeld: the store holds none.
        HeldReleaseMissing: it is not in the directory.
        DamagedRelease: it is there, but not whole.
        CountsDiffer: the store has not all of it, or more.
        StoreUnreachable: the store does not answer.
        StoreRefused: it takes no queries from this user, or not at this address.
    """
    address = client.addresses.query
    held = held_release_id(client, base_iri)
    if held is None:
        raise NothingHeld(address)
    path = next((path for path in release_directories(releases) if path.name == held), None)
    if path is None:
        raise HeldReleaseMissing(address, held, releases)
    release = open_release(path)
    try:
        check_counts(client, release)
    except CountsDiffer:
        # A push may have put another release into its place meanwhile, whose graphs were counted then.
        if times_to_count == 1 or held_release_id(client, base_iri) == held:
            raise
        return find_held_release(client, base_iri, releases, times_to_count - 1)
    return release
