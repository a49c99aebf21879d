"""The store of a release: its named graphs, and their union as the default graph.

The engine can take the union as it evaluates, but then counts a triple once for each graph that states it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple

from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.freed_memory import return_freed_memory
from medsynth_kg.release.open_files import few_files
from medsynth_kg.release.supplement import Supplement, load_supplement

NO_SUPPLEMENT: Mapping[str, int] = MappingProxyType({})
ENGINE_FILES = 104
"""Files that the engine may open while it writes a store, or reads it through from one end to the other.

It keeps an index of each in memory, and works with no fewer than 96.
"""


def write_store(path: Path, quads: Sequence[Quad], supplement: Supplement | None = None) -> None:
    """Make a store of statements in named graphs; raises as ``load_supplement`` does."""
    with few_files(ENGINE_FILES):
        store = Store(str(path))
    store.bulk_extend(quads)
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    if supplement is not None:
        load_supplement(store, path, supplement)
    store.optimize()
    store.flush()
    del store
    return_freed_memory()


def read_store(path: Path, supplement: Mapping[str, int] = NO_SUPPLEMENT) -> set[Quad]:
    """The statements of a store's named graphs, but for those of a supplement, which are only counted.

    ``supplement`` gives the number of statements that each of its graphs should have, by IRI.

    Raises:
        DamagedRelease: the store can't be opened, has another number of a supplement's statements, or its default graph
            is not the union of the others.
    """
    try:
        with few_files(ENGINE_FILES):
            store = Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # the engine raises the latter where a file is not what it should be
        raise DamagedRelease(path, f"cannot be opened: {error}") from error
    graphs = {NamedNode(iri): count for iri, count in supplement.items()}
    for graph, stated in graphs.items():
        if (found := _count(store, f"GRAPH {graph} {{ ?s ?p ?o }}")) != stated:
            raise DamagedRelease(path, f"has {found:,} statements in {graph}, not {stated:,}")
    own = (graph for graph in store.named_graphs() if graph not in graphs)
    quads = {quad for graph in own for quad in store.quads_for_pattern(None, None, None, graph)}
    triples = {quad.triple for quad in quads}
    if not _has_union(store, triples, graphs):
        raise DamagedRelease(path, "its default graph is not the union of its named graphs")
    return quads


def _has_union(store: Store, triples: set[Triple], supplement: Mapping[NamedNode, int]) -> bool:
    """Whether the default graph has the triples and the supplement's, and no more."""
    if not all(_in(store, triple, DefaultGraph()) for triple in triples):
        return False
    stated_twice = sum(any(_in(store, triple, graph) for graph in supplement) for triple in triples)
    return _count(store, "?s ?p ?o") == len(triples) + sum(supplement.values()) - stated_twice


def _in(store: Store, triple: Triple, graph: NamedNode | DefaultGraph) -> bool:
    return Quad(triple.subject, triple.predicate, triple.object, graph) in store


def _count(store: Store, pattern: str) -> int:
    solutions = cast("QuerySolutions", store.query(f"SELECT (COUNT(*) AS ?count) {{ {pattern} }}"))
    return int(next(solutions)["count"].value)
