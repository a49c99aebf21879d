"""Loading waits where merging does not keep up, and not for what will never be."""

import threading
import time
from pathlib import Path

from medsynth_kg.release.merging import Backlog


def touch(store: Path, tables: int) -> list[Path]:
    files = [store / f"{number}.sst" for number in range(tables)]
    for file in files:
        file.touch()
    return files


def test_small_tables_are_unmerged_and_nothing_else_is(tmp_path: Path) -> None:
    for name, size in (("1.sst", 10), ("2.sst", 2**20), ("3.sst", 2**26), ("4.log", 10)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    assert Backlog(tmp_path).files == 2


def test_a_table_that_is_merged_while_tables_are_counted_counts_no_more(tmp_path: Path) -> None:
    touch(tmp_path, 1)
    (tmp_path / "gone.sst").symlink_to(tmp_path / "elsewhere")
    assert Backlog(tmp_path).files == 1


def test_who_loads_waits_until_enough_is_merged(tmp_path: Path) -> None:
    tables = touch(tmp_path, 5)
    merged = threading.Timer(0.3, tables[0].unlink)
    merged.start()
    started = time.monotonic()
    Backlog(tmp_path, 4).wait()
    assert time.monotonic() - started >= 0.3
    merged.join()


def test_what_nobody_merges_is_waited_for_once(tmp_path: Path) -> None:
    touch(tmp_path, 5)
    backlog = Backlog(tmp_path, 4, patience=0.3)
    started = time.monotonic()
    backlog.wait()
    first = time.monotonic() - started
    touch(tmp_path, 9)
    backlog.wait()
    assert first > 0.3
    assert time.monotonic() - started < first + 0.3


def test_whatever_is_merged_gives_the_rest_its_time_again(tmp_path: Path) -> None:
    tables = touch(tmp_path, 3)
    merging = [threading.Timer(0.5 * number, table.unlink) for number, table in enumerate(tables, start=1)]
    for merged in merging:
        merged.start()
    Backlog(tmp_path, 0, patience=0.9).wait()
    assert list(tmp_path.iterdir()) == []
    for merged in merging:
        merged.join()
