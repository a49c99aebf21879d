"""What waits for a store can be broken off at every stage, and nobody else's connection with it."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import urllib3

from medsynth_kg.stores.client import open_session
from medsynth_kg.stores.connections import Breaker

AT_ONCE = 10.0
"""Seconds, for a machine that is busy; what is broken off here would wait for a minute."""
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as opened:
        yield opened


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with contextlib.closing(open_session(None, 1)) as opened:
        yield opened


def address(listener: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/"


def fetch(session: requests.Session, where: str) -> bytes:
    return session.get(where, timeout=60).content


@dataclass
class Server:
    """The connection that a server has taken, if it has, and whether it has said all that it will say."""

    accepted: list[socket.socket] = field(default_factory=list)
    has_said_all: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def answering(listener: socket.socket, *parts: bytes) -> Iterator[Server]:
    """A server that takes one connection, answers each request on it with the next part, and then says nothing."""
    server = Server()

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            server.accepted.append(connection)
            for part in parts:
                connection.recv(65536)
                connection.sendall(part)
            server.has_said_all.set()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server
    finally:
        # Closing would not wake it where it still waits, for what a test has not come to.
        for waited_at in (listener, *server.accepted):
            with contextlib.suppress(OSError):
                waited_at.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in server.accepted:
            connection.close()


@contextlib.contextmanager
def full_of_connections(listener: socket.socket) -> Iterator[None]:
    """Nobody accepts, so once the listener's queue is full, whoever connects waits."""
    with contextlib.ExitStack() as opened:
        for _ in range(20):
            client = opened.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        time.sleep(0.2)
        yield


def broken_off(action: Callable[[], object], under_way: threading.Event | None = None) -> float:
    """How many seconds it took that an action ended which was broken off a moment after its beginning.

    It has begun when it is ``under_way``, if that can be told.
    """
    breaker = Breaker()
    moments: list[float] = []

    def break_off() -> None:
        if under_way is not None:
            under_way.wait(AT_ONCE)
        time.sleep(0.5)
        moments.append(time.monotonic())
        breaker.break_off()

    breaking = threading.Thread(target=break_off)
    breaking.start()
    with breaker, pytest.raises((requests.RequestException, urllib3.exceptions.HTTPError)):
        action()
    ended = time.monotonic()
    breaking.join()
    assert ended >= moments[0], "it did not wait at all"
    return ended - moments[0]


def test_while_it_connects(listener: socket.socket, session: requests.Session) -> None:
    with full_of_connections(listener):
        assert broken_off(lambda: fetch(session, address(listener))) < AT_ONCE


def test_while_tls_is_agreed_upon(listener: socket.socket, session: requests.Session) -> None:
    with answering(listener) as server:
        assert broken_off(lambda: fetch(session, address(listener, "https")), server.has_said_all) < AT_ONCE


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\nConnection: close\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
)
def test_while_an_answer_is_awaited_or_read(listener: socket.socket, session: requests.Session, part: bytes) -> None:
    with answering(listener, part) as server:
        assert broken_off(lambda: fetch(session, address(listener)), server.has_said_all) < AT_ONCE
        server.accepted[0].settimeout(AT_ONCE)
        assert server.accepted[0].recv(1) == b"", "the server learns of it"


def test_on_a_connection_that_was_kept(listener: socket.socket, session: requests.Session) -> None:
    with answering(listener, WHOLE, b"") as server:
        assert fetch(session, address(listener)) == b"ok"
        assert broken_off(lambda: fetch(session, address(listener)), server.has_said_all) < AT_ONCE


def test_what_was_broken_off_before_is_not_sent(listener: socket.socket, session: requests.Session) -> None:
    listener.settimeout(0.5)
    with Breaker() as breaker:
        breaker.break_off()
        with pytest.raises(requests.ConnectionError):
            fetch(session, address(listener))
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_connection_that_has_been_put_back_is_somebody_elses(
    listener: socket.socket, session: requests.Session
) -> None:
    answers: list[bytes] = []
    with answering(listener, WHOLE, WHOLE[:-1]) as server, Breaker() as breaker:
        assert fetch(session, address(listener)) == b"ok"
        other = threading.Thread(target=lambda: answers.append(fetch(session, address(listener))))
        other.start()
        assert server.has_said_all.wait(AT_ONCE)
        breaker.break_off()
        server.accepted[0].sendall(b"k")
        other.join()
        assert answers == [b"ok"]
        assert len(server.accepted) == 1


def test_without_anybody_to_break_them_off_exchanges_are_as_ever(
    listener: socket.socket, session: requests.Session
) -> None:
    with answering(listener, WHOLE):
        assert fetch(session, address(listener)) == b"ok"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_hosts_are_found_by_name_and_by_number(listener: socket.socket, session: requests.Session, host: str) -> None:
    options: dict[str, Any] = {"timeout": 20}
    with answering(listener, WHOLE), Breaker():
        assert session.get(f"http://{host}:{listener.getsockname()[1]}/", **options).content == b"ok"


def test_a_host_without_an_address_is_a_failure_to_connect(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_nothing(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", find_nothing)
    with Breaker(), pytest.raises(requests.ConnectionError):
        fetch(session, "http://name.invalid/")
