import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medsynth_kg.corpus import steps
from medsynth_kg.corpus.bulk_files import Piece, read_bulk_file
from medsynth_kg.corpus.errors import BulkFileUnreadable
from medsynth_kg.corpus.job import BulkFile, Job, rejected_name, step_name
from medsynth_kg.corpus.mapping import Mapper
from medsynth_kg.corpus.selection import Neighbourhood, Relation, Selection
from medsynth_kg.corpus.steps import MappedFile, RecordCounts, map_step, scan_step
from medsynth_kg.identifiers.paper import PaperIdentifier

FIFTY = "10.5555/bulk.50"


def test_every_record_is_counted_once_and_broken_ones_are_set_aside_with_their_reasons(
    job: Job, bulk_file: BulkFile, tmp_path: Path
) -> None:
    mapped = map_step(job, tmp_path, Neighbourhood(), bulk_file)
    assert mapped.counts == RecordCounts(records=1000, malformed=10, mapped=990)
    blocks = gzip.decompress((tmp_path / "mapped" / f"{step_name(bulk_file)}.txt.gz").read_bytes())
    assert mapped.blocks == len(blocks.splitlines())
    lines = (tmp_path / "rejected" / rejected_name(bulk_file)).read_text(encoding="utf-8").splitlines()
    rejections = [json.loads(line) for line in lines]
    assert [rejection["position"] for rejection in rejections] == list(range(100, 1001, 100))
    assert all(rejection["file"] == bulk_file.name and rejection["reason"] for rejection in rejections)


def test_a_step_that_left_its_record_is_not_done_again(job: Job, bulk_file: BulkFile, tmp_path: Path) -> None:
    first = map_step(job, tmp_path, Neighbourhood(), bulk_file)
    mapped = tmp_path / "mapped" / f"{step_name(bulk_file)}.txt.gz"
    mapped.unlink()
    assert map_step(job, tmp_path, Neighbourhood(), bulk_file) == first
    assert not mapped.exists()


def test_a_step_writes_the_same_bytes_each_time(job: Job, bulk_file: BulkFile, tmp_path: Path) -> None:
    for place in ("one", "other"):
        map_step(job, tmp_path / place, Neighbourhood(), bulk_file)
    name = f"mapped/{step_name(bulk_file)}.txt.gz"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize("broken", [0, 10])
def test_two_attempts_at_one_file_at_once_both_end_with_the_same(
    broken: int, job: Job, bulk_file: BulkFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark tries a task again that it takes for lost, and a killed run's workers live on for a moment."""

    def overtaken(path: Path) -> Iterator[Piece]:
        monkeypatch.undo()
        pieces = [piece for piece in read_bulk_file(path) if broken or piece.position % 100]
        monkeypatch.setattr(steps, "read_bulk_file", lambda _path: iter(pieces))
        attempts.append(map_step(job, tmp_path, Neighbourhood(), bulk_file))
        yield from pieces

    attempts: list[MappedFile] = []
    monkeypatch.setattr(steps, "read_bulk_file", overtaken)
    attempts.append(map_step(job, tmp_path, Neighbourhood(), bulk_file))
    assert attempts[0] == attempts[1]
    assert attempts[0].counts.malformed == broken
    rejected = tmp_path / "rejected" / rejected_name(bulk_file)
    assert (len(rejected.read_text(encoding="utf-8").splitlines()) if rejected.exists() else 0) == broken
    assert list(tmp_path.rglob(".*")) == []


def test_an_attempt_that_breaks_off_leaves_what_another_has_set_aside(
    job: Job, bulk_file: BulkFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish_first(*arguments: Any) -> Mapper:
        monkeypatch.undo()
        map_step(job, tmp_path, Neighbourhood(), bulk_file)
        monkeypatch.setattr(steps, "read_bulk_file", break_off)
        return Mapper(*arguments)

    def break_off(_path: Path) -> Iterator[Piece]:
        raise BulkFileUnreadable(bulk_file.path, "is gone")

    monkeypatch.setattr(steps, "Mapper", finish_first)
    with pytest.raises(BulkFileUnreadable):
        map_step(job, tmp_path, Neighbourhood(), bulk_file)
    rejected = tmp_path / "rejected" / rejected_name(bulk_file)
    assert len(rejected.read_text(encoding="utf-8").splitlines()) == 10


def test_a_scan_finds_what_the_surveyed_papers_cite(job: Job, bulk_file: BulkFile, tmp_path: Path) -> None:
    surveyed = {FIFTY: PaperIdentifier(scheme="doi", value=FIFTY)}
    found = scan_step(job.model_copy(update={"surveyed": surveyed}), tmp_path, bulk_file)
    assert found.surveyed == {FIFTY}
    assert "10.3390/s23198328" in found.cited
    only_cited = Selection(relations=frozenset({Relation.REFERENCES}))
    counts = map_step(job.model_copy(update={"selection": only_cited}), tmp_path, found, bulk_file).counts
    in_bulk = sum(doi.startswith("10.5555/bulk.") for doi in found.cited)
    assert counts.mapped == in_bulk
    assert counts.records == counts.mapped + counts.not_chosen + counts.malformed


def test_jobs_differ_where_their_settings_do(job: Job) -> None:
    others = [
        job.model_copy(update={"parts": 3}),
        job.model_copy(update={"selection": Selection(terms=("ECG",))}),
        job.model_copy(update={"known": Neighbourhood(cited=frozenset({"10.5555/a"}))}),
    ]
    assert len({known.fingerprint for known in (job, *others)}) == 4
