"""A file without a name reaches a client that reads it; one that does not has only so much time."""

import asyncio
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from medsynth_kg.endpoint.gateway import pouring
from medsynth_kg.endpoint.gateway.pouring import pour

CONTENT = bytes(range(256)) * 4000


class Answer:
    """A response with a large file."""

    status = 200
    headers: tuple[tuple[str, str], ...] = ()


class Channel:
    """What Granian does with a file: opens it by its name in a thread, and reads as the client takes it."""

    def __init__(self, read: Callable[[IO[bytes]], bytes]) -> None:
        self.received = b""
        self.ended = threading.Event()
        self._read = read

    def response_file(self, _status: int, _headers: Any, path: str) -> None:
        opened = threading.Thread(target=self._open, args=(path,), daemon=True)
        opened.start()

    def _open(self, path: str) -> None:
        time.sleep(0.05)
        with Path(path).open("rb", buffering=0) as file:
            self._take(file)

    def _take(self, file: IO[bytes]) -> None:
        self.received = self._read(file)
        self.ended.set()


class OpenedAtOnce(Channel):
    """Has the file open before the client's time runs, where that is so short that a thread may start too late."""

    def response_file(self, _status: int, _headers: Any, path: str) -> None:
        file = Path(path).open("rb", buffering=0)  # noqa: SIM115  # the thread closes it
        threading.Thread(target=self._take, args=(file,), daemon=True).start()

    def _take(self, file: IO[bytes]) -> None:
        with file:
            super()._take(file)


def pour_into(channel: Channel) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(CONTENT)
        file.flush()
        asyncio.run(pour(Answer(), file, channel))  # type: ignore[arg-type]  # stand-ins for Granian's


def poured(read: Callable[[IO[bytes]], bytes]) -> bytes:
    channel = Channel(read)
    pour_into(channel)
    assert channel.ended.wait(20)
    return channel.received


def to_the_end(file: IO[bytes]) -> bytes:
    content = b""
    while part := file.read(100_000):
        content += part
    return content


def test_a_client_that_reads_gets_every_byte() -> None:
    assert poured(to_the_end) == CONTENT


def test_a_client_that_leaves_ends_it() -> None:
    started = time.monotonic()
    received = poured(lambda file: file.read(100_000))
    assert CONTENT.startswith(received)
    assert time.monotonic() - started < pouring.SILENCE / 2


@pytest.mark.parametrize("limit", ["SILENCE", "LONGEST"])
def test_a_client_that_is_too_slow_does_not_get_the_rest(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pouring, limit, 0.2)

    given_up = threading.Event()

    def slowly(file: IO[bytes]) -> bytes:
        content = file.read(1000)
        assert given_up.wait(20)
        return content + to_the_end(file)

    channel = OpenedAtOnce(slowly)
    pour_into(channel)
    given_up.set()
    assert channel.ended.wait(20)
    assert 1000 <= len(channel.received) < len(CONTENT)
    assert CONTENT.startswith(channel.received)
