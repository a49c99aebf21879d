"""Tables are found wherever GitHub Flavored Markdown has them, and where their authors meant them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from medsynth_kg.survey.markdown import RawTable, read_tables, split_cells

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"


def only_table(text: str) -> RawTable:
    (table,) = read_tables(text)
    return table


def cells(table: RawTable) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in row.cells) for row in table.rows]


@pytest.mark.parametrize("before", ["", "# H\n", "# H\n\n", "text\n", "- item\n\n", "***\n", "\ufeff".strip("\ufeff")])
@pytest.mark.parametrize("after", ["", "\n", "\n# Next\n", "# Next\n", "---\n", "> quote\n"])
def test_blank_lines_around_a_table_do_not_matter(before: str, after: str) -> None:
    assert cells(only_table(before + TABLE + after)) == [("1", "2")]


@pytest.mark.parametrize("prefix", ["> ", "  ", "   "])
def test_a_table_may_be_quoted_or_indented(prefix: str) -> None:
    assert cells(only_table("".join(f"{prefix}{line}\n" for line in TABLE.splitlines()))) == [("1", "2")]


def test_a_table_may_be_in_a_list() -> None:
    assert cells(only_table("- | a | b |\n  |---|---|\n  | 1 | 2 |\n")) == [("1", "2")]


def test_lines_are_counted_from_one() -> None:
    table = only_table("# H\r\n\r\n" + TABLE.replace("\n", "\r\n"))
    assert (table.line, table.rows[0].line) == (3, 5)


def test_headings_are_known_from_the_nearest_outwards() -> None:
    text = f"# Survey\n## Signals\n### EEG\n## Images\n### **CT**\n\n**Low dose**\n\n{TABLE}"
    assert only_table(text).headings == ("**Low dose**", "**CT**", "Images", "Survey")


@pytest.mark.parametrize("heading", ["<h3>ECG</h3>\n\n", "<details><summary>ECG</summary>\n\n", "ECG\n---\n\n"])
def test_headings_may_be_html_or_underlined(heading: str) -> None:
    assert only_table(heading + TABLE).headings == ("ECG",)


def test_a_table_in_a_code_block_or_a_comment_is_no_table() -> None:
    assert read_tables(f"```\n{TABLE}```\n\n<!--\n{TABLE}-->\n") == ()


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        (f"<details>\n{TABLE}</details>\n", "HTML"),
        ("    " + TABLE.replace("\n", "\n    "), "code"),
        ("| a | b |\n|---|\n| 1 | 2 |\n", "delimiter row"),
        ("| a | b |\n|---|--\u00a0|\n| 1 | 2 |\n", "delimiter row"),
        ("| a | b |\n| 1 | 2 |\n", "no delimiter row"),
    ],
)
def test_a_broken_table_is_read_and_says_what_is_broken(text: str, repair: str) -> None:
    table = only_table(text)
    assert cells(table) == [("1", "2")]
    assert repair in str(table.repair)


def test_rows_after_an_empty_line_continue_the_table() -> None:
    first, second = read_tables(TABLE + "\n| 3 | 4 |\n")
    assert cells(second) == [("3", "4")]
    assert (second.header, second.continues, first.continues) == (first.header, True, False)


def test_rows_below_another_heading_continue_nothing() -> None:
    assert len(read_tables(TABLE + "\n# H\n\n| 3 | 4 |\n")) == 1


def test_text_directly_below_a_table_is_no_row() -> None:
    table = only_table(TABLE + "A note.\n")
    assert cells(table) == [("1", "2")]
    assert [(note.line, note.cells) for note in table.notes] == [(4, ("A note.",))]


def test_reference_links_are_written_out() -> None:
    table = only_table(
        "| a | b | c |\n|---|---|---|\n| [P][1] | [Code] | [x](y) |\n\n[1]: https://a.bc/1\n[code]: https://a.bc/2\n"
    )
    assert cells(table) == [("[P](https://a.bc/1)", "[Code](https://a.bc/2)", "[x](y)")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        (r"| a \| b | c |", ["a | b", "c"]),
        ("| a | | b", ["a", "", "b"]),
        ("| a || |", ["a", "", ""]),
        ("||", [""]),
        ("", [""]),
    ],
)
def test_splits_a_line_at_its_pipes(line: str, expected: list[str]) -> None:
    assert [cell.strip() for cell in split_cells(line)] == expected


@given(row=st.lists(st.text(alphabet=r"ab\|*`[]", min_size=1, max_size=8), min_size=2, max_size=2))
def test_splits_cells_as_the_markdown_parser_does(row: list[str]) -> None:
    line = f"| {row[0]} | {row[1]} |"
    ours = [cell.strip() for cell in split_cells(line)]
    tokens = MarkdownIt("commonmark").enable("table").parse(f"| a | b |\n|---|---|\n{line}\n")
    theirs = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "td_open"]
    assert [*ours, "", ""][:2] == theirs


@given(text=st.text(alphabet="|-: ab\n#>*<`[]", max_size=200))
def test_every_text_can_be_read(text: str) -> None:
    for table in read_tables(text):
        assert all(row.line > 0 for row in table.rows)
