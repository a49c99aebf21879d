"""Bodies are complete, not too large and not too slow before anybody answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from medsynth_kg.endpoint.errors import BodyIncomplete, BodyTooSlow
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.bodies import announces_body, receive_body
from medsynth_kg.endpoint.sparql import BODY_LIMIT
from medsynth_kg.query.errors import PoolBusy


def received(
    *parts: bytes, pause: float = 0.0, seconds: float = 30.0, room: Admission | None = None, **headers: str
) -> dict[str, Any]:
    """The environment of a request whose body comes in so many parts."""

    async def arriving() -> AsyncIterator[bytes]:
        for part in parts:
            await asyncio.sleep(pause)
            yield part

    environment: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.1", **headers}
    asyncio.run(receive_body(environment, arriving(), room or Admission(2**30, 2**30), seconds=seconds))
    return environment


def test_a_body_arrives_in_parts_and_is_read_whole() -> None:
    environment = received(b"ASK ", b"", b"{}", CONTENT_LENGTH="6")
    assert environment["wsgi.input"].read() == b"ASK {}"
    assert environment["CONTENT_LENGTH"] == "6"


def test_a_chunked_body_has_a_length_once_it_is_there() -> None:
    environment = received(b"ASK ", b"{}", HTTP_TRANSFER_ENCODING="chunked")
    assert environment["CONTENT_LENGTH"] == "6"
    assert "HTTP_TRANSFER_ENCODING" not in environment


def test_no_more_is_received_than_shows_that_a_body_is_too_large() -> None:
    environment = received(*[b"x" * BODY_LIMIT] * 3, HTTP_TRANSFER_ENCODING="chunked")
    assert environment["CONTENT_LENGTH"] == str(BODY_LIMIT + 1)
    assert len(environment["wsgi.input"].read()) == BODY_LIMIT + 1


def test_a_body_that_takes_too_long_is_told_so() -> None:
    with pytest.raises(BodyTooSlow, match=r"0\.2 seconds"):
        received(*[b"x"] * 100, pause=0.05, seconds=0.2, CONTENT_LENGTH="100")


def test_a_body_that_breaks_off_is_no_request() -> None:
    with pytest.raises(BodyIncomplete):
        received(b"ASK ", CONTENT_LENGTH="6")


def test_neither_is_one_whose_chunks_break_off() -> None:
    with pytest.raises(BodyIncomplete):
        received(b"ASK ", b"", b"", HTTP_TRANSFER_ENCODING="chunked")


def test_bodies_share_the_room_there_is_and_give_it_back() -> None:
    room = Admission(in_all=10, of_a_client=5)
    with pytest.raises(PoolBusy):
        received(b"ASK ", b"{}", room=room, CONTENT_LENGTH="6")
    for _ in range(3):
        received(b"ASK{}", room=room, CONTENT_LENGTH="5")


@pytest.mark.parametrize(
    ("headers", "announced"),
    [
        ({}, False),
        ({"CONTENT_LENGTH": "0"}, False),
        ({"CONTENT_LENGTH": "6"}, True),
        ({"CONTENT_LENGTH": str(BODY_LIMIT)}, True),
        ({"CONTENT_LENGTH": str(BODY_LIMIT + 1)}, False),
        ({"CONTENT_LENGTH": "²"}, False),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, True),
    ],
)
def test_a_body_that_says_itself_that_it_is_too_large_is_not_received(headers: dict[str, str], announced: bool) -> None:
    assert announces_body({"REQUEST_METHOD": "POST", **headers}) is announced


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_body_of_what_is_refused_anyway_is_not_waited_for(method: str) -> None:
    assert not announces_body({"REQUEST_METHOD": method, "CONTENT_LENGTH": "6"})
