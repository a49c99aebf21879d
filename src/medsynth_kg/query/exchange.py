"""One query to a store over HTTP and its answer, read under a deadline and no further than an answer may be long.

A query that is taken back ends at once, whatever the store does, and its connection with it.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import requests
import urllib3

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import QueryCancelled, QueryError, ResultTooLarge, StoreUnavailable
from medsynth_kg.query.spilling import IN_MEMORY, spill
from medsynth_kg.stores.client import Credentials, open_session
from medsynth_kg.stores.connections import Breaker

_CONNECT_SECONDS = 5.0
_CHUNK = 2**16
_LEAST = 0.001
"""The shortest time-out that a socket takes as one, in seconds."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """What a store said: its status, its headers and its body, of which only the beginning is kept after a failure."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]


class Exchange:
    """Sends queries to one store, over connections that are kept open; thread-safe. Follows no redirect."""

    def __init__(self, address: str, credentials: Credentials | None, connections: int) -> None:
        self._address = address
        self._session = open_session(credentials, connections)

    def ask(
        self,
        parameters: Sequence[tuple[str, str]],
        accept: str,
        deadline: float,
        result_size: int,
        cancellation: Cancellation,
    ) -> StoreAnswer:
        """Send a query as a form (SPARQL 1.1 Protocol, section 2.1.2); ``deadline`` is by the monotonic clock.

        Raises:
            TimeoutError: the answer was not complete by the deadline.
            ResultTooLarge: it has more than ``result_size`` bytes.
            StoreUnavailable: the store can't be reached, or broke off.
            QueryCancelled: the query was taken back.
            NoRoom: the answer can't be kept in a file.
        """
        with broken_off_by(cancellation):
            response = self._post(parameters, accept, deadline, cancellation)
            try:
                parts = _parts(response, deadline, result_size, cancellation)
                body = spill(parts if response.ok else _beginning(parts), IN_MEMORY)
                return StoreAnswer(response.status_code, response.headers, body)
            except urllib3.exceptions.ReadTimeoutError as error:
                raise TimeoutError from error
            except urllib3.exceptions.HTTPError as error:
                if not cancellation.cancelled:
                    logger.warning("the store broke off its answer: %s", type(error).__name__)
                raise StoreUnavailable from error
            finally:
                response.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(
        self, parameters: Sequence[tuple[str, str]], accept: str, deadline: float, cancellation: Cancellation
    ) -> requests.Response:
        """A connection that was kept may have been closed by the store meanwhile, hence a second attempt."""
        for is_last in (False, True):
            remaining = max(deadline - time.monotonic(), _LEAST)
            try:
                return self._session.post(
                    self._address,
                    data=list(parameters),
                    headers={"Accept": accept, "Accept-Encoding": "identity"},
                    timeout=(min(_CONNECT_SECONDS, remaining), remaining),
                    stream=True,
                    allow_redirects=False,
                )
            except requests.ReadTimeout as error:
                raise TimeoutError from error
            except requests.RequestException as error:
                if cancellation.cancelled:
                    raise QueryCancelled from error
                if is_last or not isinstance(error, requests.ConnectionError):
                    logger.warning("%s does not answer: %s", self._address, type(error).__name__)
                    raise StoreUnavailable from error
        raise StoreUnavailable


@contextmanager
def broken_off_by(cancellation: Cancellation) -> Iterator[None]:
    """Break off what the block asks of a store as soon as the query is taken back.

    Raises:
        QueryCancelled: it was, and so the block has failed.
    """
    try:
        with Breaker() as breaker, cancellation.interrupts(breaker.break_off):
            yield
    except (QueryError, TimeoutError) as error:
        if cancellation.cancelled:
            raise QueryCancelled from error
        raise


def _parts(response: requests.Response, deadline: float, limit: int, cancellation: Cancellation) -> Iterator[bytes]:
    """The whole body; what was broken off may look whole, where only the connection's end tells the end."""
    size = 0
    while content := _next_part(response.raw, deadline):
        size += len(content)
        if size > limit:
            raise ResultTooLarge(limit)
        yield content
    if cancellation.cancelled:
        raise QueryCancelled


def _beginning(parts: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for part in parts:
        yield part
        size += len(part)
        if size >= _CHUNK:
            return


def _next_part(raw: Any, deadline: float) -> bytes:
    """What has arrived; the wait for it ends at the deadline where the connection is one that is kept."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    connected = getattr(raw.connection, "sock", None)
    if connected is not None:
        connected.settimeout(max(remaining, _LEAST))
    part: bytes = raw.read1(_CHUNK, decode_content=True)
    return part
