"""Clients over real sockets: what they send is answered in order, and none of them holds up the others, or for long."""

import asyncio
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import chain
from typing import IO, TYPE_CHECKING

import pytest
import uvloop
from tests.end_to_end.server import wait_for
from tests.external_programs import cannot_run
from tests.loopback import is_open
from werkzeug.wsgi import wrap_file

from medsynth_kg.endpoint.gateway import connection, connections, sending
from medsynth_kg.endpoint.gateway.connection import Connection
from medsynth_kg.endpoint.gateway.connections import Connections
from medsynth_kg.endpoint.gateway.gateway import Gateway
from medsynth_kg.endpoint.passing import CANCELLATION, HOLDS, REFUSAL
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.steps import BLOCKING, Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
LARGE = bytes(range(256)) * 80_000
"""More than the buffers of a connection take."""
KEEP, CLOSE = b"Host: a\r\n\r\n", b"Host: a\r\nConnection: close\r\n\r\n"
POST = b"POST /body HTTP/1.1\r\nContent-Length: 6\r\n"


class Site:
    """Answers with the path, with the body, with a large file, or only once it is released; tells what is refused."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.waiting: list[Cancellation] = []
        self.files: list[IO[bytes]] = []
        self.asked: list[str] = []
        self.holds = True

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path.startswith("/known"):
            environ[HOLDS] = lambda: self.holds
        if REFUSAL in environ:
            start_response(f"{getattr(environ[REFUSAL], 'status', 500)} NO", [("Why", type(environ[REFUSAL]).__name__)])
            return [b"refused"]
        if path == "/wait":
            yield BLOCKING
            cancelled = threading.Event()
            self.waiting.append(environ[CANCELLATION])
            with environ[CANCELLATION].interrupts(cancelled.set):
                assert wait_for(lambda: self.released.is_set() or cancelled.is_set())
        if path.startswith("/fails"):
            yield from (BLOCKING,) * path.endswith("later")
            raise ZeroDivisionError
        if path == "/file":
            file = tempfile.TemporaryFile()  # noqa: SIM115  # the gateway closes it
            file.write(LARGE)
            self.files.append(file)
            start_response("200 OK", [("Content-Length", str(len(LARGE)))])
            return wrap_file(environ, file)
        if path.startswith("/two"):
            yield from (BLOCKING,) * path.endswith("later")
            start_response("200 OK", [("Link", "</a>\r\nSet-Cookie: x=y")])
            return []
        content = LARGE if path == "/large" else environ["wsgi.input"].read() or path.encode()
        status = "304 NOT MODIFIED" if path == "/unmodified" else "200 OK"
        start_response(status, [] if path != "/head" else [("Content-Length", "5")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" or path == "/unmodified" else [content]


class Serving:
    """A server in a thread of its own."""

    def __init__(self, site: Site, room: Connections, listener: socket.socket) -> None:
        self.site = site
        self.room = room
        self._listener = listener
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._ended = asyncio.Event()

    async def _serve(self) -> None:
        gateway = Gateway(self.site, threads=4, behind_proxy=False)
        server = await self._loop.create_server(lambda: Connection(gateway, self.room), sock=self._listener)
        watching = self._loop.create_task(self.room.watch())
        await self._ended.wait()
        server.close()
        await self.room.end(5)
        watching.cancel()

    def start(self) -> None:
        self._thread.start()

    def tell_to_end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)

    def end(self) -> None:
        self.site.released.set()
        self.tell_to_end()
        self._thread.join(10)
        assert not self._thread.is_alive()
        self._loop.close()

    def connect(self, client: str = HERE, receive_buffer: int | None = None) -> socket.socket:
        connection = socket.socket(self._listener.family)
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(10)
        connection.bind((client, 0))
        connection.connect(self._listener.getsockname()[:2])
        return connection

    @contextmanager
    def asked(self, *parts: bytes, receive_buffer: int | None = None) -> Iterator[socket.socket]:
        with self.connect(receive_buffer=receive_buffer) as client:
            for part in parts:
                client.sendall(part)
            yield client

    def answer(self, *parts: bytes) -> bytes:
        """Everything that comes until the server closes the connection."""
        with self.asked(*parts) as client:
            return to_the_end(client)


def to_the_end(client: socket.socket) -> bytes:
    content = bytearray()
    while part := client.recv(2**20):
        content += part
    return bytes(content)


def bodies(answer: bytes) -> list[bytes]:
    return [response.partition(b"\r\n\r\n")[2] for response in answer.split(b"HTTP/1.1 ")[1:]]


def get(path: bytes, end: bytes = KEEP) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n" + end


@contextmanager
def serving(
    of_a_client: int = 100, *, behind_proxy: bool = False, address: str = HERE, version: int = socket.AF_INET
) -> Iterator[Serving]:
    listener = socket.create_server(
        (address, 0), family=socket.AddressFamily(version), dualstack_ipv6=version == socket.AF_INET6
    )
    running = Serving(Site(), Connections(1000, of_a_client, behind_proxy=behind_proxy), listener)
    running.start()
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client may leave less unread and unfinished than one large answer takes."""
    monkeypatch.setattr(connections, "UNSENT_OF_A_CLIENT", len(LARGE) // 2)
    monkeypatch.setattr(connections, "UNFINISHED_OF_A_CLIENT", 1000)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(connections, "SECONDS_BETWEEN", 0.02)
    with serving() as running:
        yield running


def test_a_connection_stays_open_until_the_client_wants_no_more(server: Serving) -> None:
    with server.asked(get(b"/1")) as client:
        assert b"/1" in client.recv(1000)
        client.sendall(get(b"/2", CLOSE))
        last = to_the_end(client)
    assert bodies(last) == [b"/2"]
    assert b"\r\nConnection: close\r\n" in last
    assert b"\r\nServer: medsynth-kg\r\nDate: " in last


def test_http_1_0_closes_unless_it_is_asked_not_to(server: Serving) -> None:
    assert bodies(server.answer(b"GET /1 HTTP/1.0\r\n\r\n")) == [b"/1"]
    kept = server.answer(b"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", b"GET /2 HTTP/1.0\r\n\r\n")
    assert bodies(kept) == [b"/1", b"/2"]
    assert b"\r\nConnection: keep-alive\r\n" in kept


def test_requests_that_come_all_at_once_are_answered_in_their_order(server: Serving) -> None:
    paths = [b"/%d" % number for number in range(500)]
    assert bodies(server.answer(*map(get, paths), get(b"/last", CLOSE))) == [*paths, b"/last"]


def test_what_comes_while_one_is_answered_is_answered_next(server: Serving) -> None:
    many = get(b"/3") * 5000  # more than is kept
    with server.asked(get(b"/wait") + get(b"/1"), get(b"/2")) as client:
        sending = threading.Thread(target=client.sendall, args=(many + get(b"/last", CLOSE),))
        sending.start()
        assert wait_for(lambda: bool(server.site.waiting))
        server.site.released.set()
        assert bodies(to_the_end(client)) == [b"/wait", b"/1", b"/2", *[b"/3"] * 5000, b"/last"]
        sending.join(10)


def test_no_more_than_the_headers_are_sent_to_who_asks_for_those(server: Serving) -> None:
    answer = server.answer(b"HEAD /head HTTP/1.1\r\n" + KEEP, get(b"/unmodified"), get(b"/1", CLOSE))
    assert bodies(answer) == [b"", b"", b"/1"]
    assert [response.count(b"Content-Length") for response in answer.split(b"HTTP/1.1 ")[1:]] == [1, 0, 1]


def test_what_is_known_is_said_again_without_the_site_until_it_no_longer_holds(server: Serving) -> None:
    def ask(*requests: bytes) -> list[bytes]:
        with server.asked() as client:
            answers = []
            for request in requests:
                client.sendall(request)
                answers.append(client.recv(1000))
            return [body for answer in answers for body in bodies(answer)]

    for request in (
        get(b"/known"),
        b"HEAD /known HTTP/1.1\r\n" + KEEP,
        POST.replace(b"/body", b"/known") + KEEP + b"ASK {}",
    ):
        server.site.asked.clear()
        server.site.holds = True
        first = ask(request)
        assert ask(request, request, request) == first * 3
        assert server.site.asked == ["/known"]
        server.site.holds = False
        assert ask(request, request) == first * 2
        assert server.site.asked == ["/known"] * 3
        server.site.holds = True


def test_what_is_known_is_not_mistaken_for_more_or_less(server: Serving) -> None:
    one, other = get(b"/known/1"), get(b"/known/2")
    end = get(b"/last", CLOSE)
    for _ in range(3):
        assert bodies(server.answer(one + other, end)) == [b"/known/1", b"/known/2", b"/last"]
        assert bodies(server.answer(one + one + one + end)) == [*[b"/known/1"] * 3, b"/last"]
        assert bodies(server.answer(one, other, one, end)) == [b"/known/1", b"/known/2", b"/known/1", b"/last"]
        assert bodies(server.answer(get(b"/known/1", CLOSE))) == [b"/known/1"]


def test_a_client_is_told_to_send_the_body_that_it_holds_back(server: Serving) -> None:
    with server.asked(POST + b"Expect: 100-continue\r\n" + CLOSE) as client:
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ASK {}")
        assert bodies(to_the_end(client)) == [b"ASK {}"]


def test_a_client_reads_its_refusal_while_it_still_sends(server: Serving) -> None:
    with server.asked(b"PUT / HTTP/1.1\r\nContent-Length: 99999999\r\n" + KEEP) as client:
        sending = threading.Thread(target=lambda: client.sendall(b"x" * 2**22))
        sending.start()
        assert bodies(to_the_end(client)) == [b"/"]
        sending.join(10)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (b"nonsense\r\n\r\n", b"MalformedRequest"),
        (get(b"/", b"\r\n"), b"MalformedRequest"),
        (get(b"/", b"X: 1\r\n" * 200), b"HeadersTooLarge"),
        (get(b"/" + b"x" * 200_000), b"AddressTooLong"),
        (b"FETCH / HTTP/1.1\r\n" + KEEP, b"MethodUnknown"),
    ],
)
def test_what_is_no_request_is_answered_by_the_site_too(server: Serving, request_: bytes, why: bytes) -> None:
    answer = server.answer(get(b"/1") + request_)
    assert bodies(answer) == [b"/1", b"refused"]
    assert b"\r\nWhy: " + why + b"\r\n" in answer


