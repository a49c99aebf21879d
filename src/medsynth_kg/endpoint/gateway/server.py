"""The server: it takes connections until it is told to end, and answers what it has begun."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable

from medsynth_kg.endpoint.gateway.connection import Connection
from medsynth_kg.endpoint.gateway.connections import Connections
from medsynth_kg.endpoint.gateway.gateway import Gateway


async def serve(
    gateway: Gateway,
    connections: Connections,
    listener: socket.socket,
    *,
    backlog: int,
    drain_seconds: float,
    ready: Callable[[], object],
) -> None:
    """Answer who connects to the listener until SIGTERM, then let clients have what they wait for, but no longer.

    ``backlog`` connections may wait to be taken; ``ready`` is called once they are. For the main thread's event loop.
    """
    loop = asyncio.get_running_loop()
    told_to_end = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told_to_end.set)
    server = await loop.create_server(lambda: Connection(gateway, connections), sock=listener, backlog=backlog)
    watching = loop.create_task(connections.watch())
    ready()
    await told_to_end.wait()
    server.close()
    await connections.end(drain_seconds)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
