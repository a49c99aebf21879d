"""A row becomes an entry wherever it names a paper; every doubt on the way is a finding."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.entries import SurveyEntry, read_entry
from medsynth_kg.survey.findings import Severity
from medsynth_kg.survey.rows import COLUMNS, SurveyRow

Row = Callable[..., SurveyRow]


def entry_of(row: SurveyRow) -> SurveyEntry:
    entry, _ = read_entry(row)
    assert entry is not None
    return entry


def kinds(row: SurveyRow) -> list[str]:
    return [finding.kind for finding in read_entry(row)[1]]


def test_a_clean_row_is_an_entry_without_findings(row: Row) -> None:
    entry, findings = read_entry(row(code="[Code](https://github.com/A/B)"))
    assert entry is not None
    assert entry.paper.local_part == "10.1000/a"
    assert entry.date == "2023-09"
    assert entry.repository is not None
    assert entry.repository.address == "https://github.com/A/B"
    assert findings == ()


def test_a_placeholder_is_no_entry(row: Row) -> None:
    entry, (finding,) = read_entry(
        row(paper="[Paper](https://example.com)", code="[Code ](https://github.com/example)")
    )
    assert entry is None
    assert (finding.kind, finding.severity) == ("placeholder-row", Severity.NOTICE)


@pytest.mark.parametrize(
    "paper", ["", "yes", "[Paper](yes)", "[x](javascript:alert(1))", "https://u:p@doi.org/10.1000/a"]
)
def test_a_row_without_a_paper_is_an_error_with_its_place(row: Row, paper: str) -> None:
    entry, findings = read_entry(row(paper=paper))
    assert entry is None
    assert [(f.kind, f.severity, f.table, f.line, f.column) for f in findings] == [
        ("no-paper", Severity.ERROR, "ecg", 2, "paper")
    ]


@pytest.mark.parametrize(
    "paper", ["https://doi.org/10.1000/a", "10.1000/a", "doi: 10.1000/a", "Doe et al., doi:10.1000/a."]
)
def test_a_paper_needs_no_link_to_be_identified(row: Row, paper: str) -> None:
    assert entry_of(row(paper=paper)).paper.value == "10.1000/a"


def test_two_links_in_a_cell_are_one_paper_named_by_the_first_identifier(row: Row) -> None:
    cell = "[Page](https://www.mdpi.com/1/2/3) [arXiv](https://arxiv.org/abs/2301.00001v2) [DOI](https://doi.org/10.1000/a)"
    entry = entry_of(row(paper=cell))
    assert entry.paper.local_part == "arxiv/2301.00001"
    assert [paper.scheme for paper in entry.other_papers] == ["doi", "page"]
    assert kinds(row(paper=cell)) == ["several-papers-in-cell"]


def test_a_link_that_leads_nowhere_does_not_spoil_the_one_beside_it(row: Row) -> None:
    cell = "[arXiv](https://arxiv.org/abs/2301.00001) [x](https://127.0.0.1/x)"
    assert entry_of(row(paper=cell)).paper.value == "2301.00001"
    assert kinds(row(paper=cell)) == ["unusable-paper-link"]


@pytest.mark.parametrize(
    "address", ["https://www.sciencedirect.com/science/article/abs/pii/S0022073621001850", "https://www.mdpi.com/1/2/3"]
)
def test_a_paper_known_only_by_a_page_is_taken_with_a_notice(row: Row, address: str) -> None:
    assert kinds(row(paper=f"[Paper]({address})")) == ["paper-linked-by-page"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("[Code](yES)", "code-without-address"),
        ("[Code](Original method)", "code-without-address"),
        ("available on request", "code-without-address"),
        ("[Code](https://me.github.io/project)", "code-not-a-repository"),
        ("[Code](https://github.com/someone)", "code-not-a-repository"),
        ("[Code](https://github.com/example)", "placeholder-code"),
        ("[Code](https://example.com/code)", "placeholder-code"),
    ],
)
def test_a_useless_code_link_is_reported_and_its_row_still_counts(row: Row, code: str, kind: str) -> None:
    assert entry_of(row(code=code)).repository is None
    assert kinds(row(code=code)) == [kind]


@pytest.mark.parametrize("code", ["", "-", "N/A", "No"])
def test_no_code_is_no_problem(row: Row, code: str) -> None:
    assert kinds(row(code=code)) == []


def test_a_stray_dot_is_removed_and_reported(row: Row) -> None:
    cell = "[Code](https://github.com/AgaMiko/debiasing-effect-of-gans.)"
    repository = entry_of(row(code=cell)).repository
    assert repository is not None
    assert repository.address == "https://github.com/AgaMiko/debiasing-effect-of-gans"
    assert kinds(row(code=cell)) == ["code-address-corrected"]


def test_the_first_of_several_repositories_is_taken(row: Row) -> None:
    cell = "[a](https://github.com/a/a) [b](https://github.com/b/b)"
    repository = entry_of(row(code=cell)).repository
    assert repository is not None
    assert repository.owner == "a"
    assert kinds(row(code=cell)) == ["several-repositories"]


def test_an_unreadable_date_is_left_out_and_reported(row: Row) -> None:
    assert entry_of(row(date="in press")).date is None
    assert kinds(row(date="in press")) == ["unreadable-date"]


def test_exchanged_cells_are_read_where_they_belong(row: Row) -> None:
    exchanged = row(evaluation="2023-10", date="U, F")
    entry = entry_of(exchanged)
    assert (entry.row.evaluation, entry.row.date, entry.date) == ("U, F", "2023-10", "2023-10")
    assert kinds(exchanged) == ["date-in-wrong-column"]


def test_a_paper_and_its_code_in_each_others_columns_are_both_found(row: Row) -> None:
    exchanged = row(paper="[Code](https://github.com/a/b)", code="[Paper](https://doi.org/10.1000/a)")
    entry = entry_of(exchanged)
    assert entry.paper.value == "10.1000/a"
    assert entry.repository is not None
    assert kinds(exchanged) == ["paper-in-wrong-column"]


@pytest.mark.parametrize("code", ["https://me.github.io/project", "https://zenodo.org/record/123"])
def test_a_project_page_in_the_code_column_is_never_taken_for_the_paper(row: Row, code: str) -> None:
    assert read_entry(row(paper="", code=code))[0] is None


@pytest.mark.parametrize("column", ["type", "application", "architecture", "evaluation", "date"])
def test_an_empty_cell_is_a_notice(row: Row, column: str) -> None:
    (finding,) = read_entry(row(**{column: ""}))[1]
    assert (finding.kind, finding.severity, finding.paper) == (f"missing-{column}", Severity.NOTICE, "10.1000/a")


@given(cells=st.fixed_dictionaries({column: st.text(max_size=60) for column in COLUMNS}))
def test_no_cell_whatsoever_stops_a_row(cells: dict[str, str]) -> None:
    entry, findings = read_entry(SurveyRow(table="ecg", file="survey/ecg.csv", line=7, **cells))
    assert entry is not None or findings
    assert all(finding.line == 7 and finding.advice for finding in findings)


@pytest.mark.parametrize("code", ["github.com/owner/name", "[Code](github.com/owner/name)", "gitlab.com/owner/name"])
def test_a_repository_needs_no_scheme_to_be_known(row: Row, code: str) -> None:
    changed = row(code=code)
    repository = entry_of(changed).repository
    assert repository is not None
    assert (repository.owner, repository.name) == ("owner", "name")
    assert kinds(changed) == []
