"""Requests are answered on the event loop, but for what would keep it from others."""

import asyncio
import gc
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.endpoint.gateway.test_environment import Headers, Scope

from medsynth_kg.endpoint.gateway import gateway
from medsynth_kg.endpoint.gateway.gateway import Gateway
from medsynth_kg.endpoint.passing import CANCELLATION, REFUSAL
from medsynth_kg.query.steps import BLOCKING, Pause, Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Connection:
    """What Granian gives to answer with; its client may leave."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.threads: list[int] = []
        self.left = asyncio.Event()

    def response_bytes(self, status: int, _headers: Any, body: bytes) -> None:
        self.answers.append((status, body))
        self.threads.append(threading.get_ident())

    async def client_disconnect(self) -> None:
        await self.left.wait()


class Application:
    """Pauses as it is told, then answers 200, or 503 to what the gateway refuses."""

    def __init__(self, *pauses: Pause, work: Callable[["WSGIEnvironment"], object] = lambda _: None) -> None:
        self.pauses = pauses
        self.work = work
        self.ended = 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        if REFUSAL in environ:
            start_response("503 SERVICE UNAVAILABLE", [])
            return [str(environ[REFUSAL]).encode()]
        try:
            yield from self.pauses
            self.work(environ)
        finally:
            self.ended += 1
        start_response("200 OK", [])
        return [b"answered"]


async def ask(application: Application, connection: Connection, number: int = 1) -> None:
    served = Gateway(application, threads=2, behind_proxy=False)
    await asyncio.gather(*(served.__rsgi__(Scope(), connection) for _ in range(number)))  # type: ignore[arg-type]  # ours


def answered(application: Application, number: int = 1) -> Connection:
    connection = Connection()
    asyncio.run(ask(application, connection, number))
    return connection


def test_who_waits_for_nothing_needs_no_thread() -> None:
    connection = answered(Application())
    assert connection.answers == [(200, b"answered")]
    assert connection.threads == [threading.get_ident()]


def test_nor_does_who_waits_for_something_to_read() -> None:
    reading, writing = os.pipe()
    threading.Timer(0.1, os.write, (writing, b"x")).start()
    connection = answered(Application(Pause(reading, 30), Pause(reading, 30)))
    os.close(reading)
    os.close(writing)
    assert connection.answers == [(200, b"answered")]
    assert connection.threads == [threading.get_ident()]


@pytest.mark.parametrize("number", [1, 2])
def test_the_loop_itself_waits_only_for_one_who_is_alone(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []

    def note(descriptor: int, seconds: float, *, awake: float) -> bool:
        assert 0 < awake < seconds
        waited.append(descriptor)
        return True

    monkeypatch.setattr(gateway, "is_readable", note)
    reading, writing = os.pipe()
    os.write(writing, b"x")
    connection = answered(Application(Pause(reading, 30)), number)
    os.close(reading)
    os.close(writing)
    assert connection.answers == [(200, b"answered")] * number
    assert waited == ([reading] if number == 1 else [])


@pytest.mark.parametrize("seconds", [0.01, 2 * gateway._MOMENT])  # shorter and longer than that
def test_a_pause_ends_after_its_time(seconds: float) -> None:
    reading, writing = os.pipe()
    started = time.monotonic()
    connection = answered(Application(Pause(reading, seconds)))
    assert seconds <= time.monotonic() - started < 30
    os.close(reading)
    os.close(writing)
    assert connection.answers == [(200, b"answered")]


@pytest.mark.parametrize("pauses", [(BLOCKING,), (BLOCKING, BLOCKING)])
def test_what_may_block_goes_on_in_a_thread_to_the_end(pauses: tuple[Pause, ...]) -> None:
    connection = answered(Application(*pauses))
    assert connection.answers == [(200, b"answered")]
    assert threading.get_ident() not in connection.threads


def test_requests_in_threads_do_not_keep_each_other_waiting() -> None:
    both = threading.Barrier(2, timeout=10)
    connection = answered(Application(BLOCKING, work=lambda _: both.wait()), number=2)
    assert connection.answers == [(200, b"answered")] * 2


def test_a_client_with_too_many_requests_in_threads_is_told_so() -> None:
    release = threading.Event()
    application = Application(BLOCKING, work=lambda _: release.wait(10))

    async def ask_for_more() -> Connection:
        connection = Connection()
        asking = asyncio.ensure_future(ask(application, connection, gateway.REQUESTS_OF_A_CLIENT + 3))
        while len(connection.answers) < 3:
            await asyncio.sleep(0.01)
        release.set()
        await asking
        return connection

    connection = asyncio.run(ask_for_more())
    assert {status for status, _ in connection.answers[:3]} == {503}
    assert connection.answers[3:] == [(200, b"answered")] * gateway.REQUESTS_OF_A_CLIENT
    assert application.ended == gateway.REQUESTS_OF_A_CLIENT + 3


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_a_client_that_leaves_cancels_what_it_asked(in_a_thread: bool) -> None:
    reading, writing = os.pipe()
    application = Application(BLOCKING if in_a_thread else Pause(reading, 30))

    def wait(environ: "WSGIEnvironment") -> None:
        if in_a_thread:
            cancelled = threading.Event()
            with environ[CANCELLATION].interrupts(cancelled.set):
                assert cancelled.wait(10)
        assert environ[CANCELLATION].cancelled

    application.work = wait

    async def leave() -> bool:
        connection = Connection()
        asking = asyncio.ensure_future(ask(application, connection))
        await asyncio.sleep(2 * gateway._MOMENT)  # until the client is watched
        connection.left.set()
        if not in_a_thread:
            await asyncio.sleep(0.1)
            os.write(writing, b"x")
        await asking
        return connection.answers == [(200, b"answered")]

    assert asyncio.run(leave())
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_what_is_under_way_is_ended_when_the_server_stops(in_a_thread: bool) -> None:
    reading, writing = os.pipe()
    begun, stopped = threading.Event(), threading.Event()
    application = Application(BLOCKING if in_a_thread else Pause(reading, 30))

    def work(_environ: "WSGIEnvironment") -> None:
        begun.set()
        stopped.wait(10)

    application.work = work

    async def stop() -> None:
        asking = asyncio.ensure_future(ask(application, Connection()))
        while in_a_thread and not begun.is_set():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        stopped.set()

    asyncio.run(stop())
    os.close(reading)
    os.close(writing)
    deadline = time.monotonic() + 10
    while not application.ended and time.monotonic() < deadline:
        time.sleep(0.01)
    assert application.ended == 1


class SlowSender(Connection):
    """A client that never sends the body that it has announced."""

    def __aiter__(self) -> "SlowSender":
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(30)
        return b""


def test_nothing_holds_a_connection_whose_body_took_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Granian closes it only once its Python side is gone, which must not take until garbage is collected."""
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.05)
    connection = SlowSender()
    held = weakref.ref(connection)
    scope = Scope(method="POST", headers=Headers([("host", "example.org"), ("content-length", "9")]))
    gc.collect()
    gc.disable()
    try:
        served = Gateway(Application(), threads=1, behind_proxy=False)
        asyncio.run(served.__rsgi__(scope, connection))  # type: ignore[arg-type]  # ours
        assert [status for status, _ in connection.answers] == [503]
        del connection
        assert held() is None
    finally:
        gc.enable()
