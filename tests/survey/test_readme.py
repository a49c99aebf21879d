"""A README edited by many hands: every row arrives in its fields, and every doubt is named."""

from collections.abc import Callable

import pytest

from medsynth_kg.survey.mapping import default_mapping
from medsynth_kg.survey.readme import Readme, read_readme
from medsynth_kg.survey.rows import SurveyRow

Readable = Callable[..., str]
LINK = "[P](https://doi.org/10.1000/a)"


def read(text: str) -> Readme:
    return read_readme(text, default_mapping(), "README.md")


def rows(readme: Readme, slug: str = "ecg") -> list[SurveyRow]:
    return [row for table in readme.tables if table.slug == slug for row in table.rows]


def kinds(readme: Readme) -> list[str]:
    return [finding.kind for finding in readme.findings if finding.kind != "table-not-found"]


def table(columns: str, *lines: str) -> str:
    return "\n".join([f"| {columns} |", "|---" * len(columns.split("|")) + "|", *lines, ""])


def test_a_clean_table_gives_its_rows_and_no_findings(ecg: Readable) -> None:
    readme = read(ecg(f"| GAN | x | y | {LINK} | [C](https://github.com/a/b) | U, F | 2023-09 |"))
    (row,) = rows(readme)
    assert (row.type, row.paper, row.evaluation, row.date, row.line) == ("GAN", LINK, "U, F", "2023-09", 6)
    assert kinds(readme) == []


def test_columns_come_in_any_order_under_any_known_name(ecg: Readable) -> None:
    header = "| **Date** | Technology | Paper | GitHub | Metrics | Model Type | Task |\n|---|---|---|---|---|---|---|\n"
    readme = read(ecg(f"| 2023 | y | {LINK} | | F | GAN | x |", header=header))
    (row,) = rows(readme)
    assert (row.type, row.application, row.architecture, row.evaluation, row.date) == ("GAN", "x", "y", "F", "2023")
    assert kinds(readme) == []


@pytest.mark.parametrize("columns", ["Paper | Paper | Type", "Paper | Title | Type"])
def test_of_two_columns_for_papers_the_one_that_holds_papers_is_taken(columns: str) -> None:
    readme = read("# ECG\n" + table(columns, f"| A title | {LINK} | GAN |"))
    assert rows(readme)[0].paper == LINK
    assert kinds(readme) == ["repeated-column"]


def test_a_second_column_of_a_name_is_read_by_what_it_holds() -> None:
    readme = read("# ECG\n" + table("Paper | Date | Date", f"| {LINK} | 2023-09 | U, F |"))
    (row,) = rows(readme)
    assert (row.date, row.evaluation) == ("2023-09", "U, F")
    assert kinds(readme) == ["column-read-by-content"]


def test_a_column_without_a_known_name_is_read_by_what_it_holds_or_left_out() -> None:
    readme = read("# ECG\n" + table("Where | When | Stars", f"| {LINK} | Sep 2023 | 5 |"))
    assert rows(readme)[0].date == "Sep 2023"
    assert kinds(readme) == ["column-read-by-content", "column-read-by-content", "unknown-column"]


def test_ragged_rows_count_and_say_what_was_lost(ecg: Readable) -> None:
    readme = read(ecg(f"| GAN | x | y | {LINK} |", f"| GAN | x | y | {LINK} | | F | 2023 | lost | too |"))
    assert len(rows(readme)) == 2
    assert [(finding.kind, finding.line, finding.value) for finding in readme.findings if finding.line] == [
        ("ragged-row", 6, None),
        ("ragged-row", 7, "lost | too"),
    ]


@pytest.mark.parametrize("architecture", ["A|B", "A | B"])
def test_a_pipe_that_nobody_escaped_does_not_shift_the_row(ecg: Readable, architecture: str) -> None:
    readme = read(ecg(f"| GAN | x | {architecture} | {LINK} | | F | 2023 |"))
    (row,) = rows(readme)
    assert (row.architecture, row.paper, row.date) == (architecture, LINK, "2023")
    assert kinds(readme) == ["unescaped-pipe"]


def test_an_escaped_pipe_is_a_pipe(ecg: Readable) -> None:
    readme = read(ecg(rf"| GAN | x | A \| B | {LINK} | | F | 2023 |"))
    assert rows(readme)[0].architecture == "A | B"
    assert kinds(readme) == []


