"""The survey as it is shipped: what a person counts by hand in its tables."""

from collections import Counter
from pathlib import Path

import pytest

from medsynth_kg.survey.csv_files import table_csv
from medsynth_kg.survey.reading import Survey, read_survey

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(DATA)


def test_it_has_twelve_tables_and_41_entries_of_41_papers(survey: Survey) -> None:
    assert len(survey.tables) == 12
    assert Counter(entry.row.table for entry in survey.entries) == {"ecg": 23, "eeg": 7, "dermoscopy": 11}
    assert len({entry.paper for entry in survey.entries}) == 41


def test_16_entries_have_a_usable_repository(survey: Survey) -> None:
    assert len({entry.repository.address for entry in survey.entries if entry.repository}) == 16


def test_every_entry_has_a_month(survey: Survey) -> None:
    assert all(entry.date and len(entry.date) == len("2023-09") for entry in survey.entries)


def test_its_real_errors_are_found_and_nothing_else(survey: Survey) -> None:
    found = {(finding.kind, finding.value) for finding in survey.findings if finding.kind != "placeholder-row"}
    assert found == {
        ("code-without-address", "[Code](yES)"),
        ("code-without-address", "[Code](Original method)"),
        ("code-address-corrected", "[Code](https://github.com/AgaMiko/debiasing-effect-of-gans.)"),
        (
            "paper-linked-by-page",
            "[Paper](https://www.sciencedirect.com/science/article/abs/pii/S0022073621001850)",
        ),
        ("date-long-after-arxiv-id", "2023-06"),
        ("date-before-arxiv-id", "2023-09"),
        ("evaluation-not-in-legend", "U"),
        ("evaluation-not-in-legend", "Q"),
    }


def test_its_ten_placeholders_are_named(survey: Survey) -> None:
    placeholders = [finding.table for finding in survey.findings if finding.kind == "placeholder-row"]
    assert len(placeholders) == 10
    assert placeholders.count("ehr") == 2


def test_the_letters_that_the_legend_misses_are_counted_right(survey: Survey) -> None:
    letters = [set(entry.row.evaluation.replace(" ", "").split(",")) for entry in survey.entries]
    uses = {letter: sum(letter in used for used in letters) for letter in "UQ"}
    messages = {
        finding.value: finding.message for finding in survey.findings if finding.kind == "evaluation-not-in-legend"
    }
    for letter, count in uses.items():
        assert f"{count} rows" in messages[letter]


def test_its_files_are_canonical(survey: Survey) -> None:
    for table in survey.tables:
        rows = [row for row in survey.rows if row.table == table.slug]
        assert (DATA / table.file).read_text(encoding="utf-8") == table_csv(rows)
