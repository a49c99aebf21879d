"""Connections on which a whole answer, headers included, has to arrive within a given time.

A socket's time-out begins anew with every byte, so a service that sends one now and then would be waited for without
end. Here the clock is looked at before each piece that is read from the socket.
"""

import http.client
import io
import socket
import time

from typing_extensions import Buffer
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _TimedStream(io.RawIOBase):
    """What another stream delivers until ``seconds`` have passed; to read on then is a ``TimeoutError``."""

    def __init__(self, stream: io.RawIOBase, seconds: float) -> None:
        super().__init__()
        self._stream = stream
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int | None:
        if time.monotonic() > self._end:
            raise TimeoutError("timed out before the answer was whole")
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


def pools_with_deadline(seconds: float) -> dict[str, type]:
    """Pools of connections by scheme, for a ``PoolManager``; each answer on them may take ``seconds`` in all.

    Reading on later fails as any other time-out does. The last piece may come as late as the socket's own time-out.
    """

    class TimedResponse(http.client.HTTPResponse):
        def __init__(
            self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
        ) -> None:
            super().__init__(sock, debuglevel, method, url)
            self.fp = io.BufferedReader(_TimedStream(self.fp.detach(), seconds))

    class TimedConnection(HTTPConnection):
        response_class = TimedResponse

    class TimedSecureConnection(HTTPSConnection):
        response_class = TimedResponse

    class TimedPool(HTTPConnectionPool):
        ConnectionCls = TimedConnection

    class TimedSecurePool(HTTPSConnectionPool):
        ConnectionCls = TimedSecureConnection

    return {"http": TimedPool, "https": TimedSecurePool}
