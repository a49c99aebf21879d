import datetime
from pathlib import Path

import pytest

from medsynth_kg.enrichment.checks import Check, CheckLog
from medsynth_kg.records.metadata import Source

TODAY = datetime.date(2026, 11, 23)


def test_a_check_is_remembered_by_the_next_run(tmp_path: Path) -> None:
    with CheckLog(tmp_path / "log", TODAY) as log:
        log.note(Source.CROSSREF, "10.1000/a", found=False)
        log.finish()
    with CheckLog(tmp_path / "log", TODAY + datetime.timedelta(days=9)) as log:
        check = Check(source=Source.CROSSREF, identifier="10.1000/a", date=TODAY, found=False)
        assert log.last(Source.CROSSREF, "10.1000/a") == check
        assert log.last(Source.ARXIV, "10.1000/a") is None
        assert not log.is_of_interrupted_run(check)


def test_checks_after_the_last_finished_run_belong_to_an_interrupted_one(tmp_path: Path) -> None:
    with CheckLog(tmp_path / "log", TODAY) as log:
        log.note(Source.ARXIV, "2308.13568", found=True)
    for _ in range(2):
        with CheckLog(tmp_path / "log", TODAY) as log:
            check = log.last(Source.ARXIV, "2308.13568")
            assert check is not None
            assert log.is_of_interrupted_run(check)


def test_an_interrupted_run_is_not_continued_days_later(tmp_path: Path) -> None:
    with CheckLog(tmp_path / "log", TODAY) as log:
        log.note(Source.ARXIV, "2308.13568", found=True)
    with CheckLog(tmp_path / "log", TODAY + datetime.timedelta(days=2)) as log:
        check = log.last(Source.ARXIV, "2308.13568")
        assert check is not None
        assert not log.is_of_interrupted_run(check)


@pytest.mark.parametrize("damage", [b'{"source":"crossref","ident', b"\xff\xfe\n", b"[]\n", b"\x00" * 9])
def test_a_damaged_line_is_dropped_and_the_others_stay(tmp_path: Path, damage: bytes) -> None:
    with CheckLog(tmp_path / "log", TODAY) as log:
        log.note(Source.CROSSREF, "10.1000/a", found=True)
    with (tmp_path / "log").open("ab") as file:
        file.write(damage)
    with CheckLog(tmp_path / "log", TODAY) as log:
        log.note(Source.CROSSREF, "10.1000/b", found=True)
    with CheckLog(tmp_path / "log", TODAY) as log:
        assert log.last(Source.CROSSREF, "10.1000/a") is not None
        assert log.last(Source.CROSSREF, "10.1000/b") is not None


def test_the_log_does_not_grow_with_repeated_checks(tmp_path: Path) -> None:
    for _ in range(5):
        with CheckLog(tmp_path / "log", TODAY) as log:
            log.note(Source.CROSSREF, "10.1000/a", found=True)
            log.finish()
    assert len((tmp_path / "log").read_text().splitlines()) <= 4
