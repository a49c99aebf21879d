"""A client's connection: its requests are answered one after the other, and it has only so much time for each step."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import IO, TYPE_CHECKING, Any

from medsynth_kg.endpoint.errors import RequestFailed
from medsynth_kg.endpoint.gateway.environment import Ends
from medsynth_kg.endpoint.gateway.reading import Request, RequestReader, Stage
from medsynth_kg.endpoint.gateway.response_head import response_head
from medsynth_kg.endpoint.gateway.sending import Sender
from medsynth_kg.endpoint.passing import CANCELLATION, HOLDS
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy

if TYPE_CHECKING:
    from medsynth_kg.endpoint.gateway.connections import Connections
    from medsynth_kg.endpoint.gateway.gateway import Gateway
    from medsynth_kg.endpoint.gateway.responding import Response

HEAD_SECONDS = 10.0
"""How long a client may take to send the head of a request."""
BODY_SECONDS = 15.0
"""How long it may take to send a body."""
IDLE_SECONDS = 75.0
"""How long a connection may be idle; longer than nginx keeps one to a server behind it."""
LINGER_SECONDS = 5.0
"""How long a client may take to read the last response before the connection is gone."""
_AT_ONCE = 8
"""How many requests of one connection are answered before others have their turn."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

logger = logging.getLogger(__name__)


