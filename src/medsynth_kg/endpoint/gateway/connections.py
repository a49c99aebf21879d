"""All connections of a server: how many there are, what they may take together, and the time that they have."""

import asyncio
import logging
from email.utils import formatdate
from typing import TYPE_CHECKING

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.repeating import RepeatedResponses
from medsynth_kg.query.errors import PoolBusy

if TYPE_CHECKING:
    from medsynth_kg.endpoint.gateway.connection import Connection

logger = logging.getLogger(__name__)

UNFINISHED, UNFINISHED_OF_A_CLIENT = 64 * 2**20, 16 * 2**20
"""How many bytes are kept of requests that are not complete."""
UNSENT, UNSENT_OF_A_CLIENT = 256 * 2**20, 64 * 2**20
"""How many bytes wait for clients to take them, but for those of files."""
GRACE_SECONDS = 0.5
"""How long a connection may have been idle to be kept for a request that may be on its way, when the server ends."""
_AT_ONCE = 2**16
"""How many bytes are read from a connection at once, and how many are kept of what comes before its time."""
_MOMENT = 0.05
SECONDS_BETWEEN = 0.5
"""How often it is looked whether something takes too long."""


class Connections:
    """The connections of one event loop."""

    def __init__(self, in_all: int, of_a_client: int, *, behind_proxy: bool) -> None:
        """``behind_proxy`` says that all clients come by one address, so that bounding each is the proxy's task."""
        self._places = Admission(in_all, in_all if behind_proxy else of_a_client)
        self._open: dict[Connection, None] = {}
        self.unfinished = Admission(UNFINISHED, UNFINISHED if behind_proxy else UNFINISHED_OF_A_CLIENT)
        self.unsent = Admission(UNSENT, UNSENT if behind_proxy else UNSENT_OF_A_CLIENT)
        self.repeated = RepeatedResponses()
        self.buffer = memoryview(bytearray(_AT_ONCE))
        self.is_ending = False
        """Whether each connection has one response to go at the most."""
        self.last_lines = b""
        """The end of a head; the time in it is right to a second (RFC 9110, section 6.6.1)."""
        self._tell_time()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: "Connection") -> bool:
        """Whether there is room for a connection of its client; then it has taken it."""
        try:
            self._places.take(connection.client)
        except PoolBusy:
            return False
        self._open[connection] = None
        return True

    def discard(self, connection: "Connection") -> None:
        """Give back the room of a connection that is gone."""
        if connection in self._open:
            del self._open[connection]
            self._places.give_back(connection.client)

    async def watch(self) -> None:
        """End what takes too long, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            self._tell_time()
            now = loop.time()
            for connection in list(self._open):
                try:
                    connection.check(now)
                except Exception:  # whatever it is, it must not keep this from looking after the others
                    logger.exception("a connection could not be looked after")
                    connection.abort()
            await asyncio.sleep(SECONDS_BETWEEN)

    async def end(self, seconds: float) -> None:
        """Let each client have the response that it waits for, and close all; after so many seconds, at once."""
        loop = asyncio.get_running_loop()
        self.is_ending = True
        deadline = loop.time() + seconds
        # Those that the loop has taken, but not told us of yet, come meanwhile.
        await asyncio.sleep(_MOMENT)
        while self._open and (now := loop.time()) < deadline:
            for connection in list(self._open):
                connection.end(now - GRACE_SECONDS)
            await asyncio.sleep(_MOMENT)
        for connection in list(self._open):
            connection.abort()

    def _tell_time(self) -> None:
        self.last_lines = f"Server: medsynth-kg\r\nDate: {formatdate(usegmt=True)}\r\n\r\n".encode()
