import gzip
import json
from pathlib import Path

import pytest
import rdflib
import zstandard
from pyoxigraph import Quad, RdfFormat, Triple, parse
from tests.release.example_release import PREFIXES, example_quads, read_quads

from medsynth_kg.release.dumps import DATASET_SYNTAXES, GRAPH_SYNTAXES, compare_dumps, write_dumps
from medsynth_kg.release.reading import Release
from medsynth_kg.release.store import read_store

PARSING_WARNS = pytest.mark.filterwarnings(
    "ignore:Dataset.*is deprecated:DeprecationWarning",  # rdflib 7.6 calls its own deprecated attributes
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
)
RDFLIB_FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}


def stored_quads(release: Release) -> set[Quad]:
    return read_store(release.store)


def as_rdflib_sees(triples: set[Triple]) -> set[tuple[rdflib.term.Node, ...]]:
    graph = rdflib.Graph()
    graph.parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    return set(graph)


@pytest.mark.parametrize(("extension", "syntax"), GRAPH_SYNTAXES.items())
def test_every_dump_of_triples_holds_the_union_of_all_graphs(
    release: Release, extension: str, syntax: RdfFormat
) -> None:
    dump = release.dumps / f"medsynth-kg.{extension}"

    read = [quad.triple for quad in parse(path=str(dump), format=syntax)]

    assert set(read) == {quad.triple for quad in stored_quads(release)}
    assert len(read) == len(set(read))


@pytest.mark.parametrize(("extension", "syntax"), DATASET_SYNTAXES.items())
def test_every_dump_of_quads_holds_every_graph(release: Release, extension: str, syntax: RdfFormat) -> None:
    dump = release.dumps / f"medsynth-kg.{extension}"

    assert set(parse(path=str(dump), format=syntax)) == stored_quads(release)


@PARSING_WARNS
@pytest.mark.parametrize(("extension", "name"), RDFLIB_FORMATS.items())
def test_rdflib_reads_the_same_triples_from_every_dump(release: Release, extension: str, name: str) -> None:
    content = (release.dumps / f"medsynth-kg.{extension}").read_text(encoding="utf-8")
    read = rdflib.Graph().parse(data=content, format=name)

    assert set(read) == as_rdflib_sees({quad.triple for quad in stored_quads(release)})


@PARSING_WARNS
@pytest.mark.parametrize(("extension", "name"), [("nq", "nquads"), ("trig", "trig")])
def test_rdflib_reads_as_many_quads(release: Release, extension: str, name: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=(release.dumps / f"medsynth-kg.{extension}").read_text(encoding="utf-8"), format=name)

    assert len(set(dataset.quads())) == len(stored_quads(release))


def test_a_turtle_file_holds_each_graph(release: Release) -> None:
    quads = stored_quads(release)
    files = {path.stem: path for path in (release.dumps / "graphs").iterdir()}

    assert set(files) == {"curated", "links", "release", "survey", "vocabulary"}
    for name, path in files.items():
        expected = {quad.triple for quad in quads if str(quad.graph_name).endswith(f"/{name}>")}
        assert {quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)} == expected


def test_compressed_dumps_unpack_to_the_plain_ones(release: Release) -> None:
    gzipped, zstandards = sorted(release.dumps.glob("*.gz")), sorted(release.dumps.glob("*.zst"))

    assert len(gzipped) == len(zstandards) == 6
    for path in gzipped:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
    for path in zstandards:
        assert zstandard.ZstdDecompressor().decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_a_dump_that_lacks_a_compressed_form_is_named(copied_release: Release) -> None:
    (copied_release.dumps / "medsynth-kg.nt.zst").unlink()
    (copied_release.dumps / "medsynth-kg.ttl.gz").write_bytes(b"plain")

    problems = compare_dumps(copied_release.dumps, read_quads(copied_release.dumps))

    assert [problem.split(": ")[0] for problem in problems] == [
        str(copied_release.dumps / "medsynth-kg.ttl.gz"),
        str(copied_release.dumps / "medsynth-kg.nt.zst"),
    ]


def test_n_quads_are_sorted_bytewise(release: Release) -> None:
    lines = (release.dumps / "medsynth-kg.nq").read_bytes().splitlines()

    assert lines == sorted(lines)


def test_the_order_of_the_statements_does_not_matter(tmp_path: Path) -> None:
    quads = example_quads(5, "Hearts")

    write_dumps(tmp_path / "one", quads, PREFIXES)
    write_dumps(tmp_path / "two", [*reversed(quads), *quads], dict(reversed(PREFIXES.items())))

    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert len(files) == 22
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_json_ld_has_one_object_a_subject(release: Release) -> None:
    objects = json.loads((release.dumps / "medsynth-kg.jsonld").read_bytes())

    identifiers = [each["@id"] for each in objects]
    assert len(identifiers) == len(set(identifiers))


def test_a_dump_that_lacks_a_statement_is_named(copied_release: Release) -> None:
    dump = copied_release.dumps / "medsynth-kg.nt"
    dump.write_bytes(b"".join(dump.read_bytes().splitlines(keepends=True)[1:]))

    problems = compare_dumps(copied_release.dumps, read_quads(copied_release.dumps))

    assert problems == (
        f"{dump}: differs from the store in 1 statements",
        f"{dump}.gz: does not unpack to medsynth-kg.nt",
        f"{dump}.zst: does not unpack to medsynth-kg.nt",
    )


def test_a_dump_that_is_no_rdf_is_named(copied_release: Release) -> None:
    dump = copied_release.dumps / "medsynth-kg.ttl"
    dump.write_text("@prefix", encoding="utf-8")

    (problem,) = compare_dumps(copied_release.dumps, read_quads(copied_release.dumps))

    assert problem.startswith(f"{dump}: cannot be parsed: ")
