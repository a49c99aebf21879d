"""The RSGI application that Granian serves: the site, without a thread for those who need none.

A request is taken in on the event loop, and answered there in steps once its body is complete. From where the work
might block, or computes for long, it goes on in a thread. A client that leaves takes its query with it.
"""

import asyncio
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from medsynth_kg.endpoint.errors import RequestRefused
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.bodies import announces_body, receive_body
from medsynth_kg.endpoint.gateway.environment import check_framing, read_environment
from medsynth_kg.endpoint.gateway.pouring import pour
from medsynth_kg.endpoint.gateway.responding import Response
from medsynth_kg.endpoint.gateway.turns import Turns
from medsynth_kg.endpoint.passing import CANCELLATION, REFUSAL, SteppedApplication
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy
from medsynth_kg.query.steps import ADMISSION, Pause, Steps, finish, is_readable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # its documented name, not exported

BODY_SECONDS = 15.0
"""How long a client may take to send a request's body."""
BODY_BYTES, BODY_BYTES_OF_A_CLIENT = 64 * 2**20, 16 * 2**20
"""How much of bodies that are not complete is kept."""
REQUESTS, REQUESTS_OF_A_CLIENT = 512, 64
"""How many requests may be under way that are not over at once."""
LARGE_ANSWERS, LARGE_ANSWERS_OF_A_CLIENT = 32, 8
"""How many answers that are kept in files may be on their way."""
WAITING_ANSWERS, WAITING_ANSWERS_OF_A_CLIENT = 128, 32
"""How many of them may wait for others to have gone; each of them is an open file."""
WAITING_SECONDS = 10.0
"""How long each of them may wait."""
_MOMENT = 0.05
"""Seconds after which it pays to watch whether the client is still there."""
_INSTANT, _AWAKE = 0.001, 0.0006
"""Seconds for which the loop itself waits while there is nobody else, since turning away and back takes longer; and for
which it does not even sleep meanwhile, since a look-up is over by then."""


class Gateway:
    """Serves an application over RSGI, from one event loop."""

    def __init__(self, application: SteppedApplication, *, threads: int, behind_proxy: bool) -> None:
        """``threads`` is how many requests the application answers at once.

        ``behind_proxy`` says that all clients come by one address, so that bounding each is the proxy's task.
        """
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._requests = Admission(REQUESTS, REQUESTS if behind_proxy else REQUESTS_OF_A_CLIENT)
        self._body_bytes = Admission(BODY_BYTES, BODY_BYTES if behind_proxy else BODY_BYTES_OF_A_CLIENT)
        self._large_answers = Turns(
            Admission(LARGE_ANSWERS, LARGE_ANSWERS if behind_proxy else LARGE_ANSWERS_OF_A_CLIENT),
            Admission(WAITING_ANSWERS, WAITING_ANSWERS if behind_proxy else WAITING_ANSWERS_OF_A_CLIENT),
            WAITING_SECONDS,
        )
        self._under_way = 0

    async def __rsgi__(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        """Answer one request."""
        environment = read_environment(scope)
        self._under_way += 1
        try:
            check_framing(environment, scope.authority)
            if announces_body(environment):
                await receive_body(environment, protocol, self._body_bytes, BODY_SECONDS)
            await self._answer(environment, protocol)
        except (PoolBusy, RequestRefused) as error:
            environment[REFUSAL] = error
            await self._answer(environment, protocol)
        finally:
            self._under_way -= 1
            # Its traceback has this frame; while they hold each other, the connection of a slow body stays open.
            environment.pop(REFUSAL, None)

    async def _answer(self, environment: "WSGIEnvironment", protocol: "HTTPProtocol") -> None:
        """Have a request answered, and its query taken back should the client leave."""
        environment[CANCELLATION] = cancellation = Cancellation()
        response = Response()
        steps = self._respond(response, environment, protocol)
        try:
            pause = await self._over_soon(steps)
            if pause is not None:
                with _watched(protocol, cancellation), self._requests.admit(environment["REMOTE_ADDR"]):
                    await self._go_on(steps, pause)
        finally:
            # When the server stops, a thread may be at it still; that one comes to the end.
            if inspect.getgeneratorstate(steps) != inspect.GEN_RUNNING:
                steps.close()
        if response.file is not None:
            await self._send_file(response, response.file, environment["REMOTE_ADDR"], protocol)

    async def _over_soon(self, steps: Steps[None]) -> Pause | None:
        """Begin; the pause at which it is not clear that the rest takes but a moment, or None after the end."""
        pause = next(steps, None)
        if pause is None or pause.descriptor is None:
            return pause
        # Whoever has come meanwhile begins, so that all workers have something to do.
        await asyncio.sleep(0)
        if self._under_way == 1 and is_readable(pause.descriptor, _INSTANT, awake=_AWAKE):
            return next(steps, None)
        if await _readable(pause.descriptor, min(pause.seconds, _MOMENT)):
            return next(steps, None)
        return Pause(pause.descriptor, pause.seconds - _MOMENT)

    async def _go_on(self, steps: Steps[None], pause: Pause | None) -> None:
        """Go on after a pause to the end: here, or in a thread from where it might block."""
        while pause is not None:
            if pause is ADMISSION:
                pause = next(steps, None)
                continue
            if pause.descriptor is None:
                await asyncio.get_running_loop().run_in_executor(self._threads, finish, steps)
                return
            await _readable(pause.descriptor, pause.seconds)
            pause = next(steps, None)

    def _respond(self, response: Response, environment: "WSGIEnvironment", protocol: "HTTPProtocol") -> Steps[None]:
        """Have a request answered, and send what is not in a file."""
        yield from response.steps(self._application, environment)
        if response.file is None:
            protocol.response_bytes(response.status, response.headers, response.body)

    async def _send_file(self, response: Response, file: IO[bytes], client: str, protocol: "HTTPProtocol") -> None:
        try:
            if not isinstance(file.name, str):
                async with self._large_answers.turn(client):
                    await pour(response, file, protocol)
            elif response.part is None:
                protocol.response_file(response.status, response.headers, file.name)
            else:
                protocol.response_file_range(response.status, response.headers, file.name, *response.part)
        finally:
            response.close()


async def _readable(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read, or for so long; whether there is."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[bool] = loop.create_future()

    def wake(found: bool) -> None:
        if not readable.done():
            readable.set_result(found)

    loop.add_reader(descriptor, wake, True)
    timer = loop.call_later(max(seconds, 0), wake, False)
    try:
        return await readable
    finally:
        timer.cancel()
        loop.remove_reader(descriptor)


@contextmanager
def _watched(protocol: "HTTPProtocol", cancellation: Cancellation) -> Iterator[None]:
    """Cancel as soon as the client leaves, if that is before the end of the block."""
    watches: list[asyncio.Future[None]] = []

    def watch() -> None:
        watches.append(asyncio.ensure_future(protocol.client_disconnect()))
        watches[0].add_done_callback(lambda _: cancellation.cancel())

    timer = asyncio.get_running_loop().call_later(_MOMENT, watch)
    try:
        yield
    finally:
        timer.cancel()
        for leaving in watches:
            # A connection outlives its requests; their watches would pile up.
            leaving.cancel()
