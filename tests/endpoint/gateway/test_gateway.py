"""Requests are answered on the event loop, but for what would keep it from others."""

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from werkzeug.wsgi import wrap_file

from medsynth_kg.endpoint.gateway import gateway
from medsynth_kg.endpoint.gateway.gateway import Gateway
from medsynth_kg.endpoint.gateway.responding import IN_MEMORY, Response
from medsynth_kg.endpoint.passing import REFUSAL, SteppedApplication
from medsynth_kg.query.steps import BLOCKING, Pause, Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Client:
    """Notes what it is sent, and by which thread."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.threads: list[int] = []

    def send(self, response: Response) -> None:
        self.answers.append((response.status, response.body))
        self.threads.append(threading.get_ident())

    async def send_file(self, response: Response, file: IO[bytes], first: int, last: int) -> None:
        file.seek(first)
        self.answers.append((response.status, file.read(last - first)))


class Application:
    """Pauses as it is told, then answers 200, or 503 to what the gateway refuses."""

    def __init__(self, *pauses: Pause, work: Callable[["WSGIEnvironment"], object] = lambda _: None) -> None:
        self.pauses = pauses
        self.work = work
        self.ended = 0
        self.threads: list[int] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        if REFUSAL in environ:
            start_response("503 SERVICE UNAVAILABLE", [])
            return [str(environ[REFUSAL]).encode()]
        try:
            yield from self.pauses
            self.threads.append(threading.get_ident())
            self.work(environ)
        finally:
            self.ended += 1
        start_response("200 OK", [])
        return [b"answered"]


async def ask(application: SteppedApplication, client: Client, number: int = 1) -> None:
    served = Gateway(application, threads=2, behind_proxy=False)
    begun = [served.begin({"REQUEST_METHOD": "GET", "REMOTE_ADDR": "192.0.2.1"}, client) for _ in range(number)]
    await asyncio.gather(*filter(None, begun))


def answered(application: SteppedApplication, number: int = 1) -> Client:
    client = Client()
    asyncio.run(ask(application, client, number))
    return client


def test_who_waits_for_nothing_needs_no_thread() -> None:
    client = answered(Application())
    assert client.answers == [(200, b"answered")]
    assert client.threads == [threading.get_ident()]


def test_nor_does_who_waits_for_something_to_read() -> None:
    reading, writing = os.pipe()
    threading.Timer(0.1, os.write, (writing, b"x")).start()
    client = answered(Application(Pause(reading, 30), Pause(reading, 30)))
    os.close(reading)
    os.close(writing)
    assert client.answers == [(200, b"answered")]
    assert client.threads == [threading.get_ident()]


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
    client = answered(Application(Pause(reading, 30)), number)
    os.close(reading)
    os.close(writing)
    assert client.answers == [(200, b"answered")] * number
    assert waited == ([reading] if number == 1 else [])


@pytest.mark.parametrize("seconds", [0.01, 2 * gateway._MOMENT])  # shorter and longer than that
def test_a_pause_ends_after_its_time(seconds: float) -> None:
    reading, writing = os.pipe()
    started = time.monotonic()
    client = answered(Application(Pause(reading, seconds)))
    assert seconds <= time.monotonic() - started < 30
    os.close(reading)
    os.close(writing)
    assert client.answers == [(200, b"answered")]


@pytest.mark.parametrize("pauses", [(BLOCKING,), (BLOCKING, BLOCKING)])
def test_what_may_block_goes_on_in_a_thread_to_the_end(pauses: tuple[Pause, ...]) -> None:
    application = Application(*pauses)
    client = answered(application)
    assert client.threads == [threading.get_ident()]
    assert client.answers == [(200, b"answered")]
    assert threading.get_ident() not in application.threads


def test_requests_in_threads_do_not_keep_each_other_waiting() -> None:
    both = threading.Barrier(2, timeout=10)
    client = answered(Application(BLOCKING, work=lambda _: both.wait()), number=2)
    assert client.answers == [(200, b"answered")] * 2


def test_a_client_with_too_many_requests_in_threads_is_told_so() -> None:
    release = threading.Event()
    application = Application(BLOCKING, work=lambda _: release.wait(10))

    async def ask_for_more() -> Client:
        client = Client()
        asking = asyncio.ensure_future(ask(application, client, gateway.REQUESTS_OF_A_CLIENT + 3))
        while len(client.answers) < 3:
            await asyncio.sleep(0.01)
        release.set()
        await asking
        return client

    client = asyncio.run(ask_for_more())
    assert {status for status, _ in client.answers[:3]} == {503}
    assert client.answers[3:] == [(200, b"answered")] * gateway.REQUESTS_OF_A_CLIENT
    assert application.ended == gateway.REQUESTS_OF_A_CLIENT + 3


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
        asking = asyncio.ensure_future(ask(application, Client()))
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


class Slow(Client):
    """One that takes its time."""

    async def send_file(self, response: Response, file: IO[bytes], first: int, last: int) -> None:
        await asyncio.sleep(0.1)
        await super().send_file(response, file, first, last)


class LargeAnswers:
    """Answers with a file that has no name, or with one that has; and 503 to what the gateway refuses."""

    def __init__(self, open_file: Callable[[], IO[bytes]]) -> None:
        self.open_file = open_file
        self.opened: list[IO[bytes]] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        yield from ()
        if REFUSAL in environ:
            start_response("503 SERVICE UNAVAILABLE", [])
            return [b"busy"]
        self.opened.append(self.open_file())
        start_response("200 OK", [("Content-Length", str(len(LARGE)))])
        return wrap_file(environ, self.opened[-1])


LARGE = b"x" * (IN_MEMORY + 1)


@pytest.fixture(params=["named", "without a name"])
def large_answers(request: pytest.FixtureRequest, tmp_path: Path) -> LargeAnswers:
    def open_file() -> IO[bytes]:
        file = (tmp_path / "large").open("w+b") if request.param == "named" else tempfile.TemporaryFile()  # noqa: SIM115  # as above
        file.write(LARGE)
        file.flush()
        return file

    return LargeAnswers(open_file)


def test_a_large_file_is_sent_and_closed(large_answers: LargeAnswers) -> None:
    assert answered(large_answers).answers == [(200, LARGE)]
    assert [file.closed for file in large_answers.opened] == [True]


def test_a_client_downloads_only_so_much_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "DOWNLOADS_OF_A_CLIENT", 1)
    (tmp_path / "large").write_bytes(LARGE)
    application, client = LargeAnswers(lambda: (tmp_path / "large").open("rb")), Slow()
    asyncio.run(ask(application, client, 3))
    assert client.answers == [(503, b"busy"), (503, b"busy"), (200, LARGE)]
    assert [file.closed for file in application.opened] == [True] * 3


def test_so_are_files_that_nobody_may_be_sent_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LARGE_ANSWERS", 1)
    monkeypatch.setattr(gateway, "WAITING_ANSWERS", 0)

    def open_file() -> IO[bytes]:
        file = tempfile.TemporaryFile()  # noqa: SIM115  # the gateway closes it
        file.write(LARGE)
        return file

    application, client = LargeAnswers(open_file), Slow()
    asyncio.run(ask(application, client, 3))
    assert client.answers == [(503, b"busy"), (503, b"busy"), (200, LARGE)]
    assert [file.closed for file in application.opened] == [True] * 3
