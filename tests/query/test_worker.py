"""What a worker does before its first query."""

import socket
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit

import pytest
from pyoxigraph import Store

from medsynth_kg.query import worker
from medsynth_kg.query.channel import receive_message


def test_it_opens_the_store_so_that_few_files_of_it_stay_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    allowed: list[int] = []

    class Noting:
        @staticmethod
        def read_only(path: str) -> Store:
            allowed.append(getrlimit(RLIMIT_NOFILE)[0])
            return Store.read_only(path)

    monkeypatch.setattr(worker, "Store", Noting)
    front, channel = socket.socketpair()
    with front, channel:
        worker._serve(channel, str(tmp_path / "no store"), None, 2**20, 2**20, False)
        assert receive_message(front).header["error"] == "store"
    assert worker.ENGINE_FILES < allowed[0] < getrlimit(RLIMIT_NOFILE)[0]
