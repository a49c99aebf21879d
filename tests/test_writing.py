"""Files that are written whole or not at all."""

import sqlite3
from pathlib import Path

import pytest

from medsynth_kg.errors import MedsynthError
from medsynth_kg.writing import disk_failures_named, write_whole


class Refused(MedsynthError):
    """What a package makes of a refusal."""


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_the_disk_refuses_is_named_with_directory_reason_and_file(tmp_path: Path) -> None:
    (tmp_path / "place").touch()
    with pytest.raises(Refused) as raised, disk_failures_named(Refused, tmp_path):
        write_whole(tmp_path / "place" / "file", "new\n")
    assert raised.value.args == (tmp_path, f"File exists: {tmp_path / 'place'}")
    with pytest.raises(Refused) as raised, disk_failures_named(Refused, tmp_path):
        sqlite3.connect(tmp_path)
    assert raised.value.args == (tmp_path, "unable to open database file")
