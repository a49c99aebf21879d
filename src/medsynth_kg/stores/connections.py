"""Connections that are broken off from another thread, while theirs waits for the far side.

A socket that is shut down wakes whoever waits at it, at once and at every stage: while it connects, while TLS is agreed
upon, while the request is sent, and while the answer is awaited or read.
"""

import socket
import threading
from contextvars import ContextVar, Token
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError


class BrokenOff(OSError):
    """The exchange was broken off before it used this connection."""


class Breaker:
    """Breaks off what a block exchanges with a store over connections of a ``BreakableAdapter``, once and for good.

    The block is one thread's; ``break_off`` may be called from any, also before and after it. A connection that has
    gone back to where it is kept is no longer the block's, so that whoever uses it next is not broken off. What the
    block has read may look whole nevertheless, where only the connection's end tells the end of an answer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._broken = False
        self._handle: socket.socket | None = None
        self._outer: Token[Breaker | None] | None = None

    def __enter__(self) -> Self:
        """Begin to follow the connections that this thread uses."""
        self._outer = _CURRENT.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        """Let them be."""
        if self._outer is not None:
            _CURRENT.reset(self._outer)
        self.let_go()

    def break_off(self) -> None:
        """Shut the connection down that is in use, if any, and each that the block takes up from now on."""
        with self._lock:
            self._broken = True
            if self._handle is not None:
                _shut_down(self._handle)

    def follow(self, connected: socket.socket) -> None:
        """Take a connection for the one in use.

        The handle is a duplicate, since TLS and answers after which the store closes take the socket itself away.

        Raises:
            BrokenOff: the exchange was broken off before.
        """
        self.let_go()
        with self._lock:
            if self._broken:
                raise BrokenOff
            self._handle = socket.fromfd(connected.fileno(), connected.family, connected.type)

    def let_go(self) -> bool:
        """Take no connection for the one in use any more; whether the exchange was broken off."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None
            return self._broken


_CURRENT: ContextVar[Breaker | None] = ContextVar("breaker", default=None)


def _shut_down(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It is not connected yet, in which case the far side knows nothing of it, or not any more.
        return


def _connect(host: str, port: int, seconds: float | None, breaker: Breaker) -> socket.socket:
    """Connect to the first address of a host that takes connections, each for at most so many seconds."""
    failure = OSError(f"{host} has no address")
    for *kind, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        candidate = socket.socket(*kind)
        try:
            breaker.follow(candidate)
            candidate.settimeout(seconds)
            candidate.connect(address)
        except OSError as error:
            candidate.close()
            failure = error
        else:
            return candidate
    raise failure


class _Breakable(HTTPConnection):
    """A connection that the current ``Breaker`` follows from before it is made."""

    def _new_conn(self) -> socket.socket:
        breaker = _CURRENT.get()
        if breaker is None:
            return super()._new_conn()
        try:
            connected = _connect(self.host.strip("[]"), self.port, self.timeout, breaker)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send a request, over a connection that was kept, if any."""
        breaker = _CURRENT.get()
        if breaker is not None and self.sock is not None:
            breaker.follow(self.sock)
        super().request(*arguments, **options)


class _BreakableWithTLS(_Breakable, HTTPSConnection):
    """The same over TLS."""


class _Kept(HTTPConnectionPool):
    """Connections that are kept open between exchanges."""

    ConnectionCls = _Breakable

    def _put_conn(self, conn: Any) -> None:
        breaker = _CURRENT.get()
        if breaker is not None and breaker.let_go() and conn is not None:
            conn.close()
        super()._put_conn(conn)


class _KeptWithTLS(_Kept, HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = _BreakableWithTLS


class BreakableAdapter(HTTPAdapter):
    """Keeps connections for requests, each of which the ``Breaker`` of its thread can break off."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make connections of the kinds above."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Kept, "https": _KeptWithTLS}
