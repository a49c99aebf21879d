"""The tables on disk survive a round trip, and what is wrong with a file is said with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.cells import clean_cell
from medsynth_kg.survey.csv_files import read_table, table_csv
from medsynth_kg.survey.errors import SurveyFileError
from medsynth_kg.survey.rows import COLUMNS, SurveyRow
from medsynth_kg.writing import write_whole

CELLS = st.fixed_dictionaries({name: st.text(max_size=20).map(lambda text: clean_cell(text)[0]) for name in COLUMNS})


@given(rows=st.lists(CELLS.filter(lambda cells: any(cells.values())), max_size=5))
def test_rows_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("survey") / "ecg.csv"
    written = [
        SurveyRow(table="ecg", file="survey/ecg.csv", line=line, **cells) for line, cells in enumerate(rows, start=2)
    ]
    write_whole(path, table_csv(written))
    assert read_table(path) == (tuple(written), ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ecg.csv"


def test_columns_may_come_in_another_order_and_be_missing(path: Path) -> None:
    path.write_bytes("\ufeffDate,Paper\r\n2023-09,10.1000/a\r\n\r\n2022,10.1000/b\r\n".encode())
    rows, findings = read_table(path)
    assert [(row.line, row.date, row.paper, row.type) for row in rows] == [
        (2, "2023-09", "10.1000/a", ""),
        (4, "2022", "10.1000/b", ""),
    ]
    assert findings == ()


def test_a_cell_over_two_lines_does_not_shift_the_lines_after_it(path: Path) -> None:
    path.write_text('paper,type\n"10.1000/a\n",GAN\n10.1000/b,VAE\n', encoding="utf-8")
    assert [row.line for row in read_table(path)[0]] == [2, 4]


def test_unknown_columns_and_extra_cells_are_findings_and_stop_no_row(path: Path) -> None:
    path.write_text("paper,notes\n10.1000/a,x,GAN,VAE\n10.1000/b,y\n", encoding="utf-8")
    rows, findings = read_table(path)
    assert [row.paper for row in rows] == ["10.1000/a", "10.1000/b"]
    assert [(finding.kind, finding.line, finding.value) for finding in findings] == [
        ("unknown-column", 1, "notes"),
        ("ragged-row", 2, "GAN, VAE"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"paper,type\n10.1000/a,caf\xe9\n", "line 2: not UTF-8"),
        (b'paper,type\n10.1000/a,GAN\n"10.1000/b,GAN\n', "line 3: not a CSV row"),
    ],
)
def test_a_broken_file_is_an_error_that_names_the_line(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(SurveyFileError, match=message):
        read_table(path)
