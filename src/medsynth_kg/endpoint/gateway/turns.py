"""Waiting for one's turn where only so many may go on at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.problems import RETRY_SECONDS
from medsynth_kg.query.errors import PoolBusy


@dataclass(slots=True, eq=False)
class _Waiting:
    client: str
    turn: asyncio.Future[None]


class Turns:
    """Lets clients on while there are places, and the others in the order of their coming; for one event loop.

    A client that has its share of the places holds nobody up who came after it.
    """

    def __init__(self, places: Admission, waiting: Admission, seconds: float) -> None:
        """``waiting`` is how many may wait, and each no longer than so many seconds."""
        self._places = places
        self._may_wait = waiting
        self._seconds = seconds
        self._queue: deque[_Waiting] = deque()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """A place, until the end of the block; raises ``PoolBusy`` where too many wait, or for too long."""
        try:
            self._places.take(client)
        except PoolBusy:
            await self._wait(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _wait(self, client: str) -> None:
        with self._may_wait.admit(client):
            waiting = _Waiting(client, asyncio.get_running_loop().create_future())
            self._queue.append(waiting)
            try:
                async with asyncio.timeout(self._seconds):
                    await waiting.turn
            except BaseException as error:
                if waiting in self._queue:
                    self._queue.remove(waiting)
                else:
                    # Its turn came in the very moment in which it gave up.
                    self._leave(client)
                if isinstance(error, TimeoutError):
                    raise PoolBusy(RETRY_SECONDS) from error
                raise

    def _leave(self, client: str) -> None:
        self._places.give_back(client)
        for waiting in self._queue:
            try:
                self._places.take(waiting.client)
            except PoolBusy:
                continue
            self._queue.remove(waiting)
            waiting.turn.set_result(None)
            return
