"""Messages between the front process and a worker: a JSON header and a body of bytes over a stream socket.

Each end says one thing and waits for the other, so that a message can be read with whatever has come: most messages
are short, and then one look is enough.
"""

import json
import socket
import struct
from typing import Any, NamedTuple

_LENGTHS = struct.Struct("!IQ")
_SENT_TOGETHER = 2**16
"""Bytes of a body up to which copying it costs less than waking the other end twice."""
_READ_TOGETHER = _SENT_TOGETHER + 2**12


class ChannelClosed(Exception):
    """The process at the other end is gone, or talks nonsense."""


class Message(NamedTuple):
    """A message's header, how many bytes its body has, and those that came with the header."""

    header: dict[str, Any]
    length: int
    beginning: bytes


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


def receive_message(channel: socket.socket) -> Message:
    """Receive a message but for the rest of its body.

    Raises:
        ChannelClosed: the other end is gone.
        TimeoutError: the channel's time-out passed.
    """
    received = _receive(channel)
    received += receive_exactly(channel, _LENGTHS.size - len(received))
    header_length, length = _LENGTHS.unpack_from(received)
    end = _LENGTHS.size + header_length
    received += receive_exactly(channel, end - len(received))
    header: dict[str, Any] = json.loads(received[_LENGTHS.size : end])
    beginning = received[end:]
    if len(beginning) > length:
        raise ChannelClosed
    return Message(header, length, beginning)


def receive_body(channel: socket.socket, message: Message) -> bytes:
    """A message's whole body; raises as ``receive_message`` does."""
    return message.beginning + receive_exactly(channel, message.length - len(message.beginning))


def receive_exactly(channel: socket.socket, length: int) -> bytes:
    """Receive a known number of bytes, none where it is not above 0; raises as ``receive_message`` does."""
    if length <= 0:
        return b""
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


def _receive(channel: socket.socket) -> bytes:
    try:
        received = channel.recv(_READ_TOGETHER)
    except ConnectionResetError as error:
        raise ChannelClosed from error
    if not received:
        raise ChannelClosed
    return received
