"""The store of a release: its named graphs, and their union as the default graph.

The engine can take the union as it evaluates, but then counts a triple once for each graph that states it.
"""

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

from medsynth_kg.release.errors import DamagedRelease


def write_store(path: Path, quads: Sequence[Quad]) -> None:
    """Make a store of statements in named graphs."""
    store = Store(str(path))
    store.bulk_extend(quads)
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    store.optimize()
    store.flush()


def read_store(path: Path) -> set[Quad]:
    """The statements of a store's named graphs.

    Raises:
        DamagedRelease: the store can't be opened, or its default graph is not the union of the others.
    """
    try:
        stored = set(Store.read_only(str(path)))
    except OSError as error:
        raise DamagedRelease(path, f"cannot be opened: {error}") from error
    quads = {quad for quad in stored if quad.graph_name != DefaultGraph()}
    if {quad.triple for quad in quads} != {quad.triple for quad in stored - quads}:
        raise DamagedRelease(path, "its default graph is not the union of its named graphs")
    return quads
