"""The store of a release is written with little memory, however much it takes in."""

import re
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit

import pytest
from pyoxigraph import Quad, Store
from tests.release.example_release import CITES, graph, paper

from medsynth_kg.release.store import ENGINE_FILES, read_store, write_store

QUAD = Quad(paper(1), CITES, paper(2), graph("survey"))


def test_the_engine_keeps_few_files_open_while_it_writes(tmp_path: Path) -> None:
    allowed = getrlimit(RLIMIT_NOFILE)
    assert allowed[0] > 2 * ENGINE_FILES
    write_store(tmp_path / "store", [QUAD])
    (files,) = re.findall(r"Options\.max_open_files: (\d+)", (tmp_path / "store" / "LOG").read_text())
    assert 48 < int(files) < 2 * ENGINE_FILES
    assert getrlimit(RLIMIT_NOFILE) == allowed


def test_nor_does_it_keep_more_open_while_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_store(tmp_path / "store", [QUAD])
    allowed: list[int] = []

    class Noting:
        @staticmethod
        def read_only(path: str) -> Store:
            allowed.append(getrlimit(RLIMIT_NOFILE)[0])
            return Store.read_only(path)

    monkeypatch.setattr("medsynth_kg.release.store.Store", Noting)
    assert read_store(tmp_path / "store") == {QUAD}
    assert allowed[0] < 2 * ENGINE_FILES < getrlimit(RLIMIT_NOFILE)[0]


def test_what_else_may_be_opened_is_as_before_where_no_store_can_be_written(tmp_path: Path) -> None:
    allowed = getrlimit(RLIMIT_NOFILE)
    (tmp_path / "store").write_text("a file")
    with pytest.raises(OSError, match="store"):
        write_store(tmp_path / "store", [QUAD])
    assert getrlimit(RLIMIT_NOFILE) == allowed
    write_store(tmp_path / "another", [QUAD])
    assert QUAD in Store.read_only(str(tmp_path / "another"))
