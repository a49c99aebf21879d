"""Receiving the bodies of requests: only so large, only for so long, and only so much at once.

They are complete before a thread is asked to answer, so a client that takes its time holds nothing but what it sent.
"""

import asyncio
from collections.abc import AsyncIterable
from io import BytesIO
from typing import TYPE_CHECKING

from medsynth_kg.endpoint.errors import BodyIncomplete, BodyTooSlow
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.sparql import BODY_LIMIT

_EMPTY_AT_THE_END = 1
"""Granian ends each body with an empty part, and has another one for a chunk that can't be read or does not come."""

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def announces_body(environment: "WSGIEnvironment") -> bool:
    """Whether a request has a body that is worth receiving: of a POST, and not too large by what it says itself."""
    if environment["REQUEST_METHOD"] != "POST":
        return False
    if "HTTP_TRANSFER_ENCODING" in environment:
        return True
    length = environment.get("CONTENT_LENGTH", "")
    return length.isdecimal() and 0 < int(length) <= BODY_LIMIT


async def receive_body(
    environment: "WSGIEnvironment", parts: AsyncIterable[bytes], room: Admission, seconds: float
) -> None:
    """Put a request's body into its environment, up to one byte more than allowed; ``room`` counts bytes.

    Raises:
        BodyTooSlow: it was not complete in time.
        BodyIncomplete: it never will be.
        PoolBusy: too much is on its way already.
    """
    body = bytearray()
    client = environment["REMOTE_ADDR"]
    empty = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in parts:
                room.take(client, len(part))
                body += part
                empty += not part
                if len(body) > BODY_LIMIT:
                    break
    except TimeoutError as error:
        raise BodyTooSlow(seconds) from error
    finally:
        room.give_back(client, len(body))
    if empty > _EMPTY_AT_THE_END or len(body) < int(environment.get("CONTENT_LENGTH") or 0):
        raise BodyIncomplete
    del body[BODY_LIMIT + 1 :]
    environment["CONTENT_LENGTH"] = str(len(body))
    environment.pop("HTTP_TRANSFER_ENCODING", None)
    environment["wsgi.input"] = BytesIO(body)
