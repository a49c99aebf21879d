"""The RSGI application that Granian serves: the WSGI site, without a thread for those who wait for nothing.

A request is taken in on the event loop. What is known already is answered there; all else is handed to a thread, once
the request's body is complete. A client that leaves takes its query with it.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from medsynth_kg.endpoint.errors import BodyTooSlow
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.bodies import ClientGone, announces_body, receive_body
from medsynth_kg.endpoint.gateway.environment import read_environment
from medsynth_kg.endpoint.gateway.pouring import pour
from medsynth_kg.endpoint.gateway.responding import Response
from medsynth_kg.endpoint.passing import AT_ONCE, CANCELLATION, REFUSAL, NotAtOnce
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # its documented name, not exported

BODY_SECONDS = 15.0
"""How long a client may take to send a request's body."""
BODY_BYTES, BODY_BYTES_OF_A_CLIENT = 64 * 2**20, 16 * 2**20
"""How much of bodies that are not complete is kept."""
REQUESTS, REQUESTS_OF_A_CLIENT = 512, 64
"""How many requests may wait for threads or have them."""
LARGE_ANSWERS, LARGE_ANSWERS_OF_A_CLIENT = 32, 8
"""How many answers that are kept in files may be on their way."""
_MOMENT = 0.05
"""Seconds after which it pays to watch whether the client is still there."""


class Gateway:
    """Serves a WSGI application over RSGI, from one event loop."""

    def __init__(self, application: "WSGIApplication", *, threads: int, behind_proxy: bool) -> None:
        """``threads`` is how many requests the application answers at once.

        ``behind_proxy`` says that all clients come by one address, so that bounding each is the proxy's task.
        """
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._requests = Admission(REQUESTS, REQUESTS if behind_proxy else REQUESTS_OF_A_CLIENT)
        self._body_bytes = Admission(BODY_BYTES, BODY_BYTES if behind_proxy else BODY_BYTES_OF_A_CLIENT)
        self._large_answers = Admission(LARGE_ANSWERS, LARGE_ANSWERS if behind_proxy else LARGE_ANSWERS_OF_A_CLIENT)

    async def __rsgi__(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        """Answer one request."""
        environment = read_environment(scope)
        try:
            if self._at_once(environment, protocol):
                return
            if announces_body(environment):
                await receive_body(environment, protocol, self._body_bytes, BODY_SECONDS)
            with self._requests.admit(environment["REMOTE_ADDR"]):
                response = await self._in_a_thread(environment, protocol)
            if response.file is not None:
                await self._send_file(response, response.file, environment["REMOTE_ADDR"], protocol)
        except ClientGone:
            return
        except (PoolBusy, BodyTooSlow) as error:
            environment[REFUSAL] = error
            self._respond(environment, protocol)

    def _at_once(self, environment: "WSGIEnvironment", protocol: "HTTPProtocol") -> bool:
        environment[AT_ONCE] = True
        try:
            self._respond(environment, protocol)
        except NotAtOnce:
            return False
        else:
            return True
        finally:
            del environment[AT_ONCE]

    async def _in_a_thread(self, environment: "WSGIEnvironment", protocol: "HTTPProtocol") -> Response:
        """Have a request answered in a thread, and its query taken back should the client leave."""
        environment[CANCELLATION] = cancellation = Cancellation()
        loop = asyncio.get_running_loop()
        with _watched(protocol, cancellation, loop):
            return await loop.run_in_executor(self._threads, self._respond, environment, protocol)

    def _respond(self, environment: "WSGIEnvironment", protocol: "HTTPProtocol") -> Response:
        """Have a request answered, and send what is not in a file."""
        response = Response(self._application, environment)
        if response.file is None:
            protocol.response_bytes(response.status, response.headers, response.body)
        return response

    async def _send_file(self, response: Response, file: IO[bytes], client: str, protocol: "HTTPProtocol") -> None:
        try:
            if not isinstance(file.name, str):
                with self._large_answers.admit(client):
                    await pour(response, file, protocol)
            elif response.part is None:
                protocol.response_file(response.status, response.headers, file.name)
            else:
                protocol.response_file_range(response.status, response.headers, file.name, *response.part)
        finally:
            response.close()


@contextmanager
def _watched(protocol: "HTTPProtocol", cancellation: Cancellation, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Cancel as soon as the client leaves, if that is before the end of the block."""
    watches: list[asyncio.Future[None]] = []

    def watch() -> None:
        watches.append(asyncio.ensure_future(protocol.client_disconnect()))
        watches[0].add_done_callback(lambda _: cancellation.cancel())

    timer = loop.call_later(_MOMENT, watch)
    try:
        yield
    finally:
        timer.cancel()
        for leaving in watches:
            # A connection outlives its requests; their watches would pile up.
            leaving.cancel()
