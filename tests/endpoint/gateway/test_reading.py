"""Requests are read whole, however their bytes come; what is none, or too much of one, is refused."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint import errors
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.environment import Ends
from medsynth_kg.endpoint.gateway.reading import HEAD_BYTES, HEADERS, RequestReader, Stage
from medsynth_kg.endpoint.passing import REFUSAL
from medsynth_kg.endpoint.sparql import BODY_LIMIT
from medsynth_kg.query.errors import PoolBusy

GET = b"GET /healthz?%d HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\n"
LENGTH, CHUNKED = b"Content-Length: %d\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
Environment = dict[str, Any]


def reader(room: Admission | None = None) -> RequestReader:
    return RequestReader(Ends("192.0.2.1", "127.0.0.1", "8000"), room or Admission(2**30, 2**30))


def read(*parts: bytes, by: RequestReader | None = None) -> list[tuple[Environment, bool]]:
    """The environments of all requests, and whether the connection stays open after each."""
    reading = by or reader()
    requests: list[tuple[Environment, bool]] = []
    for part in parts:
        left = part
        while left and not reading.has_ended:
            left = reading.feed(left)
            if (request := reading.take()) is not None:
                requests.append((request.environment, request.keeps_alive))
    return requests


def refusal(*parts: bytes, by: RequestReader | None = None) -> object:
    """Why the last request was refused; nothing is read after it."""
    reading = by or reader()
    environment, keeps_alive = read(*parts, by=reading)[-1]
    assert not keeps_alive
    assert reading.has_ended
    return environment.get(REFUSAL)


def body(environment: Environment) -> bytes:
    content: bytes = environment["wsgi.input"].read()
    assert environment.get("CONTENT_LENGTH", "0") == str(len(content))
    return content


STREAM = b"".join(
    (
        GET % 1,
        b"\r\n" + GET % 2,
        POST + LENGTH % 6 + b"ASK {}",
        POST + CHUNKED + b"4\r\nASK \r\n2;x=y\r\n{}\r\n0\r\n\r\n",
        POST + UPGRADE + LENGTH % 6 + b"ASK {}",
        POST + UPGRADE + CHUNKED + b"6\r\nASK {}\r\n0\r\n\r\n",
        b"GET /\xc3\xa9?q=\xff HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n" + UPGRADE + b"\r\n",
        b"HEAD / HTTP/1.0\r\n\r\n",
    )
)

SEEN = [
    ("GET", "/healthz", "1", b""),
    ("GET", "/healthz", "2", b""),
    *[("POST", "/sparql", "", b"ASK {}")] * 4,
    ("GET", "/é".encode().decode("latin-1"), "q=%FF", b""),
    ("HEAD", "/", "", b""),
]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_requests_are_the_same_however_their_bytes_are_split(cuts: Sequence[int]) -> None:
    ends = [0, *sorted(cuts), len(STREAM)]
    requests = read(*(STREAM[first:last] for first, last in pairwise(ends)))
    # What comes in one piece with the end of a body in chunks is not read: the client is told to ask again.
    assert len(requests) in (4, 6, len(SEEN))
    assert [keeps_alive for _, keeps_alive in requests] == [True] * (len(requests) - 1) + [False]
    seen = [(each["REQUEST_METHOD"], each["PATH_INFO"], each["QUERY_STRING"], body(each)) for each, _ in requests]
    assert seen == SEEN[: len(seen)]
    assert not any(REFUSAL in environment for environment, _ in requests)


@given(st.lists(st.binary(max_size=80), max_size=4), st.sampled_from([b"", GET % 1, POST, POST + CHUNKED]))
def test_whatever_comes_is_read_or_refused(parts: list[bytes], beginning: bytes) -> None:
    reading = reader()
    requests = read(beginning, *parts, by=reading)
    reading.end()
    last = reading.take()
    assert reading.has_ended
    refused = [REFUSAL in environment for environment, _ in requests]
    assert not any(refused[:-1])
    assert last is None or REFUSAL in last.environment


def test_a_body_that_is_on_its_way_shows() -> None:
    reading = reader()
    stages = [reading.stage]
    for part in (POST, LENGTH % 6 + b"ASK", b" {}"):
        read(part, by=reading)
        stages.append(reading.stage)
    assert stages == [Stage.BEFORE, Stage.HEAD, Stage.BODY, Stage.BEFORE]


def test_an_empty_line_is_no_beginning_of_a_request() -> None:
    reading = reader()
    assert len(read(POST + LENGTH % 6 + b"ASK {}\r\n", b"\r\n", by=reading)) == 1
    assert reading.stage is Stage.BEFORE
    assert len(read(GET % 1, by=reading)) == 1


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_client_may_wait_until_its_body_is_wanted(version: bytes) -> None:
    reading = reader()
    assert not read(POST.replace(b"1.1", version) + b"Expect: 100-Continue\r\n" + LENGTH % 6, by=reading)
    assert reading.awaits_continue is (version == b"1.1")
    assert read(b"ASK {}", by=reading)
    assert not reading.awaits_continue


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"GET"])
@pytest.mark.parametrize("framing", [LENGTH % 6, CHUNKED])
def test_the_body_of_what_is_refused_anyway_is_not_waited_for(method: bytes, framing: bytes) -> None:
    ((environment, keeps_alive),) = read(POST.replace(b"POST", method) + framing)
    assert environment["REQUEST_METHOD"] == method.decode()
    assert not keeps_alive


def test_neither_is_one_that_says_itself_that_it_is_too_large() -> None:
    ((environment, keeps_alive),) = read(POST + LENGTH % (BODY_LIMIT + 1))
    assert environment["CONTENT_LENGTH"] == str(BODY_LIMIT + 1)
    assert not keeps_alive


def test_no_more_is_received_than_shows_that_a_body_is_too_large() -> None:
    part = b"%x\r\n%b\r\n" % (BODY_LIMIT // 2, b"x" * (BODY_LIMIT // 2))
    ((environment, keeps_alive),) = read(POST + CHUNKED, *[part] * 3)
    assert len(body(environment)) == BODY_LIMIT + 1
    assert not keeps_alive


def test_a_body_may_be_as_large_as_a_query_may() -> None:
    ((environment, keeps_alive),) = read(POST + LENGTH % BODY_LIMIT + b"x" * BODY_LIMIT)
    assert len(body(environment)) == BODY_LIMIT
    assert keeps_alive


@pytest.mark.parametrize("behind", [b"1;%b\r\nx\r\n" % (b"y" * 2**16), b"0\r\nX: %b\r\n" % (b"y" * 2**23)])
def test_what_is_around_chunks_and_behind_them_is_bounded(behind: bytes) -> None:
    assert isinstance(refusal(POST + CHUNKED, *[behind] * 70), errors.BodyTooLarge)


def test_trailer_fields_are_no_headers() -> None:
    ((environment, keeps_alive),) = read(POST + CHUNKED + b"3\r\nASK\r\n0\r\nX-Late: 1\r\n\r\n")
    assert body(environment) == b"ASK"
    assert "HTTP_X_LATE" not in environment
    assert keeps_alive


def test_the_head_is_bounded() -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\n"
    lines = b"X: 1\r\n" * (HEADERS - 1)
    assert read(head + lines + b"\r\n")[0][1]
    assert isinstance(refusal(head + lines + b"X: 1\r\n\r\n"), errors.HeadersTooLarge)
    assert isinstance(refusal(head + b"X: 1\r\n" * (HEADERS + 1)), errors.HeadersTooLarge)
    assert isinstance(refusal(head + b"X: %b" % (b"y" * HEAD_BYTES)), errors.HeadersTooLarge)
    assert isinstance(refusal(*[b"GET /" + b"y" * 1000] + [b"y" * 1000] * 200), errors.AddressTooLong)


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (b"\x16\x03\x01\x02", errors.MalformedRequest),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", errors.MalformedRequest),
        (b"GET / HTTP/3.7\r\nHost: a\r\n\r\n", errors.MalformedRequest),
        (b"GET /\r\n\r\n", errors.MalformedRequest),
        (b"GET / HTTP/1.1\r\n\r\n", errors.MalformedRequest),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", errors.MalformedRequest),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", errors.MalformedRequest),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", errors.MalformedRequest),
        (b"FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", errors.MethodUnknown),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", errors.MethodUnknown),
        (POST + b"Content-Length: 6\r\n" + CHUNKED, errors.MalformedRequest),
        (POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\n", errors.MalformedRequest),
        (POST + b"Content-Length: -1\r\n\r\n", errors.MalformedRequest),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", errors.MalformedRequest),
        (POST + CHUNKED + b"ZZ\r\n", errors.BodyIncomplete),
    ],
)
def test_what_is_no_request_is_refused_and_nothing_after_it_is_read(
    request_: bytes, kind: type[errors.RequestRefused]
) -> None:
    assert isinstance(refusal(request_ + GET % 1), kind)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [(b"GET", errors.MalformedRequest), (POST + LENGTH % 6 + b"ASK", errors.BodyIncomplete)],
)
def test_a_request_that_breaks_off_is_refused(beginning: bytes, kind: type[errors.RequestRefused]) -> None:
    reading = reader()
    read(beginning, by=reading)
    reading.end()
    request = reading.take()
    assert request is not None
    assert isinstance(request.environment[REFUSAL], kind)


def test_who_sends_nothing_is_owed_nothing() -> None:
    reading = reader()
    reading.end()
    assert reading.take() is None
    assert reading.has_ended


@pytest.mark.parametrize(
    ("beginning", "kind"), [(b"GET", errors.HeadersTooSlow), (POST + LENGTH % 6 + b"ASK", errors.BodyTooSlow)]
)
def test_a_request_that_takes_too_long_is_told_so(beginning: bytes, kind: type[errors.RequestRefused]) -> None:
    reading = reader()
    read(beginning, by=reading)
    reading.give_up(7)
    request = reading.take()
    assert request is not None
    assert isinstance(request.environment[REFUSAL], kind)
    assert "after 7 seconds" in str(request.environment[REFUSAL])


def test_unfinished_requests_share_the_room_there_is_and_give_it_back() -> None:
    head = POST + LENGTH % 6
    room = Admission(in_all=2**30, of_a_client=len(head) + 3)
    assert isinstance(refusal(head, b"ASK ", by=reader(room)), PoolBusy)
    for _ in range(3):
        assert read(head, b"ASK", b" {}", by=reader(room))[0][1]
    left = reader(room)
    read(head[:-2], by=left)
    assert isinstance(refusal(head, by=reader(room)), PoolBusy)
    left.close()
    assert read(head, b"ASK", b" {}", by=reader(room))[0][1]
