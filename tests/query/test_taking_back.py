"""A query that another store runs is taken back at once, at every stage, and no other query with it."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.end_to_end.server import wait_for
from tests.query.misbehaving import JSON, TRUE, executor_of, misbehaving, reply
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy, QueryCancelled, QueryError, QueryTimeout
from medsynth_kg.query.exchange import Exchange
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import QueryAnswer, QueryRequest
from medsynth_kg.query.syntax import SyntaxCheck
from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release

LONG = 60.0
"""Seconds that a query may take, which is to be cancelled long before."""
PATIENT = QueryLimits(timeout=LONG, workers=1, queue_seconds=LONG)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(5), tmp_path_factory.mktemp("releases"), count_nothing)


@contextlib.contextmanager
def silent(sent: bytes) -> Iterator[tuple[str, "queue.Queue[socket.socket]"]]:
    """A store that answers with the beginning of an answer, if any, and with nothing else; with its connections."""
    accepted: queue.Queue[socket.socket] = queue.Queue()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                received = b""
                while b"query=" not in received:
                    received += connection.recv(65536)
                connection.sendall(sent)
                accepted.put(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/", accepted
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            while not accepted.empty():
                accepted.get().close()


class Asked(threading.Thread):
    """A query under way in a thread of its own, and how it ended."""

    def __init__(self, execute: Callable[[QueryRequest], object], query: str, media_type: str = JSON) -> None:
        super().__init__()
        self.cancellation = Cancellation()
        self.ended_in: object = None
        self._execute = execute
        self._request = QueryRequest(query, media_type, cancellation=self.cancellation)
        self.start()

    def run(self) -> None:
        try:
            self.ended_in = self._execute(self._request)
        except QueryError as error:
            self.ended_in = error

    def cancel(self) -> object:
        """How it ended after it was taken back."""
        self.cancellation.cancel()
        self.join(LONG / 3)
        return self.ended_in


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n<a:> <a:> <a:> .\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<a:> <a:> <a:> .\n",
    ],
    ids=["silence", "half of a header", "no body", "half of a body", "what looks whole"],
)
def test_a_query_that_is_taken_back_ends_at_once_and_its_connection_with_it(
    release: Release, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with silent(sent) as (address, accepted), executor_of(address, release, PATIENT) as executor:
        asked = Asked(executor.execute, "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
        with accepted.get(timeout=LONG / 3) as connection:
            assert isinstance(asked.cancel(), QueryCancelled)
            connection.settimeout(LONG / 3)
            assert connection.recv(1) == b""
        again = Asked(executor.execute, "ASK { ?s ?p ?o }")
        with accepted.get(timeout=LONG / 3):
            assert isinstance(again.cancel(), QueryCancelled), "its place at the store was free"
        assert accepted.empty(), "neither was sent twice"
    assert not [record for record in caplog.records if record.name.startswith("medsynth_kg")]


def test_half_of_an_answer_is_none_even_where_it_looks_whole() -> None:
    beginning = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<a:> <a:> <a:> .\n"
    with silent(beginning) as (address, accepted), contextlib.closing(Exchange(address, None, 1)) as exchange:
        deadline = time.monotonic() + LONG
        asked = Asked(
            lambda request: exchange.ask([("query", request.query)], JSON, deadline, 99, request.cancellation),
            "ASK { }",
        )
        with accepted.get(timeout=LONG / 3):
            time.sleep(0.3)
            assert isinstance(asked.cancel(), QueryCancelled)


def test_so_does_one_that_waits_for_its_turn(release: Release) -> None:
    with silent(b"") as (address, accepted), executor_of(address, release, PATIENT) as executor:
        first = Asked(executor.execute, "ASK { ?s ?p ?o } #1")
        with accepted.get(timeout=LONG / 3):
            second = Asked(executor.execute, "ASK { ?s ?p ?o } #2")
            assert wait_for(lambda: executor.waiting == 1)
            assert isinstance(second.cancel(), QueryCancelled)
            assert executor.waiting == 0
            assert first.is_alive()
            first.cancel()
        assert accepted.empty()


def test_so_does_one_whose_answer_waits_for_the_release_that_the_store_holds(release: Release) -> None:
    looking = threading.Event()
    go_on = threading.Event()

    def hold() -> str:
        looking.set()
        go_on.wait(LONG)
        return release.id

    with misbehaving(lambda _: reply(200, TRUE), hold) as store:
        with executor_of(store.address, release, PATIENT) as executor:
            asked = Asked(executor.execute, "ASK { ?s ?p ?o }")
            assert looking.wait(LONG / 3)
            assert isinstance(asked.cancel(), QueryCancelled)
        go_on.set()


def test_so_does_one_that_is_still_being_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medsynth_kg.query.syntax._SECONDS", LONG)
    hundred = " ".join(map(str, range(100)))
    lasting = " ".join(f"VALUES ?v{number} {{ {hundred} }}" for number in range(6))
    with contextlib.closing(SyntaxCheck(PATIENT)) as check:
        asked = Asked(
            lambda request: check.check(request, QueryForm.SELECT), f"SELECT (COUNT(*) AS ?n) {{ {lasting} }}"
        )
        time.sleep(0.5)
        assert asked.is_alive()
        assert isinstance(asked.cancel(), QueryCancelled)


def test_one_that_was_taken_back_before_is_not_sent(release: Release) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with (
        misbehaving(lambda _: reply(200, TRUE), release.id) as store,
        executor_of(store.address, release, PATIENT) as executor,
    ):
        with pytest.raises(QueryCancelled):
            executor.execute(QueryRequest("ASK { ?s ?p ?o }", JSON, cancellation=cancellation))
        assert store.queries == []


def test_queries_that_are_taken_back_at_any_moment_leave_all_others_their_answers(release: Release) -> None:
    """Each is cancelled after some milliseconds, which is about when it ends; all share a few connections.

    Places of queries that the store may still be working on are kept for the time-out, hence a short one.
    """
    limits = replace(PATIENT, workers=3, queue=1000, timeout=5.0)
    with (
        misbehaving(lambda _: reply(200, TRUE), release.id) as store,
        executor_of(store.address, release, limits) as executor,
    ):
        stay: list[Asked] = []
        for number in range(150):
            stay.append(Asked(executor.execute, f"ASK {{ ?s ?p ?o }} # {number}", "text/csv"))
            leaves = Asked(executor.execute, f"ASK {{ ?s ?p ?o }} # {number} leaves", "text/csv")
            time.sleep(number % 15 / 1000)
            assert isinstance(leaves.cancel(), QueryAnswer | QueryCancelled)
        for asked in stay:
            asked.join()
            assert isinstance(asked.ended_in, QueryAnswer), repr(asked.ended_in)


def test_queries_whose_time_is_over_cannot_pile_up_in_a_store_that_takes_no_limit(release: Release) -> None:
    impatient = replace(PATIENT, queue_seconds=0.5)
    with silent(b"") as (address, _), executor_of(address, release, impatient) as executor:
        for number, error in enumerate((QueryTimeout, QueryTimeout, PoolBusy)):
            with pytest.raises(error):
                executor.execute(QueryRequest(f"ASK {{ ?s ?p ?o }} #{number}", JSON, timeout=0.2))