class Connection(asyncio.BufferedProtocol):
    """What the event loop calls when something happens to a connection, and what the gateway sends responses by."""

    def __init__(self, gateway: "Gateway", connections: "Connections") -> None:
        self._gateway = gateway
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._whole = b""
        self._request: Request | None = None
        self._has_answered = False
        self._cancellation: Cancellation | None = None
        self._task: asyncio.Task[None] | None = None
        self._held_back = 0
        self._since = self._loop.time()
        self._lingers = False
        self._is_paused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # what TCP gives
        """Let the client in, unless it has too many connections already."""
        self._transport = transport
        client, *_ = transport.get_extra_info("peername") or ("",)
        server, port, *_ = transport.get_extra_info("sockname") or ("", 0)
        self.client: str = client
        self._reader = RequestReader(Ends(client, server, str(port)), self._connections.unfinished)
        self._sender = Sender(transport, client, self._connections.unsent)
        if not self._connections.admit(self):
            transport.abort()

    def get_buffer(self, _size: int) -> memoryview:
        """Where the next bytes are to be put; one place for all connections, which they leave at once."""
        return self._connections.buffer

    def buffer_updated(self, size: int) -> None:
        """Read a request, and answer it; what comes before the answer has gone is kept."""
        if self._lingers:
            return
        data = bytes(self._connections.buffer[:size])
        if self._is_busy or self._unread:
            self._hold_back(data)
            return
        if self._reader.stage is Stage.BEFORE:
            self._since = self._loop.time()
            if (repeated := self._connections.repeated.get(data)) and not self._connections.is_ending:
                self._sender.send((repeated.head, self._connections.last_lines, repeated.body))
                return
            # Kept with its response, should it turn out to be one request and no more.
            self._whole = data
        self._unread = data
        self._go_on()
        self._whole = b""

    def _hold_back(self, data: bytes) -> None:
        """Keep what comes before its time, and read no more until then."""
        self._unread += data
        self._is_paused = True
        self._transport.pause_reading()
        self._take_room()

    def _take_room(self) -> None:
        """Have room for what is kept unread; without any, the client has to go."""
        more = len(self._unread) - self._held_back
        try:
            self._connections.unfinished.take(self.client, more)
            self._held_back += more
        except PoolBusy:
            self._transport.abort()

    def _give_back(self) -> None:
        if self._held_back:
            self._connections.unfinished.give_back(self.client, self._held_back)
            self._held_back = 0

    def eof_received(self) -> None:
        """A client that has left takes its query with it; the request that it did not complete is refused."""
        if not self._is_busy and not self._lingers:
            self._reader.end()
            self._go_on()

    def connection_lost(self, _error: Exception | None) -> None:
        """Take back the client's query, and stop sending."""
        self._connections.discard(self)
        self._reader.close()
        self._give_back()
        if self._cancellation is not None:
            self._cancellation.cancel()
        self.resume_writing()

    def pause_writing(self) -> None:
        """The client has not taken everything yet."""
        self._sender.pause()

    def resume_writing(self) -> None:
        """It has now."""
        self._sender.resume()
        self._since = self._loop.time()
        if not self._transport.is_closing() and not self._is_busy:
            self._loop.call_soon(self._go_on)

    def check(self, now: float) -> None:
        """Called now and then: end what takes too long."""
        since = now - self._since
        if self._sender.is_stuck:
            self._sender.check(now)
        elif self._lingers:
            if since > LINGER_SECONDS:
                self._transport.abort()
        elif not self._is_busy:
            self._check_reading(since)

    def _check_reading(self, since: float) -> None:
        stage = self._reader.stage
        if stage is Stage.BEFORE:
            if since > IDLE_SECONDS:
                self._transport.close()
            return
        seconds = BODY_SECONDS if stage is Stage.BODY else HEAD_SECONDS
        if since > seconds:
            self._reader.give_up(seconds)
            self._go_on()

    def end(self, idle_since: float) -> None:
        """The server ends: a response that is under way is the last one, and who has been idle since then goes."""
        is_idle = not self._is_busy and self._reader.stage is Stage.BEFORE and not self._unread
        if is_idle and not self._lingers and self._since < idle_since:
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self._transport.abort()

    @property
    def _is_busy(self) -> bool:
        return self._request is not None or self._sender.is_stuck

    def _go_on(self) -> None:
        """Answer what has come, for as long as that takes but a moment."""
        for _ in range(_AT_ONCE):
            if self._is_busy or self._lingers or self._transport.is_closing():
                break
            stage = self._reader.stage
            self._give_back()
            self._unread = self._reader.feed(self._unread)
            if self._unread:
                self._whole = b""
            request = self._reader.take()
            if request is None:
                self._wait_for_more(stage)
                return
            self._begin(request)
        else:
            self._loop.call_soon(self._go_on)
        if self._unread and not self._transport.is_closing():
            self._take_room()

    def _wait_for_more(self, before: Stage) -> None:
        if self._reader.has_ended:
            self._close()
            return
        if self._reader.awaits_continue:
            self._reader.awaits_continue = False
            self._transport.write(_CONTINUE)
        if self._reader.stage is not before:
            self._since = self._loop.time()
        self._read_again()

    def _read_again(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()

    def _begin(self, request: Request) -> None:
        self._request = request
        self._has_answered = False
        request.environment[CANCELLATION] = self._cancellation = Cancellation()
        try:
            rest = self._gateway.begin(request.environment, self)
        except Exception:  # whatever it is, the client is told, and nobody else notices
            self._fail(request)
            rest = None
        if rest is None:
            self._done()
        else:
            self._task = self._loop.create_task(self._finish(request, rest))

    async def _finish(self, request: Request, rest: Coroutine[Any, Any, None]) -> None:
        try:
            await rest
        except Exception:  # likewise
            self._fail(request)
        self._task = None
        self._done()
        self._go_on()

    def _fail(self, request: Request) -> None:
        """Tell the client, if it has not been told anything else yet; it is not known what state the rest is in."""
        logger.exception("a request could not be answered")
        if self._has_answered:
            self._transport.abort()
            return
        request.keeps_alive = False
        try:
            self._gateway.refuse(request.environment, self, RequestFailed())
        finally:
            if not self._has_answered:
                self._transport.abort()

    def _done(self) -> None:
        request, self._request = self._request, None
        self._cancellation = None
        self._since = self._loop.time()
        if request is not None and not request.keeps_alive:
            self._close()

    def _close(self) -> None:
        """Close once the client has read the response, which it could not if it were still sending (RFC 9112, 9.6)."""
        if self._lingers or self._transport.is_closing():
            return
        self._lingers = True
        self._unread = b""
        self._since = self._loop.time()
        self._transport.write_eof()
        self._read_again()

    def send(self, response: "Response") -> None:
        """Send a response whose body is in memory."""
        if self._transport.is_closing():
            return
        head = self._head(response, len(response.body))
        body = b"" if self._request is not None and self._request.is_head else response.body
        self._sender.send((head, self._connections.last_lines, body))
        self._keep(head, body)

    def _keep(self, head: bytes, body: bytes) -> None:
        """Keep a response that will be the same again, if its request came alone, in one piece."""
        request = self._request
        if request is not None and request.keeps_alive and self._whole:
            holds = request.environment.get(HOLDS)
            if holds is not None:
                self._connections.repeated.put(self._whole, head, body, holds)

    async def send_file(self, response: "Response", file: IO[bytes], first: int, last: int) -> None:
        """Send a response with a part of a file, up to ``last``, no faster than the client takes it."""
        if self._transport.is_closing():
            return
        self._sender.send((self._head(response, last - first), self._connections.last_lines))
        await self._sender.send_file(file, first, last)

    def _head(self, response: "Response", length: int) -> bytes:
        request = self._request
        assert request is not None  # noqa: S101  # nothing is sent that nobody asked for
        if self._connections.is_ending:
            request.keeps_alive = False
        head = response_head(response, request, length)
        self._has_answered = True
        return head
