"""A table in HTML is not read, and never left out in silence."""

import pytest

from medsynth_kg.survey.html_tables import report_html_tables
from medsynth_kg.survey.mapping import default_mapping
from medsynth_kg.survey.readme import read_readme

ROWS = '<tr><th>Type</th><th>Paper</th></tr>\n<tr><td>GAN</td><td><a href="https://doi.org/10.1000/a">P</a></td></tr>'


def lines(text: str) -> list[int | None]:
    return [finding.line for finding in report_html_tables(text, "README.md")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_html_table_of_entries_is_named_with_its_line(end: str) -> None:
    assert lines(f"### ECG\n\n<table>\n{ROWS}\n</table>\n".replace("\n", end)) == [3]


def test_empty_lines_inside_do_not_hide_it_and_each_table_is_named_once() -> None:
    assert lines(f"<table>\n\n{ROWS}\n\n</table>\n\nText.\n\n<TABLE border=1>{ROWS}</TABLE>\n") == [1, 10]


@pytest.mark.parametrize(
    "text",
    [
        '<table><tr><td><img src="https://a.org/b.png"></td></tr></table>\n',
        f"```\n<table>{ROWS}</table>\n```\n",
        f"<!-- <table>{ROWS}</table> -->\n",
        "No table.\n",
    ],
)
def test_pictures_examples_and_comments_are_no_tables_of_entries(text: str) -> None:
    assert lines(text) == []


def test_the_import_reports_it() -> None:
    readme = read_readme(f"### ECG\n\n<table>{ROWS}</table>\n", default_mapping(), "README.md")
    assert "html-table" in [finding.kind for finding in readme.findings]
