"""Sending a file without a name, no faster than the client takes it, and without a thread.

Over RSGI, a file is sent by its name, and nobody says when that is done. A pipe has a name while it is open, its reader
takes what the client has room for, and its writer learns when the reader has gone.
"""

import asyncio
import fcntl
import os
from typing import IO, TYPE_CHECKING

from medsynth_kg.endpoint.gateway.responding import Response

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol  # type: ignore[attr-defined]  # its documented name, not exported

SILENCE = 60.0
"""Seconds without taking anything after which a client has lost interest."""
LONGEST = 900.0
"""Seconds that sending one file may take."""


async def pour(response: Response, file: IO[bytes], protocol: "HTTPProtocol") -> None:
    """Send a response with its file; a client that is too slow, or leaves, does not get the rest."""
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as reader, open(writing, "wb", buffering=0) as writer:  # noqa: PTH123  # no paths
        os.set_blocking(writing, False)
        protocol.response_file(response.status, response.headers, f"/proc/self/fd/{reading}")
        try:
            async with asyncio.timeout(LONGEST):
                await _fill(writer, file, reader)
        except (BrokenPipeError, TimeoutError):
            return


async def _fill(writer: IO[bytes], file: IO[bytes], reader: IO[bytes]) -> None:
    """Write the file into the pipe; raises what ``pour`` handles."""
    capacity = fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)
    size = os.fstat(file.fileno()).st_size
    sent = 0
    while sent < size:
        async with asyncio.timeout(SILENCE):
            await _has_room(writer)
        sent += os.sendfile(writer.fileno(), file.fileno(), sent, capacity)
        if sent > capacity:
            # Somebody else has opened the pipe, then, for it has been read. Without us, we see them leave.
            reader.close()


async def _has_room(writer: IO[bytes]) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(writer, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(writer)
