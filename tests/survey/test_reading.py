"""The survey directory is read whole: a broken table is a finding and the others still count."""

from collections.abc import Callable
from pathlib import Path

import pytest

from medsynth_kg.survey.errors import SurveyFileError
from medsynth_kg.survey.importing import ImportReport
from medsynth_kg.survey.reading import read_survey

Import = Callable[..., ImportReport]
HEADER = "type,application,architecture,modality,paper,code,evaluation,date\n"
ROW = "GAN,x,y,,https://doi.org/10.1000/a,,F,2023\n"


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    (tmp_path / "survey").mkdir()
    return tmp_path / "survey"


def test_tables_come_in_the_surveys_order_with_their_titles(survey: Path) -> None:
    for slug in ("zebra", "text", "ecg"):
        (survey / f"{slug}.csv").write_text(HEADER, encoding="utf-8")
    tables = read_survey(survey.parent).tables
    assert [(table.slug, table.file) for table in tables] == [
        ("ecg", "survey/ecg.csv"),
        ("text", "survey/text.csv"),
        ("zebra", "survey/zebra.csv"),
    ]
    assert tables[0].title == "Electrocardiogram (ECG)"


def test_entries_are_read_from_every_table(survey: Path) -> None:
    for slug in ("ecg", "eeg"):
        (survey / f"{slug}.csv").write_text(HEADER + ROW, encoding="utf-8")
    read = read_survey(survey.parent)
    assert [(entry.row.table, entry.paper.value) for entry in read.entries] == [
        ("ecg", "10.1000/a"),
        ("eeg", "10.1000/a"),
    ]
    assert len(read.rows) == 2


def test_a_broken_table_is_an_error_among_the_findings(survey: Path) -> None:
    (survey / "ecg.csv").write_bytes(b"paper\n\xff\n")
    (survey / "eeg.csv").write_text(HEADER + ROW, encoding="utf-8")
    (survey / "Bad Name.csv").write_text(HEADER + ROW, encoding="utf-8")
    read = read_survey(survey.parent)
    assert [entry.row.table for entry in read.entries] == ["eeg"]
    assert [(finding.kind, finding.file) for finding in read.findings] == [
        ("table-misnamed", "survey/Bad Name.csv"),
        ("file-unreadable", "survey/ecg.csv"),
    ]
    assert str(survey.parent) not in "".join(finding.message for finding in read.findings)


def test_findings_of_the_last_import_are_included(run_import: Import, ecg: Callable[..., str], tmp_path: Path) -> None:
    run_import(ecg("| GAN | x | y | [P](https://doi.org/10.1000/a) | | F | 2023 | extra |"))
    assert "ragged-row" in [finding.kind for finding in read_survey(tmp_path).findings]


def test_a_broken_state_of_the_last_import_does_not_hide_the_survey(survey: Path) -> None:
    (survey / "ecg.csv").write_text(HEADER + ROW, encoding="utf-8")
    (survey / "last-import.json").write_text("{", encoding="utf-8")
    read = read_survey(survey.parent)
    assert len(read.entries) == 1
    assert [finding.kind for finding in read.findings] == ["file-unreadable"]


def test_a_missing_directory_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SurveyFileError, match="import a survey first"):
        read_survey(tmp_path)
