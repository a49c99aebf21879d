"""One question to a worker and its answer, under a deadline."""

import select
import socket
import tempfile
import time
from collections.abc import Callable
from typing import IO, Any, NamedTuple

from medsynth_kg.query.channel import receive_exactly, receive_header, send_message
from medsynth_kg.query.limits import MEBIBYTE

IN_MEMORY = MEBIBYTE
"""Answers with more bytes are kept in a file without a name."""
_TRANSFER_SECONDS = 20.0
"""How long a worker may pause while it sends an answer that it has complete."""
_STEP = 0.01
"""Seconds between looks at whether a query in the express lane may go on."""


class Overstayed(Exception):
    """The query has had its moment in the express lane, and others wait for it."""


class WorkerAnswer(NamedTuple):
    """What a worker said, and the body that came with it, of ``size`` bytes."""

    header: dict[str, Any]
    body: bytes | IO[bytes]
    size: int


def converse(
    channel: socket.socket,
    header: dict[str, Any],
    query: str,
    *,
    timeout: float,
    moment: float,
    may_continue: Callable[[], bool],
) -> WorkerAnswer:
    """Ask a worker. After ``moment`` seconds ``may_continue`` is consulted again and again, until ``timeout`` seconds.

    Raises:
        TimeoutError: the worker has no answer in time.
        Overstayed: it may not continue.
        ChannelClosed: the worker has gone.
        OSError: a large answer can't be kept in a file.
    """
    deadline = time.monotonic() + timeout
    channel.settimeout(max(timeout, _STEP))
    send_message(channel, header, query.encode())
    answers = select.poll()
    answers.register(channel, select.POLLIN)
    wait = min(moment, timeout)
    while not answers.poll(max(wait, 0) * 1000):
        if time.monotonic() >= deadline:
            raise TimeoutError
        if not may_continue():
            raise Overstayed
        wait = min(_STEP, deadline - time.monotonic())
    channel.settimeout(_TRANSFER_SECONDS)
    answer, size = receive_header(channel)
    body = receive_exactly(channel, size) if size <= IN_MEMORY else _receive_file(channel, size)
    return WorkerAnswer(answer, body, size)


def _receive_file(channel: socket.socket, size: int) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever gets the answer closes it
    try:
        for start in range(0, size, IN_MEMORY):
            file.write(receive_exactly(channel, min(size - start, IN_MEMORY)))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file
