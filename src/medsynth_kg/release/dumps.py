"""Dumps in the usual syntaxes, sorted, so that the same statements always give the same bytes.

Files for triples hold the union of all graphs, files for quads every graph by its name.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse

from medsynth_kg.release.compression import COMPRESS, decompress
from medsynth_kg.release.errors import DamagedRelease, NotCompressed
from medsynth_kg.release.statements import canonical_quads, graph_iri, to_bytes
from medsynth_kg.release.turtle import write_trig, write_turtle

NAME = "medsynth-kg"

GRAPH_SYNTAXES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""The syntaxes, by file name extension, of the dumps that hold the union of all graphs."""

DATASET_SYNTAXES = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
"""The syntaxes of the dumps that hold every graph by its name."""


def write_dumps(directory: Path, quads: Iterable[Quad], prefixes: Mapping[str, str]) -> None:
    """Write every dump, each also compressed, and one Turtle file a named graph under ``graphs/``."""
    (directory / "graphs").mkdir(parents=True)
    distinct = set(quads)
    triples = sorted({quad.triple for quad in distinct}, key=str)
    for extension, syntax in GRAPH_SYNTAXES.items():
        _write(directory / f"{NAME}.{extension}", _graph_content(triples, syntax, prefixes))
    _write(directory / f"{NAME}.nq", canonical_quads(distinct))
    _write(directory / f"{NAME}.trig", write_trig(distinct, prefixes))
    for graph, members in groupby(sorted(distinct, key=graph_iri), key=graph_iri):
        turtle = write_turtle((quad.triple for quad in members), prefixes)
        (directory / "graphs" / f"{graph_name(graph)}.ttl").write_bytes(turtle)


def graph_name(graph: str) -> str:
    """The last part of a named graph's IRI, which names its file."""
    return graph.rsplit("/", 1)[1]


def read_lines(dumps: Path) -> list[bytes]:
    """The lines of the N-Quads in a directory of dumps, a statement each, without their ends.

    Raises:
        DamagedRelease: the file is missing or can't be read.
    """
    path = dumps / f"{NAME}.nq"
    try:
        return path.read_bytes().split(b"\n")
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error


def parse_lines(dumps: Path, lines: Iterable[bytes]) -> set[Quad]:
    """The statements of some of those lines.

    Raises:
        DamagedRelease: one of them is not N-Quads.
    """
    try:
        return set(parse(b"\n".join(sorted(lines)), format=RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise DamagedRelease(dumps / f"{NAME}.nq", f"cannot be parsed: {error.msg}") from error


def compare_dumps(dumps: Path, quads: set[Quad]) -> tuple[str, ...]:
    """How the dumps differ from the statements that they should hold, one line for each file that does.

    Compressed dumps are compared with the plain ones; the files of single graphs are left to their checksums.
    """
    triples = {quad.triple for quad in quads}
    problems: list[str] = []
    for extension, syntax in (GRAPH_SYNTAXES | DATASET_SYNTAXES).items():
        path = dumps / f"{NAME}.{extension}"
        try:
            read = _parse(path, syntax)
        except DamagedRelease as error:
            problems.append(str(error))
        else:
            differing = quads ^ set(read) if extension in DATASET_SYNTAXES else triples ^ {quad.triple for quad in read}
            if differing:
                problems.append(f"{path}: differs from the store in {len(differing)} statements")
            problems += _compare_compressed(path)
    return tuple(problems)


def _compare_compressed(path: Path) -> list[str]:
    plain = path.read_bytes()
    problems: list[str] = []
    for extension in COMPRESS:
        compressed = path.with_name(f"{path.name}.{extension}")
        try:
            unpacked = decompress(compressed.read_bytes(), extension)
        except OSError as error:
            problems.append(f"{compressed}: {error.strerror or 'cannot be read'}")
        except NotCompressed as error:
            problems.append(f"{compressed}: {error}")
        else:
            if unpacked != plain:
                problems.append(f"{compressed}: does not unpack to {path.name}")
    return problems


def _parse(path: Path, syntax: RdfFormat) -> tuple[Quad, ...]:
    try:
        return tuple(parse(path=str(path), format=syntax))
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error
    except SyntaxError as error:
        raise DamagedRelease(path, f"cannot be parsed: {error.msg}") from error


def _graph_content(triples: Sequence[Triple], syntax: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    if syntax == RdfFormat.TURTLE:
        return write_turtle(triples, prefixes)
    content = to_bytes(triples, syntax, prefixes)
    if syntax == RdfFormat.JSON_LD:
        return json.dumps(json.loads(content), indent=1, ensure_ascii=False).encode() + b"\n"
    return content


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for extension, compress in COMPRESS.items():
        path.with_name(f"{path.name}.{extension}").write_bytes(compress(content))
