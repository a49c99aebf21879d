"""How metadata is kept on disk, and what is said of a file that isn't metadata."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.enrichment.snapshots import (
    canonical_json,
    read_snapshot,
    read_snapshots,
    snapshot_path,
    write_snapshot,
)
from medsynth_kg.records.metadata import Author, Metadata, Source, Venue

SWEDISH = Metadata(
    source=Source.CURATED,
    paper="arxiv/2208.11702",
    retrieved=date(2026, 11, 23),
    title="GAN-based generative modelling",
    authors=(Author(family="Rosén", given="Anna"),),
    venue=Venue(title="arXiv", kind="preprint-server"),
)

TEXTS = st.text(min_size=1, max_size=20)
METADATA = st.builds(
    Metadata,
    source=st.sampled_from(Source),
    paper=st.sampled_from(["10.1000/a", "10.1002/(sici)1097-0258(19980815)17:15", "arxiv/cs/0112017"]),
    retrieved=st.dates(),
    title=st.none() | TEXTS,
    authors=st.lists(st.builds(Author, name=TEXTS), max_size=3).map(tuple),
    venue=st.none() | st.builds(Venue, title=TEXTS),
    version_count=st.none() | st.integers(1, 9),
    withdrawn=st.booleans(),
)


def test_a_snapshot_is_a_small_file_with_sorted_keys_and_nothing_absent(tmp_path: Path) -> None:
    path = write_snapshot(tmp_path, SWEDISH)
    assert path == tmp_path / "curated" / "arxiv%2F2208.11702.json"
    assert path.read_text(encoding="utf-8").splitlines() == [
        "{",
        ' "authors": [',
        "  {",
        '   "family": "Rosén",',
        '   "given": "Anna"',
        "  }",
        " ],",
        ' "paper": "arxiv/2208.11702",',
        ' "retrieved": "2026-11-23",',
        ' "source": "curated",',
        ' "title": "GAN-based generative modelling",',
        ' "venue": {',
        '  "kind": "preprint-server",',
        '  "title": "arXiv"',
        " }",
        "}",
    ]


@given(METADATA)
def test_what_is_written_is_read_back(metadata: Metadata) -> None:
    assert Metadata.model_validate_json(canonical_json(metadata)) == metadata


def test_all_sources_are_read_in_one_order_and_the_tools_own_notes_are_not(tmp_path: Path) -> None:
    written = [
        SWEDISH.model_copy(update={"source": source, "paper": paper})
        for source in (Source.CURATED, Source.ARXIV, Source.CROSSREF)
        for paper in ("10.1000/b", "10.1000/a")
    ]
    for metadata in written:
        write_snapshot(tmp_path, metadata)
    (tmp_path / "crossref" / "_not-found.json").write_text("{}", encoding="utf-8")
    (tmp_path / "crossref" / ".10.1000.unfinished").write_text("{", encoding="utf-8")
    read = [(metadata.source.value, metadata.paper) for metadata in read_snapshots(tmp_path)]
    assert read == sorted((metadata.source.value, metadata.paper) for metadata in written)


def test_without_a_directory_nothing_is_known(tmp_path: Path) -> None:
    assert read_snapshots(tmp_path / "metadata") == ()


def test_writing_again_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_snapshot(tmp_path, SWEDISH)
    path = write_snapshot(tmp_path, SWEDISH.model_copy(update={"title": "Another"}))
    assert read_snapshot(path).title == "Another"
    assert list(tmp_path.rglob("*.*")) == [path]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = write_snapshot(tmp_path, SWEDISH)
    with pytest.raises(UnicodeEncodeError):
        write_snapshot(tmp_path, SWEDISH.model_copy(update={"title": "\ud800"}))
    assert read_snapshot(path) == SWEDISH
    assert list(tmp_path.rglob("*.*")) == [path]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": 3}, "field title: "),
        ({"authors": [{"family": "Li"}, {"fmaily": "Yu"}]}, r"field authors\.1\.fmaily: "),
        ({"retrieved": None}, "field retrieved: "),
        ({"paper": "10.1000/other"}, "fields source and paper say that this file is curated/10.1000%2Fother.json"),
        ({"source": "arxiv"}, "this file is arxiv/arxiv%2F2208.11702.json"),
        ({"paper": "nothing"}, "field paper: 'nothing' is not how"),
        ({"evidence": [{"address": "a README", "shows": "title"}]}, r"field evidence\.0\.address: "),
    ],
)
def test_a_wrong_field_is_named_with_its_file(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = write_snapshot(tmp_path, SWEDISH)
    path.write_text(json.dumps(json.loads(canonical_json(SWEDISH)) | change), encoding="utf-8")
    with pytest.raises(SnapshotError, match=rf"arxiv%2F2208\.11702\.json: .*{message}"):
        read_snapshots(tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"title": "\xff"}'])
def test_a_file_that_is_no_json_object_is_named(tmp_path: Path, content: bytes) -> None:
    path = snapshot_path(tmp_path, Source.CURATED, "10.1000/a")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"curated.10\.1000%2Fa\.json: "):
        read_snapshots(tmp_path)
