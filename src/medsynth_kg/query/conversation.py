"""One question to a worker and its answer, under a deadline."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

from medsynth_kg.query.channel import Message, receive_body, receive_exactly, receive_message, send_message
from medsynth_kg.query.processes import Worker
from medsynth_kg.query.spilling import IN_MEMORY, spill
from medsynth_kg.query.steps import BLOCKING, Pause, Steps

_TRANSFER_SECONDS = 20.0
"""How long a worker may pause while it sends an answer that it has complete."""
_TAKEN_AT_ONCE = 2**16
"""Bytes of a query for which the channel has room, whatever the worker does."""
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
    worker: Worker,
    header: dict[str, Any],
    query: str,
    *,
    timeout: float,
    moment: float,
    may_continue: Callable[[], bool],
) -> Steps[WorkerAnswer]:
    """Ask a worker, in steps; after ``moment`` seconds ``may_continue`` is consulted again and again until ``timeout``.

    Raises:
        TimeoutError: the worker has no answer in time.
        Overstayed: it may not continue.
        ChannelClosed: the worker has gone.
        NoRoom: a large answer can't be kept in a file.
    """
    deadline = time.monotonic() + timeout
    channel = worker.channel
    encoded = query.encode()
    _set_timeout(channel, _TRANSFER_SECONDS if len(encoded) <= _TAKEN_AT_ONCE else max(timeout, _STEP))
    send_message(channel, header, encoded)
    yield Pause(channel.fileno(), min(moment, timeout))
    while not worker.speaks:
        if time.monotonic() >= deadline:
            raise TimeoutError
        if not may_continue():
            raise Overstayed
        yield Pause(channel.fileno(), min(_STEP, deadline - time.monotonic()))
    _set_timeout(channel, _TRANSFER_SECONDS)
    answer = receive_message(channel)
    if len(answer.beginning) < answer.length:
        yield BLOCKING
    body = receive_body(channel, answer) if answer.length <= IN_MEMORY else spill(_pieces(channel, answer))
    return WorkerAnswer(answer.header, body, answer.length)


def _set_timeout(channel: socket.socket, seconds: float) -> None:
    if channel.gettimeout() != seconds:
        # A system call each time.
        channel.settimeout(seconds)


def _pieces(channel: socket.socket, answer: Message) -> Iterator[bytes]:
    yield answer.beginning
    for start in range(len(answer.beginning), answer.length, IN_MEMORY):
        yield receive_exactly(channel, min(answer.length - start, IN_MEMORY))
