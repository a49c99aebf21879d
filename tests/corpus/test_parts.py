import gzip
from pathlib import Path

import pytest

from medsynth_kg.corpus.errors import PartsIncomplete, PartTruncated
from medsynth_kg.corpus.parts import END, finished_parts, write_part
from medsynth_kg.corpus.sorting import whole_parts

BLOCKS = [
    "<a/b> <p> <o> <g> .\t<a/b> <q> <o> <g> .",
    "<a> <p> <o> <g> .",
    "<a> <p> <o> <g> .\t<a> <q> <o> <g> .",
    "<a> <p> <o> <g> .\t<a> <q> <o> <g> .",
    "_:b <p> <o> <g> .",
]
ROWS = sorted([*BLOCKS, END])


def test_a_part_holds_each_statement_once_and_sorted(tmp_path: Path) -> None:
    written = write_part(tmp_path, 0, ROWS)
    lines = gzip.decompress((tmp_path / "part-00000.nq.gz").read_bytes()).splitlines()
    assert lines == sorted(set(lines))
    assert written.part.statements == len(lines) == 5
    assert written.blocks == len(BLOCKS)
    assert finished_parts(tmp_path, 2) == {0: written}


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_part(tmp_path / place, 0, ROWS) for place in ("one", "other"))
    assert one == other


@pytest.mark.parametrize("kept", range(len(BLOCKS)))
def test_rows_that_end_early_leave_no_part(kept: int, tmp_path: Path) -> None:
    with pytest.raises(PartTruncated, match=f"after {kept} blocks"):
        write_part(tmp_path, 0, ROWS[:kept])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("count", "blocks"), [(1, 6), (1, 4), (2, 5)])
def test_parts_that_lack_what_the_files_have_are_removed_and_told(count: int, blocks: int, tmp_path: Path) -> None:
    unfinished = tmp_path / "unfinished"
    written = write_part(unfinished / "parts", 0, ROWS)
    assert whole_parts(tmp_path, unfinished, 1, 5) == {0: written.part}
    with pytest.raises(PartsIncomplete, match=f"1 of {count} parts, 5 of {blocks} blocks.*run the same command again"):
        whole_parts(tmp_path, unfinished, count, blocks)
    assert not unfinished.exists()
