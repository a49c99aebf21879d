"""An import takes what the README says now and leaves alone what people corrected by hand."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from medsynth_kg.survey.errors import ImportRefusedError, SurveyFileError
from medsynth_kg.survey.importing import ImportReport, decode_readme, import_survey, load_readme
from medsynth_kg.survey.mapping import default_mapping
from medsynth_kg.survey.reading import read_survey

Import = Callable[..., ImportReport]
Readable = Callable[..., str]


def line(paper: str, architecture: str = "y", date: str = "2023-09", code: str = "") -> str:
    return f"| GAN | x | {architecture} | [P](https://doi.org/10.1000/{paper}) | {code} | F | {date} |"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "survey" / "ecg.csv"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((directory / "survey").iterdir())}


def changes(report: ImportReport) -> list[tuple[str, int]]:
    return [(change.kind, len(change.cells)) for change in report.changes]


def merge_kinds(report: ImportReport) -> list[str]:
    kinds = {"hand-edit-overruled", "row-not-in-readme"}
    return [finding.kind for finding in report.findings if finding.kind in kinds]


def test_every_table_gets_its_file_even_when_it_is_empty(run_import: Import, ecg: Readable, tmp_path: Path) -> None:
    report = run_import(ecg(line("a")))
    assert len(list((tmp_path / "survey").glob("*.csv"))) == 12
    assert changes(report) == [("added", 0)]
    assert [(table.rows, table.entries) for table in report.tables if table.slug == "ecg"] == [(1, 1)]


def test_a_second_import_changes_nothing_not_even_the_date(run_import: Import, ecg: Readable, tmp_path: Path) -> None:
    run_import(ecg(line("a"), line("b", code="[Code](yES)"), "| ragged |"))
    before = contents(tmp_path)
    report = run_import(ecg(line("a"), line("b", code="[Code](yES)"), "| ragged |"))
    assert contents(tmp_path) == before
    assert (report.files, report.changes) == ((), ())


def test_a_dry_run_reports_the_same_and_writes_nothing(run_import: Import, ecg: Readable, tmp_path: Path) -> None:
    planned = run_import(ecg(line("a")), dry_run=True)
    assert not (tmp_path / "survey").exists()
    done = run_import(ecg(line("a")))
    assert planned._replace(dry_run=False) == done


def test_a_newer_state_adds_changes_and_removes(run_import: Import, ecg: Readable, tmp_path: Path) -> None:
    run_import(ecg(line("a"), line("b"), line("c")))
    report = run_import(ecg(line("d", architecture="new"), line("a", architecture="z"), line("c")))
    assert sorted(changes(report)) == [("added", 0), ("changed", 1), ("removed", 0)]
    (changed,) = (change for change in report.changes if change.kind == "changed")
    assert changed.cells == {"architecture": ("y", "z")}
    papers = [entry.paper.value for entry in read_survey(tmp_path).entries]
    assert papers == ["10.1000/d", "10.1000/a", "10.1000/c"]


def test_a_corrected_link_is_a_change_of_its_row(run_import: Import, ecg: Readable) -> None:
    run_import(ecg(line("wrong", architecture="unique"), line("b")))
    assert changes(run_import(ecg(line("right", architecture="unique"), line("b")))) == [("changed", 1)]


def test_a_hand_edit_survives_the_same_readme_and_a_newer_one(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a", date="2032-09"), line("b")))
    edit(csv, "2032-09", "2023-09")
    assert changes(run_import(ecg(line("a", date="2032-09"), line("b")))) == []
    run_import(ecg(line("a", date="2032-09", architecture="z"), line("b"), line("c")))
    text = csv.read_text(encoding="utf-8")
    assert "2023-09" in text
    assert ",z," in text
    assert "2032" not in text


def test_where_both_changed_a_cell_the_readme_wins_and_says_so(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a")))
    edit(csv, "2023-09", "2021-01")
    report = run_import(ecg(line("a", date="2022-02")))
    assert "2022-02" in csv.read_text(encoding="utf-8")
    (finding,) = (finding for finding in report.findings if finding.kind == "hand-edit-overruled")
    assert (finding.table, finding.line, finding.column, finding.value) == ("ecg", 2, "date", "2021-01")


def test_a_row_added_by_hand_stays_where_it_was_put(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a"), line("b")))
    by_hand = "GAN,x,h,,https://doi.org/10.1000/hand,,F,2020\n"
    lines = csv.read_text(encoding="utf-8").splitlines(keepends=True)
    csv.write_text("".join([*lines[:2], by_hand, *lines[2:]]), encoding="utf-8")
    report = run_import(ecg(line("a"), line("b"), line("c")))
    assert changes(report) == [("added", 0)]
    assert merge_kinds(report) == []
    architectures = [row.split(",")[2] for row in csv.read_text(encoding="utf-8").splitlines()]
    assert architectures == ["architecture", "y", "h", "y", "y"]


def test_a_row_deleted_by_hand_stays_away_until_the_readme_changes_it(
    run_import: Import, ecg: Readable, csv: Path
) -> None:
    run_import(ecg(line("a"), line("b")))
    csv.write_text("".join(csv.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    run_import(ecg(line("a"), line("b"), line("c")))
    assert "10.1000/b" not in csv.read_text(encoding="utf-8")
    report = run_import(ecg(line("a"), line("b", date="2020-01"), line("c")))
    assert "10.1000/b" in csv.read_text(encoding="utf-8")
    assert merge_kinds(report) == ["hand-edit-overruled"]


def test_an_edited_row_that_leaves_the_readme_leaves_with_a_finding(
    run_import: Import, ecg: Readable, csv: Path
) -> None:
    run_import(ecg(line("a"), line("b")))
    edit(csv, "10.1000/b),,F,2023-09", "10.1000/b),,F,2020-01")
    report = run_import(ecg(line("a")))
    assert changes(report) == [("removed", 0)]
    assert merge_kinds(report) == ["hand-edit-overruled"]


def test_two_rows_of_one_paper_keep_apart(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a", architecture="one"), line("a", architecture="two")))
    edit(csv, ",two,", ",zwei,")
    run_import(ecg(line("a", architecture="one", date="2020-01"), line("a", architecture="two")))
    assert [row.split(",")[2] for row in csv.read_text(encoding="utf-8").splitlines()[1:]] == ["one", "zwei"]


def test_without_a_last_import_an_empty_cell_contradicts_nothing(run_import: Import, ecg: Readable, csv: Path) -> None:
    csv.parent.mkdir()
    csv.write_text(
        "type,architecture,paper,code,date\n"
        "GAN,y,[P](https://doi.org/10.1000/a),https://github.com/a/b,2020\n"
        "VAE,h,https://doi.org/10.1000/hand,,2021\n",
        encoding="utf-8",
    )
    report = run_import(ecg(line("a")))
    text = csv.read_text(encoding="utf-8")
    assert "https://github.com/a/b" in text
    assert "2023-09" in text
    assert "10.1000/hand" in text
    assert merge_kinds(report) == ["hand-edit-overruled", "row-not-in-readme"]


def test_a_deleted_file_comes_back(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a")))
    before = csv.read_bytes()
    csv.unlink()
    run_import(ecg(line("a")))
    assert csv.read_bytes() == before


def test_rows_of_a_table_that_is_gone_are_removed_and_named(run_import: Import, ecg: Readable) -> None:
    run_import(ecg(line("a")))
    report = run_import(ecg(line("b")).replace("Electrocardiogram (ECG)", "Wound photographs"))
    moved = {(change.kind, change.table) for change in report.changes}
    assert moved == {("added", "wound-photographs"), ("removed", "ecg")}


def test_an_import_that_was_cut_short_is_completed_by_the_next(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a")))
    old_state = (csv.parent / "last-import.json").read_bytes()
    run_import(ecg(line("a", date="2020-01"), line("b")))
    finished = csv.read_bytes()
    (csv.parent / "last-import.json").write_bytes(old_state)
    report = run_import(ecg(line("a", date="2020-01"), line("b")))
    assert csv.read_bytes() == finished
    assert merge_kinds(report) == []


@pytest.mark.parametrize("text", ["", "# Just a heading\n", "| a | b |\n|---|---|\n| 1 | 2 |\n"])
def test_a_file_without_tables_of_papers_is_refused_and_destroys_nothing(
    run_import: Import, ecg: Readable, tmp_path: Path, text: str
) -> None:
    run_import(ecg(line("a")))
    before = contents(tmp_path)
    with pytest.raises(ImportRefusedError, match="no table of papers"):
        run_import(text)
    assert contents(tmp_path) == before


def test_a_csv_file_with_more_than_its_columns_is_not_overwritten(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a")))
    edit(csv, ",date\n", ",date,notes\n")
    with pytest.raises(ImportRefusedError, match=r"ecg.csv, line 1.*notes"):
        run_import(ecg(line("a"), line("b")))


def test_a_broken_state_is_refused_with_a_way_out(run_import: Import, ecg: Readable, csv: Path) -> None:
    run_import(ecg(line("a")))
    (csv.parent / "last-import.json").write_text("[]", encoding="utf-8")
    with pytest.raises(SurveyFileError, match=r"last-import.json.*delete it"):
        run_import(ecg(line("a")))


def test_a_readme_must_be_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes("# Tést\n".encode("utf-8-sig"))
    assert load_readme(path) == "# Tést\n"
    with pytest.raises(SurveyFileError, match="line 2: not UTF-8"):
        decode_readme(b"a\n\xff", "README.md")
    with pytest.raises(SurveyFileError, match="No such file"):
        load_readme(tmp_path / "none.md")


def test_two_thousand_rows_arrive(run_import: Import, ecg: Readable) -> None:
    report = run_import(ecg(*(line(f"row.{number}", architecture=f"A{number}") for number in range(2000))))
    assert sum(table.entries for table in report.tables) == 2000
    assert {finding.kind for finding in report.findings} == {"table-not-found", "no-legend"}


@pytest.mark.parametrize("cell", ["[" * 20000, "[a](" * 8000, "<" * 20000, "`" * 20000, "*a_" * 8000, r"\|" * 9000])
def test_a_hostile_cell_costs_its_own_row_at_most(run_import: Import, ecg: Readable, cell: str) -> None:
    report = run_import(ecg(f"| {cell} | x | y | {cell} | | F | 2020 |", line("a")))
    assert sum(table.entries for table in report.tables) == 1
    assert "cell-too-long" in [finding.kind for finding in report.findings]


def test_another_surveys_table_is_read_with_its_own_mapping(tmp_path: Path) -> None:
    mapping = default_mapping().model_copy(update={"tables": (), "columns": {"paper": ("ref",), "date": ("when",)}})
    text = "# Language models\n| Ref | When |\n|---|---|\n| https://doi.org/10.1000/a | 2023 |\n"
    import_survey(text, tmp_path, source="list.md", mapping=mapping, today=datetime.date(2026, 11, 23))
    (entry,) = read_survey(tmp_path).entries
    assert (entry.row.table, entry.date) == ("language-models", "2023")
