"""A release takes in statements too many for memory as files, which its store holds too."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, Quad, Store
from tests.release.example_release import CITES, TITLE, count_nothing, example_contents, graph, paper

from medsynth_kg.release import supplement as supplements
from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import SupplementUnreadable
from medsynth_kg.release.manifest import describe_file, write_checksums
from medsynth_kg.release.merging import Backlog
from medsynth_kg.release.reading import Release
from medsynth_kg.release.statements import canonical_quads
from medsynth_kg.release.store import write_store
from medsynth_kg.release.supplement import Supplement
from medsynth_kg.release.verifying import verify_release

CORPUS = graph("corpus")
STATED_TWICE = Quad(paper(1), CITES, paper(2), CORPUS)
"""The papers of the example say the same."""


def works(first: int, last: int) -> list[Quad]:
    title = "with \t tab, \n line end, é and " + "x" * 300
    return [Quad(paper(number), TITLE, Literal(f"{title} {number}"), CORPUS) for number in range(first, last)]


def supplement(directory: Path, *parts: list[Quad]) -> Supplement:
    """Each part in a file of its own."""
    files = {}
    for number, quads in enumerate(parts):
        path = directory / f"part-{number:05d}.nq.gz"
        path.write_bytes(gzip.compress(canonical_quads(quads)))
        files[path] = hashlib.sha256(path.read_bytes()).hexdigest()
    return Supplement(CORPUS, files, sum(map(len, parts)))


@pytest.fixture(scope="module")
def supplemented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release whose supplement is loaded in many pieces."""
    directory = tmp_path_factory.mktemp("supplemented")
    taken_in = supplement(directory, [STATED_TWICE, *works(1000, 1010)], works(2000, 8000))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(supplements, "PIECE", 100_000)
        yield build_release(replace(example_contents(), supplement=taken_in), directory / "releases", count_nothing)


def test_its_statements_are_in_their_graph_and_in_the_union(supplemented: Release) -> None:
    store = Store.read_only(str(supplemented.store))
    stored = set(store.quads_for_pattern(None, None, None, CORPUS))
    assert stored == {STATED_TWICE, *works(1000, 1010), *works(2000, 8000)}
    union = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert union == {quad.triple for quad in store if quad.graph_name != DefaultGraph()}


def test_the_release_is_whole_and_says_what_it_took_in(supplemented: Release) -> None:
    assert verify_release(supplemented.path) == ()
    assert supplemented.manifest.supplement == {CORPUS.value: 6011}
    assert CORPUS.value not in supplemented.manifest.counts["graphs"]
    assert f"<{CORPUS.value}>" in (supplemented.path / "void.ttl").read_text()


def test_its_files_are_dumps(supplemented: Release) -> None:
    listed = [path for path in supplemented.manifest.files if path.startswith("dumps/corpus/")]
    assert listed == ["dumps/corpus/part-00000.nq.gz", "dumps/corpus/part-00001.nq.gz"]
    for path in listed:
        assert describe_file(supplemented.path / path) == supplemented.manifest.files[path]


def test_another_supplement_is_another_release(supplemented: Release, tmp_path: Path) -> None:
    without = build_release(example_contents(), tmp_path / "releases", count_nothing)
    contents = replace(example_contents(), supplement=supplement(tmp_path, works(1000, 1001)))
    other = build_release(contents, tmp_path / "releases", count_nothing)
    assert len({supplemented.id, without.id, other.id}) == 3
    assert without.manifest.supplement == {}


def test_each_piece_waits_for_those_before_it_to_be_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []

    class Watched(Backlog):
        def wait(self) -> None:
            waited.append(self.files)
            super().wait()

    monkeypatch.setattr(supplements, "Backlog", Watched)
    monkeypatch.setattr(supplements, "PIECE", 100_000)
    write_store(tmp_path / "store", (), supplement(tmp_path, works(1, 1000)))
    assert len(waited) == -(-len(canonical_quads(works(1, 1000))) // 100_000)
    assert waited[0] < waited[1]


@pytest.mark.parametrize("lost", [STATED_TWICE, *works(2000, 2001)])
def test_verify_misses_what_the_store_has_lost(lost: Quad, tmp_path: Path) -> None:
    taken_in = supplement(tmp_path, [STATED_TWICE, *works(2000, 2005)])
    release = build_release(replace(example_contents(), supplement=taken_in), tmp_path / "releases", count_nothing)
    store = Store(str(release.store))
    store.remove(lost)
    store.flush()
    del store
    write_checksums(release.path)
    (problem,) = verify_release(release.path)
    assert "has 5 statements in <https://w3id.org/medsynth-kg/graph/corpus>, not 6" in problem


def test_verify_misses_what_the_union_has_lost(tmp_path: Path) -> None:
    contents = replace(example_contents(), supplement=supplement(tmp_path, works(2000, 2005)))
    release = build_release(contents, tmp_path / "releases", count_nothing)
    store = Store(str(release.store))
    store.remove(Quad(*works(2003, 2004)[0].triple))
    store.flush()
    del store
    write_checksums(release.path)
    (problem,) = verify_release(release.path)
    assert "its default graph is not the union" in problem


BROKEN = {
    "no gzip": b"nothing compressed",
    "cut off": gzip.compress(canonical_quads(works(1, 500)))[:-20],
    "no N-Quads": gzip.compress(b"<a> is not\n"),
    "another graph": gzip.compress(canonical_quads([Quad(paper(1), CITES, paper(2), graph("survey"))])),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_and_leaves_no_release(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "part-00000.nq.gz"
    path.write_bytes(BROKEN[kind])
    contents = replace(example_contents(), supplement=Supplement(CORPUS, {path: "0" * 64}, 1))
    with pytest.raises(SupplementUnreadable, match=r"part-00000\.nq\.gz"):
        build_release(contents, tmp_path / "releases", count_nothing)
    assert not [path for path in (tmp_path / "releases").iterdir() if path.name != ".lock"]


def test_the_files_are_in_the_croissant_too(supplemented: Release) -> None:
    described = json.loads((supplemented.path / "croissant.json").read_bytes())["distribution"]
    files = {file["name"]: file["encodingFormat"] for file in described}
    assert files["corpus/part-00001.nq.gz"] == "application/gzip"
    assert [name for name in files if name.startswith("graphs/")] == []
