"""Messages between the front process and a worker: a JSON header and a body of bytes over a stream socket."""

import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_SENT_TOGETHER = 2**16
"""Bytes of a body up to which copying it costs less than waking the other end twice."""


class ChannelClosed(Exception):
    """The process at the other end is gone."""


def send_message(channel: socket.socket, header: dict[str, Any], body: bytes | memoryview = b"") -> None:
    """Send one message.

    Raises:
        ChannelClosed: nobody is there to read it.
    """
    encoded = json.dumps(header).encode()
    try:
        beginning = _LENGTHS.pack(len(encoded), len(body)) + encoded
        if len(body) <= _SENT_TOGETHER:
            channel.sendall(beginning + body)
        else:
            channel.sendall(beginning)
            channel.sendall(body)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ChannelClosed from error


def receive_header(channel: socket.socket) -> tuple[dict[str, Any], int]:
    """Receive a message's header and the length of the body that follows.

    Raises:
        ChannelClosed: the other end is gone.
        TimeoutError: the channel's time-out passed.
    """
    header_length, body_length = _LENGTHS.unpack(receive_exactly(channel, _LENGTHS.size))
    header: dict[str, Any] = json.loads(receive_exactly(channel, header_length))
    return header, body_length


def receive_exactly(channel: socket.socket, length: int) -> bytes:
    """Receive a known number of bytes; raises as ``receive_header`` does."""
    buffer = bytearray(length)
    view = memoryview(buffer)
    while view:
        try:
            received = channel.recv_into(view)
        except ConnectionResetError as error:
            raise ChannelClosed from error
        if not received:
            raise ChannelClosed
        view = view[received:]
    return bytes(buffer)