def test_rows_behind_an_empty_line_are_taken(ecg: Readable) -> None:
    line = f"| GAN | x | y | {LINK} | | F | 2023 |"
    readme = read(ecg(line, "", line))
    assert len(rows(readme)) == 2
    assert kinds(readme) == ["broken-table"]


def test_a_repeated_header_and_empty_lines_are_no_rows(ecg: Readable) -> None:
    header = "| Type | Application | Architecture | Paper Link | Code Link | Evaluation | Date |"
    readme = read(ecg(header, "|---|---|---|---|---|---|---|", "| | | | | | | |"))
    assert rows(readme) == []
    assert kinds(readme) == ["repeated-header", "repeated-header"]


def test_a_table_below_an_unknown_heading_is_taken_under_a_new_name() -> None:
    readme = read("# Wound photographs\n" + table("Paper | Type", f"| {LINK} | GAN |"))
    assert len(rows(readme, "wound-photographs")) == 1
    assert kinds(readme) == ["unknown-heading"]


def test_an_unknown_heading_below_a_known_one_is_taken_there_with_a_notice() -> None:
    readme = read("# Text\n## Dialogues\n" + table("Paper | Type", f"| {LINK} | LLM |"))
    assert len(rows(readme, "text")) == 1
    assert kinds(readme) == ["unknown-heading"]


def test_tables_of_one_subject_in_two_places_are_one_table() -> None:
    text = "# ECG\n" + table("Paper | Type", f"| {LINK} | GAN |") + "\n# More ECG\n" + table("Paper", f"| {LINK} |")
    assert len(rows(read(text))) == 2


def test_the_overview_is_known_to_list_no_papers() -> None:
    assert (
        kinds(read("# Overview\n" + table("**Table Number** | **Category** | **Modality**", "| 1 | Tabular | EHR |")))
        == []
    )


def test_a_table_that_lost_its_papers_is_an_error() -> None:
    (finding,) = (
        finding
        for finding in read("# ECG\n" + table("Type | Application | Date", "| GAN | x | 2023 |")).findings
        if finding.kind != "table-not-found"
    )
    assert (finding.kind, finding.severity) == ("table-without-papers", "error")


def test_invisible_characters_are_taken_out_and_reported(ecg: Readable) -> None:
    readme = read(ecg(f"| GAN\u202e | x\u00a0y | z | {LINK} | | F | 2023 |"))
    assert (rows(readme)[0].type, rows(readme)[0].application) == ("GAN", "x y")
    assert kinds(readme) == ["invisible-characters"]


def test_every_expected_table_is_there_and_the_absent_ones_are_named() -> None:
    readme = read("nothing")
    assert len(readme.tables) == 12
    assert {finding.kind for finding in readme.findings} == {"table-not-found"}


ROWS = [f"| GAN | x | y | [P](https://doi.org/10.1000/{name}) | | F | 2023 |" for name in "abc"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]],
        lambda lines: [*lines[:6], "", lines[6].removeprefix("|"), *lines[7:]],
        lambda lines: [*lines[:6], "", "Some words.", "", *lines[6:]],
        lambda lines: [*lines[:4], "| extra " + lines[4], *lines[5:]],
        lambda lines: [*lines[:4], lines[4].removesuffix("---|"), *lines[5:]],
        lambda lines: [*lines[:4], *lines[5:]],
        lambda lines: [*lines[:7], "### Mammography", "", lines[7]],
        lambda lines: [f"    {line}" if "|" in line else line for line in lines],
        lambda lines: [line.replace(" ", "\u00a0") if "|" in line else line for line in lines],
    ],
)
def test_no_row_is_lost_when_a_table_is_broken(spoil: Callable[[list[str]], list[str]]) -> None:
    header = ["# Survey", "", "### ECG", "| Type | Application | Architecture | Paper | Code | Evaluation | Date |"]
    lines = spoil([*header, "|---|---|---|---|---|---|---|", *ROWS])
    readme = read("\n".join(lines) + "\n")
    papers = [row.paper for one in readme.tables for row in one.rows]
    assert sorted(papers) == [f"[P](https://doi.org/10.1000/{name})" for name in "abc"]
