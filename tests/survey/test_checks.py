"""Checks of sense find what no single cell shows, and leave alone what a person would wave away."""

from collections.abc import Callable

import pytest

from medsynth_kg.survey.findings import Finding
from medsynth_kg.survey.reading import read_entries
from medsynth_kg.survey.rows import SurveyRow

Row = Callable[..., SurveyRow]


def found(*rows: SurveyRow) -> list[Finding]:
    return list(read_entries(list(rows))[1])


def kinds(*rows: SurveyRow) -> list[str]:
    return [finding.kind for finding in found(*rows)]


@pytest.mark.parametrize(
    ("arxiv_id", "date", "kind"),
    [
        ("2103.00006", "2023-06", ["date-long-after-arxiv-id"]),
        ("2310.03753", "2023-09", ["date-before-arxiv-id"]),
        ("2310.03753", "2022", ["date-before-arxiv-id"]),
        ("2112.03268", "2022-08", []),
        ("2202.00569", "2022-11", []),
        ("2308.13568", "2023-08", []),
        ("2310.03753", "2023", []),
        ("2101.00001", "2023-01", []),
        ("2101.00001", "2023-02", ["date-long-after-arxiv-id"]),
    ],
)
def test_a_date_must_agree_with_the_month_of_the_arxiv_id(row: Row, arxiv_id: str, date: str, kind: list[str]) -> None:
    assert kinds(row(paper=f"[arXiv](https://arxiv.org/abs/{arxiv_id})", date=date)) == kind


def test_two_rows_of_one_paper_that_disagree_are_reported_at_the_second(row: Row) -> None:
    (finding,) = found(row(), row(line=3, type="VAE", date="2022-01"))
    assert (finding.kind, finding.line, finding.column) == ("rows-disagree", 3, "type")
    assert "type, date" in finding.message
    assert "survey/ecg.csv, line 2" in finding.message


def test_a_repeated_row_is_reported(row: Row) -> None:
    assert kinds(row(), row(line=3)) == ["repeated-row"]


def test_one_paper_may_do_different_things_in_different_tables(row: Row) -> None:
    other = row(table="eeg", file="survey/eeg.csv", application="Class-conditional", evaluation="P")
    assert kinds(row(), other) == []


def test_a_repository_of_two_papers_is_reported_at_the_second(row: Row) -> None:
    first = row(code="[Code](https://github.com/a/b)")
    second = row(line=3, paper="[Paper](https://doi.org/10.1000/other)", code="[Code](https://github.com/A/B.git)")
    (finding,) = found(first, second)
    assert (finding.kind, finding.paper) == ("shared-repository", "10.1000/other")
