import codecs
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.corpus import bulk_files
from medsynth_kg.corpus.bulk_files import read_bulk_file

RECORDS = [{"DOI": f"10.5555/{number}", "title": ["Größe 王"]} for number in range(5)]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()
ITEMS = json.dumps({"items": RECORDS}, indent=1, ensure_ascii=False).encode()


def contents(path: Path) -> list[object]:
    return [piece.content for piece in read_bulk_file(path)]


@pytest.mark.parametrize("content", [LINES, LINES.rstrip(), LINES.replace(b"\n", b"\r\n\n"), ITEMS])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_both_forms_are_read_packed_or_not(content: bytes, compress: type[bytes], tmp_path: Path) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(compress(content))
    assert contents(file) == RECORDS


@pytest.mark.parametrize("content", [LINES, ITEMS])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_byte_order_mark_is_no_part_of_the_first_record(
    content: bytes, compress: type[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(compress(codecs.BOM_UTF8 + content))
    assert contents(file) == RECORDS


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(b"")
    assert contents(file) == []


@pytest.mark.parametrize("line", [b"{", b"[]", b"5", b'{"a": NaN}', b'{"title": "\xff"}', b"[" * 200_000])
def test_a_broken_line_is_told_by_its_place_and_costs_no_other(line: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(LINES + line + b"\n" + LINES)
    pieces = list(read_bulk_file(file))
    assert [piece.content for piece in pieces] == [*RECORDS, None, *RECORDS]
    assert pieces[5].position == 6
    assert pieces[5].reason.startswith("the record")


def test_a_line_without_end_is_told_and_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_files, "LARGEST_RECORD", 1000)
    file = tmp_path / "bulk"
    file.write_bytes(LINES + b"x" * 5000 + b"\n" + LINES)
    assert contents(file) == [*RECORDS, None, *RECORDS]


@pytest.mark.parametrize("content", [LINES, ITEMS])
def test_what_comes_before_the_end_of_a_damaged_file_is_kept(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(gzip.compress(content)[:-8])
    pieces = list(read_bulk_file(file))
    assert [piece.content for piece in pieces[:5]] == RECORDS
    assert all("damaged" in piece.reason for piece in pieces[5:])


def test_a_list_that_breaks_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "bulk"
    file.write_bytes(ITEMS[:-20])
    *whole, last = read_bulk_file(file)
    assert [piece.content for piece in whole] == RECORDS[:4]
    assert "breaks off" in last.reason


@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_the_end(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "bulk"
    file.write_bytes(content)
    assert all(piece.content is not None or piece.reason for piece in read_bulk_file(file))
