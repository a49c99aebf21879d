"""Rows are recognised again by their paper, by their text, or by all cells but one."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.merging import match_rows, merge_table
from medsynth_kg.survey.rows import COLUMNS, SurveyRow

Row = Callable[..., SurveyRow]

ROW = st.builds(
    SurveyRow,
    table=st.just("ecg"),
    file=st.just("survey/ecg.csv"),
    line=st.just(2),
    type=st.sampled_from(["GAN", "VAE", ""]),
    architecture=st.sampled_from(["a", "b", "c"]),
    paper=st.sampled_from(["https://doi.org/10.1000/a", "https://doi.org/10.1000/b", "https://example.com", ""]),
)
ROWS = st.lists(ROW, max_size=6)


def texts(rows: tuple[SurveyRow, ...] | list[SurveyRow]) -> list[tuple[str, ...]]:
    return [tuple(getattr(row, column) for column in COLUMNS) for row in rows]


def test_rows_of_one_paper_are_matched_in_their_order(row: Row) -> None:
    rows = [row(architecture="x"), row(architecture="y"), row(paper="https://doi.org/10.1000/b")]
    assert match_rows(rows, [rows[2], row(architecture="v"), row(architecture="w")]) == {0: 1, 1: 2, 2: 0}


def test_two_spellings_of_one_link_are_one_paper(row: Row) -> None:
    assert match_rows([row()], [row(paper="http://dx.doi.org/10.1000/A", type="VAE", date="")]) == {0: 0}


def test_rows_without_a_paper_are_matched_by_text_and_then_by_all_cells_but_one(row: Row) -> None:
    first, second = row(paper="", architecture="x"), row(paper="", architecture="y")
    assert match_rows([first, second], [second, row(paper="", architecture="x", date="2020")]) == {0: 1, 1: 0}


@given(base=ROWS, readme=ROWS, edited=ROWS)
def test_no_row_is_matched_twice(base: list[SurveyRow], readme: list[SurveyRow], edited: list[SurveyRow]) -> None:
    for matched in (match_rows(readme, base), match_rows(readme, edited)):
        assert len(set(matched.values())) == len(matched)


@given(base=ROWS, readme=ROWS)
def test_without_hand_edits_the_result_is_the_readme(base: list[SurveyRow], readme: list[SurveyRow]) -> None:
    merged = merge_table(base, readme, base)
    assert texts(merged.rows) == texts(readme)
    assert merged.overruled == ()


@given(readme=ROWS, edited=ROWS)
def test_an_unchanged_readme_leaves_every_hand_edit_alone(readme: list[SurveyRow], edited: list[SurveyRow]) -> None:
    merged = merge_table(readme, readme, edited)
    assert texts(merged.rows) == texts(edited)
    assert merged.changes == ()


@given(base=ROWS, readme=ROWS, edited=ROWS)
def test_a_second_merge_of_the_same_readme_changes_nothing(
    base: list[SurveyRow], readme: list[SurveyRow], edited: list[SurveyRow]
) -> None:
    once = merge_table(base, readme, edited)
    assert merge_table(readme, readme, once.rows).changes == ()


@given(readme=ROWS, edited=ROWS)
def test_without_a_last_import_no_row_of_either_side_is_lost(readme: list[SurveyRow], edited: list[SurveyRow]) -> None:
    merged = merge_table(None, readme, edited)
    assert len(merged.rows) == len(readme) + len(merged.unexplained)
    assert set(texts(merged.unexplained)) <= set(texts(edited))
