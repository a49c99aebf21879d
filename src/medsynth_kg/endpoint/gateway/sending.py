"""What goes out on a connection: no faster than the client takes it, and no more at once than there is room for."""

import asyncio
from collections.abc import Iterable
from typing import IO

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.query.errors import PoolBusy

SILENCE = 60.0
"""Seconds without taking anything after which a client has lost interest."""
LONGEST = 900.0
"""Seconds that sending a file, or what else a client does not take at once, may take."""
_PART = 2**16
"""How much of a file is read at once."""


class Sender:
    """Sends what it is given; is told by the connection whether the client takes it."""

    def __init__(self, transport: asyncio.Transport, client: str, room: Admission) -> None:
        """``room`` counts the bytes that clients have not taken."""
        # So that it is known at once whether the client takes what it is sent.
        transport.set_write_buffer_limits(high=0)
        self._transport = transport
        self._client = client
        self._room = room
        self._loop = asyncio.get_running_loop()
        self._taken: asyncio.Future[None] | None = None
        self._unsent = 0
        self._left_over = 0
        self._stuck_since = self._moved = 0.0
        self.is_stuck = False
        """Whether the client has not taken everything yet."""

    def pause(self) -> None:
        """The client does not take everything; without room for that, it has to go."""
        self.is_stuck = True
        self._unsent = self._left_over = self._transport.get_write_buffer_size()
        self._stuck_since = self._moved = self._loop.time()
        try:
            self._room.take(self._client, self._unsent)
        except PoolBusy:
            self._unsent = 0
            self._loop.call_soon(self._transport.abort)

    def resume(self) -> None:
        """It has taken everything, or is gone."""
        self.is_stuck = False
        if self._unsent:
            self._room.give_back(self._client, self._unsent)
            self._unsent = 0
        if self._taken is not None and not self._taken.done():
            self._taken.set_result(None)

    def check(self, now: float) -> None:
        """Called now and then while the client is slow: end what takes too long."""
        left_over = self._transport.get_write_buffer_size()
        if left_over != self._left_over:
            self._left_over, self._moved = left_over, now
        if now - self._moved > SILENCE or now - self._stuck_since > LONGEST:
            self._transport.abort()

    def send(self, parts: Iterable[bytes]) -> None:
        """Send what is in memory."""
        self._transport.writelines(parts)

    async def send_file(self, file: IO[bytes], first: int, last: int) -> None:
        """Send a part of a file, up to ``last``; a client that is too slow, or leaves, does not get the rest."""
        file.seek(first)
        try:
            async with asyncio.timeout(LONGEST):
                while first < last and await self._has_room():
                    part = await asyncio.to_thread(file.read, min(_PART, last - first))
                    if not part or self._transport.is_closing():
                        break
                    self._transport.write(part)
                    first += len(part)
                await self._has_room()
        except TimeoutError:
            pass
        if first < last:
            self._transport.abort()

    async def _has_room(self) -> bool:
        """Wait until the client has taken what it was sent; whether it is still there."""
        if self.is_stuck and not self._transport.is_closing():
            self._taken = self._loop.create_future()
            await self._taken
        return not self._transport.is_closing()
