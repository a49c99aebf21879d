"""What a file of decisions looks like, and what is said of one that looks otherwise."""

from datetime import date
from pathlib import Path

import pytest

from medsynth_kg.records.decision_files import Decision, read_decision_file
from medsynth_kg.records.errors import CurationError

HEADER = "key,decision,reason,date\n"


def read(path: Path, text: str | bytes) -> tuple[Decision, ...]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_decision_file(path, ("yes", "no"), lambda key: "too long" if len(key) > 2 else None)


def test_a_row_is_a_decision_with_its_line(tmp_path: Path) -> None:
    decisions = read(tmp_path / "a.csv", HEADER + '\na b,yes,"first, of\ntwo lines",2026-11-23\n')
    assert decisions == (
        Decision(key=("a", "b"), decision="yes", reason="first, of\ntwo lines", date=date(2026, 11, 23), line=4),
    )


def test_a_missing_file_and_a_file_without_rows_hold_no_decisions(tmp_path: Path) -> None:
    assert read_decision_file(tmp_path / "none.csv", ("yes",), lambda _: None) == ()
    assert read(tmp_path / "empty.csv", HEADER) == ()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = "\ufeff" + (HEADER + "a,no,because,2026-11-23\n").replace("\n", "\r\n")
    assert [decision.key for decision in read(tmp_path / "a.csv", text)] == [("a",)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"a\.csv, line 1: the columns must be key,decision,reason,date"),
        ("key,decision\n", r"a\.csv, line 1: the columns"),
        (HEADER + "a,yes,because\n", r"a\.csv, line 2: 3 cells where 4 are needed"),
        (HEADER + "a,maybe,because,2026-11-23\n", r"a\.csv, line 2: decision 'maybe' must be one of: yes, no"),
        (HEADER + "a,yes, ,2026-11-23\n", r"a\.csv, line 2: key and reason must not be empty"),
        (HEADER + ",yes,because,2026-11-23\n", r"a\.csv, line 2: key and reason must not be empty"),
        (HEADER + "a,yes,because,23.11.2026\n", r"a\.csv, line 2: date '23\.11\.2026' must look like"),
        (HEADER + "a,yes,because,2026-02-30\n", r"a\.csv, line 2: 2026-02-30 is no day"),
        (HEADER + "a b c,yes,because,2026-11-23\n", r"a\.csv, line 2: key 'a b c': too long"),
        (HEADER + "a b,yes,x,2026-11-23\nb a,no,x,2026-11-23\n", r"a\.csv, line 3: 'b a' is decided on line 2 too"),
        (HEADER + 'a,"yes"x,because,2026-11-23\n', r"a\.csv, line 2: not a CSV row"),
        (HEADER.encode() + b"a,yes,\xff,2026-11-23\n", r"a\.csv: not UTF-8 at byte 31"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(CurationError, match=message):
        read(tmp_path / "a.csv", text)