@pytest.mark.parametrize(
    ("beginning", "limit", "why"),
    [
        (b"GET /", "HEAD_SECONDS", b"HeadersTooSlow"),
        (POST + KEEP + b"ASK", "BODY_SECONDS", b"BodyTooSlow"),
    ],
)
def test_who_takes_too_long_to_ask_is_told_so(
    server: Serving, monkeypatch: pytest.MonkeyPatch, beginning: bytes, limit: str, why: bytes
) -> None:
    monkeypatch.setattr(connection, limit, 0.2)
    answer = server.answer(get(b"/1"), beginning)
    assert b"HTTP/1.1 408 " in answer
    assert why in answer


def test_a_body_may_take_its_time_after_slow_headers(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    with server.asked(POST) as client:
        threading.Event().wait(0.1)
        client.sendall(CLOSE)
        threading.Event().wait(0.8)
        client.sendall(b"ASK {}")
        assert bodies(to_the_end(client)) == [b"ASK {}"]


def test_who_asks_nothing_is_let_go(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.2)
    assert server.answer() == b""
    assert bodies(server.answer(get(b"/1"))) == [b"/1"]


def test_who_leaves_takes_the_question_along(server: Serving) -> None:
    with server.asked(get(b"/1") + get(b"/wait")) as client:
        assert wait_for(lambda: bool(server.site.waiting))
        assert not server.site.waiting[0].cancelled
        client.shutdown(socket.SHUT_WR)
        assert wait_for(lambda: server.site.waiting[0].cancelled)
    assert wait_for(lambda: len(server.room) == 0)


@pytest.mark.parametrize("path", [b"/large", b"/file"])
def test_a_large_answer_arrives_whole_and_others_after_it(server: Serving, path: bytes) -> None:
    with server.asked(get(path) + get(b"/1", CLOSE), receive_buffer=4096) as client:
        assert bodies(to_the_end(client)) == [LARGE, b"/1"]
    assert all(file.closed for file in server.site.files)


def test_so_does_the_last_one_however_slowly_it_is_read(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.1)
    with server.asked(get(b"/large", CLOSE), receive_buffer=4096) as client:
        threading.Event().wait(0.5)
        assert bodies(to_the_end(client)) == [LARGE]


@pytest.mark.parametrize("path", [b"/large", b"/file"])
def test_who_takes_nothing_does_not_get_the_rest(server: Serving, monkeypatch: pytest.MonkeyPatch, path: bytes) -> None:
    monkeypatch.setattr(sending, "SILENCE", 0.3)
    with server.asked(get(path), receive_buffer=4096):
        assert wait_for(lambda: len(server.room) == 1)
        assert wait_for(lambda: len(server.room) == 0)
    assert wait_for(lambda: all(file.closed for file in server.site.files))


@pytest.mark.usefixtures("small_room")
def test_what_a_client_leaves_unread_is_bounded(server: Serving) -> None:
    with server.asked(get(b"/large"), receive_buffer=4096):
        assert wait_for(lambda: server.site.asked == ["/large"])
        assert wait_for(lambda: len(server.room) == 0)
    assert bodies(server.answer(get(b"/1", CLOSE))) == [b"/1"]


@pytest.mark.usefixtures("small_room")
def test_so_is_what_it_sends_before_its_time(server: Serving) -> None:
    with server.asked(get(b"/wait")) as client:
        assert wait_for(lambda: bool(server.site.waiting))
        client.sendall(b"x" * 2000)
        assert wait_for(lambda: len(server.room) == 0)
        assert wait_for(lambda: server.site.waiting[0].cancelled)
        with suppress(ConnectionError):
            assert client.recv(100) == b""
    with server.asked(get(b"/wait") + b"x" * 2000):
        assert wait_for(lambda: len(server.site.waiting) == 2)
        assert wait_for(lambda: len(server.room) == 0)
    for _ in range(30):
        with server.asked(get(b"/1") + get(b"/2") * 20, get(b"/3", CLOSE)) as client:
            assert bodies(to_the_end(client)) == [b"/1", *[b"/2"] * 20, b"/3"]


def test_who_takes_a_little_now_and_then_has_not_for_ever(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST", 0.5)
    with server.asked(get(b"/large"), receive_buffer=4096) as client:
        client.settimeout(10)
        received = 0
        with suppress(ConnectionError):
            while part := client.recv(4096):
                received += len(part)
                threading.Event().wait(0.02)
        assert received < len(LARGE)


def test_a_file_takes_only_so_long(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST", 0.3)
    with server.asked(get(b"/file"), receive_buffer=4096):
        assert wait_for(lambda: bool(server.site.files) and server.site.files[0].closed)
        assert wait_for(lambda: len(server.room) == 0)


def test_who_never_reads_the_last_answer_is_let_go(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.2)
    with server.asked(get(b"/1", CLOSE)):
        assert wait_for(lambda: len(server.room) == 1)
        assert wait_for(lambda: len(server.room) == 0)


@pytest.mark.parametrize("path", [b"/fails", b"/fails/later", b"/two/headers", b"/two/headers/later"])
def test_a_failure_ends_its_own_connection_alone(
    server: Serving, path: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with server.asked(get(b"/1") + get(path)) as client:
        answer = to_the_end(client)
    assert bodies(answer) == [b"/1", b"refused"]
    assert b"\r\nWhy: RequestFailed\r\n" in answer
    assert "could not be answered" in caplog.text
    assert bodies(server.answer(get(b"/1", CLOSE))) == [b"/1"]


def test_an_ending_server_answers_what_it_has_begun_and_lets_the_idle_go(server: Serving) -> None:
    with server.connect() as idle, server.asked(get(b"/wait") + get(b"/1")) as busy:
        assert wait_for(lambda: bool(server.site.waiting))
        server.tell_to_end()
        assert to_the_end(idle) == b""
        server.site.released.set()
        last = to_the_end(busy)
    assert bodies(last) == [b"/wait"]
    assert b"\r\nConnection: close\r\n" in last


def test_an_ending_server_waits_for_a_request_that_is_on_its_way(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "GRACE_SECONDS", 5)
    with server.asked(get(b"/1")) as client:
        assert b"/1" in client.recv(1000)
        server.tell_to_end()
        threading.Event().wait(0.3)
        client.sendall(get(b"/2"))
        assert bodies(to_the_end(client)) == [b"/2"]


def test_what_fails_while_it_is_looked_after_harms_no_other(
    server: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with server.connect() as client:
        assert wait_for(lambda: len(server.room) == 1)
        with monkeypatch.context() as patched:
            patched.setattr(Connection, "check", fail)
            assert to_the_end(client) == b""
    assert "could not be looked after" in caplog.text
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.1)
    assert server.answer() == b""


def counted(server: AbstractContextManager[Serving], *clients: tuple[str, int]) -> list[int]:
    """How many connections of each client stay open."""
    with server as running, ExitStack() as stack:
        opened = [[stack.enter_context(running.connect(client)) for _ in range(number)] for client, number in clients]
        kept = len(running.room)
        assert wait_for(lambda: sum(map(is_open, chain(*opened))) == len(running.room) >= kept)
        return [sum(map(is_open, of_one)) for of_one in opened]


def test_each_client_keeps_its_share_and_its_newest_connections_are_closed() -> None:
    assert counted(serving(20), (HERE, 30), (ELSEWHERE, 15)) == [20, 15]


def test_behind_a_proxy_all_clients_come_by_one_address() -> None:
    assert counted(serving(20, behind_proxy=True), (HERE, 30)) == [30]


def test_clients_of_either_version_of_ip_are_told_apart() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        cannot_run("this system has no IPv6")
    with serving(5, address="::", version=socket.AF_INET6) as server, ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(("::1", port(server)), 10)) for _ in range(10)]
        others = [
            stack.enter_context(socket.create_connection((HERE, port(server)), 10, (f"127.0.0.{number}", 0)))
            for number in range(1, 25)
        ]
        assert wait_for(lambda: sum(map(is_open, many)) == 5)
        assert all(map(is_open, others))


def port(server: Serving) -> int:
    number: int = server._listener.getsockname()[1]
    return number


def test_room_is_there_again_once_others_have_left() -> None:
    with serving(1) as server:
        for _ in range(20):
            assert bodies(server.answer(get(b"/1", CLOSE))) == [b"/1"]
            assert wait_for(lambda: len(server.room) == 0)
