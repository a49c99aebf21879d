"""Dumps in the usual syntaxes, sorted, so that the same statements always give the same bytes.

Files for triples hold the union of all graphs, files for quads every graph by its name.
"""

import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import Quad, RdfFormat, Triple, serialize

NAME = "medsynth-kg"
NONE: Mapping[str, str] = MappingProxyType({})

TRIPLE_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
QUAD_FORMATS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}


def canonical_quads(quads: Sequence[Quad]) -> bytes:
    """Sorted N-Quads: canonical, since the graph has no blank nodes."""
    lines = to_bytes(set(quads), RdfFormat.N_QUADS).splitlines(keepends=True)
    return b"".join(sorted(lines))


def to_bytes(
    statements: Iterable[Triple] | Iterable[Quad], syntax: RdfFormat, prefixes: Mapping[str, str] = NONE
) -> bytes:
    """Serialise statements in the order given."""
    output = io.BytesIO()
    serialize(statements, output, format=syntax, prefixes=dict(prefixes))
    return output.getvalue()


def write_dumps(directory: Path, quads: Sequence[Quad], prefixes: Mapping[str, str]) -> None:
    """Write every dump, each also compressed with gzip, and one Turtle file a named graph under ``graphs/``."""
    (directory / "graphs").mkdir(parents=True)
    by_graph = sorted(set(quads), key=_by_graph)
    triples = sorted({quad.triple for quad in quads}, key=_by_subject)
    for extension, syntax in TRIPLE_FORMATS.items():
        _write(directory / f"{NAME}.{extension}", to_bytes(triples, syntax, prefixes))
    _write(directory / f"{NAME}.nq", canonical_quads(quads))
    _write(directory / f"{NAME}.trig", to_bytes(by_graph, RdfFormat.TRIG, prefixes))
    for graph, members in groupby(by_graph, key=graph_iri):
        turtle = to_bytes((quad.triple for quad in members), RdfFormat.TURTLE, prefixes)
        (directory / "graphs" / f"{graph.rsplit('/', 1)[1]}.ttl").write_bytes(turtle)


def graph_iri(quad: Quad) -> str:
    """The IRI of a statement's named graph; every statement of ours is in one."""
    return str(quad.graph_name)[1:-1]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, mtime=0))


def _by_graph(quad: Quad) -> tuple[str, str, bool, str, str]:
    return (str(quad.graph_name), *_by_subject(quad.triple))


def _by_subject(triple: Triple) -> tuple[str, bool, str, str]:
    """Sorted by subject, its classes first, as people read them."""
    predicate = triple.predicate.value
    is_type = predicate == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    return (str(triple.subject), not is_type, predicate, str(triple.object))
