"""How requests are answered: on the event loop, but for what would keep it from others.

A request that is complete is answered in steps. From where the work might block, or computes for long, it goes on in a
thread.
"""

import asyncio
import inspect
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any, Protocol

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.responding import Response
from medsynth_kg.endpoint.gateway.turns import Turns
from medsynth_kg.endpoint.passing import REFUSAL, SteppedApplication
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.errors import PoolBusy
from medsynth_kg.query.steps import ADMISSION, Pause, Steps, finish, is_readable

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

REQUESTS, REQUESTS_OF_A_CLIENT = 512, 64
"""How many requests may be under way that are not over at once."""
LARGE_ANSWERS, LARGE_ANSWERS_OF_A_CLIENT = 32, 8
"""How many answers that are kept in files may be on their way."""
WAITING_ANSWERS, WAITING_ANSWERS_OF_A_CLIENT = 128, 32
"""How many of them may wait for others to have gone; each of them is an open file."""
WAITING_SECONDS = 10.0
"""How long each of them may wait."""
DOWNLOADS, DOWNLOADS_OF_A_CLIENT = 512, 32
"""How many dumps, and parts of them, may be on their way."""
_MOMENT = 0.05
"""Seconds after which a request counts among those that are not over at once."""
_INSTANT, _AWAKE = 0.001, 0.0006
"""Seconds for which the loop itself waits while there is nobody else, since turning away and back takes longer; and for
which it does not even sleep meanwhile, since a look-up is over by then."""


class Client(Protocol):
    """Whom a response is sent to."""

    def send(self, response: Response) -> None:
        """Send a response whose body is in memory."""

    async def send_file(self, response: Response, file: IO[bytes], first: int, last: int) -> None:
        """Send a response with a part of a file, up to ``last``, no faster than the client takes it."""


class Gateway:
    """Has an application answer requests, from one event loop."""

    def __init__(self, application: SteppedApplication, *, threads: int, behind_proxy: bool) -> None:
        """``threads`` is how many requests the application answers at once.

        ``behind_proxy`` says that all clients come by one address, so that bounding each is the proxy's task.
        """
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._requests = Admission(REQUESTS, REQUESTS if behind_proxy else REQUESTS_OF_A_CLIENT)
        self._large_answers = Turns(
            Admission(LARGE_ANSWERS, LARGE_ANSWERS if behind_proxy else LARGE_ANSWERS_OF_A_CLIENT),
            Admission(WAITING_ANSWERS, WAITING_ANSWERS if behind_proxy else WAITING_ANSWERS_OF_A_CLIENT),
            WAITING_SECONDS,
        )
        self._downloads = Admission(DOWNLOADS, DOWNLOADS if behind_proxy else DOWNLOADS_OF_A_CLIENT)
        self._under_way = 0

    def begin(self, environment: "WSGIEnvironment", client: Client) -> Coroutine[Any, Any, None] | None:
        """Answer a request, as far as that takes but a moment; what is left to be done, if anything."""
        response = Response()
        steps = response.steps(self._application, environment)
        pause = next(steps, None)
        if pause is None and response.file is None:
            client.send(response)
            return None
        self._under_way += 1
        # By the time that this goes on, whoever has come meanwhile has begun, so that all workers have something to do.
        return self._finish(steps, pause, response, environment, client)

    async def _finish(
        self,
        steps: Steps[None],
        pause: Pause | None,
        response: Response,
        environment: "WSGIEnvironment",
        client: Client,
    ) -> None:
        try:
            await self._answer(steps, pause, response, environment["REMOTE_ADDR"], client)
        except PoolBusy as error:
            self.refuse(environment, client, error)
        finally:
            self._under_way -= 1

    def refuse(self, environment: "WSGIEnvironment", client: Client, error: MedsynthError) -> None:
        """Answer why a request gets no other answer."""
        response = Response()
        finish(response.steps(self._application, {**environment, REFUSAL: error}))
        client.send(response)

    async def _answer(
        self, steps: Steps[None], pause: Pause | None, response: Response, address: str, client: Client
    ) -> None:
        """Go on to the end, and send the response; raises ``PoolBusy`` before anything is sent."""
        try:
            if pause is not None:
                pause = await self._over_soon(steps, pause)
            if pause is not None:
                with self._requests.admit(address):
                    await self._go_on(steps, pause)
        finally:
            # When the server stops, a thread may be at it still; that one comes to the end.
            if inspect.getgeneratorstate(steps) != inspect.GEN_RUNNING:
                steps.close()
        if response.file is None:
            client.send(response)
        else:
            await self._send_file(response, response.file, address, client)

    async def _over_soon(self, steps: Steps[None], pause: Pause) -> Pause | None:
        """Wait a moment; the pause at which it is not clear that the rest takes no longer, or None after the end."""
        if pause.descriptor is None:
            return pause
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

    async def _send_file(self, response: Response, file: IO[bytes], address: str, client: Client) -> None:
        first, last = response.part or (0, os.fstat(file.fileno()).st_size)
        try:
            if isinstance(file.name, str):
                with self._downloads.admit(address):
                    await client.send_file(response, file, first, last)
            else:
                async with self._large_answers.turn(address):
                    await client.send_file(response, file, first, last)
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
