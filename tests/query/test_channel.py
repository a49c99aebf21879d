"""Messages come through whole, however they are cut up on their way."""

import itertools
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from medsynth_kg.query.channel import ChannelClosed, receive_body, receive_message, send_message

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(20)
        yield ours, theirs


def sent(ends: Ends, body: bytes) -> tuple[dict[str, object], bytes]:
    ours, theirs = ends
    sending = threading.Thread(target=send_message, args=(theirs, {"name": "é"}, body))
    sending.start()
    message = receive_message(ours)
    received = receive_body(ours, message)
    sending.join()
    assert message.length == len(received)
    return message.header, received


@pytest.mark.parametrize("size", [0, 1, 2**16, 2**16 + 1, 3 * 2**20])
def test_a_message_of_any_size_arrives_as_it_was_sent(ends: Ends, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert sent(ends, body) == ({"name": "é"}, body)


@given(cuts=some.lists(some.integers(0, 60)), body=some.binary(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_does_so_in_any_pieces(cuts: list[int], body: bytes) -> None:
    first, second = socket.socketpair()
    with first, second:
        send_message(first, {"a": [1, None]}, body)
        first.shutdown(socket.SHUT_WR)
        whole = b""
        while part := second.recv(1000):
            whole += part
    ours, theirs = socket.socketpair()
    with ours, theirs:
        places = [0, *sorted(cuts), len(whole)]

        def send() -> None:
            for start, end in itertools.pairwise(places):
                theirs.sendall(whole[start:end])

        sending = threading.Thread(target=send)
        sending.start()
        message = receive_message(ours)
        assert message.header == {"a": [1, None]}
        assert receive_body(ours, message) == body
        sending.join()


@pytest.mark.parametrize("beginning", [b"", b"\0\0", b"\0\0\0\x02" + b"\0" * 7 + b"\x05" + b"{", b"\0" * 4])
def test_an_end_in_the_middle_is_noticed(ends: Ends, beginning: bytes) -> None:
    ours, theirs = ends
    theirs.sendall(beginning)
    theirs.close()
    with pytest.raises(ChannelClosed):
        receive_message(ours)


def test_so_is_an_end_in_the_middle_of_a_body(ends: Ends) -> None:
    ours, theirs = ends
    theirs.sendall(b"\0\0\0\x02" + b"\0" * 7 + b"\x05{}abc")
    theirs.close()
    with pytest.raises(ChannelClosed):
        receive_body(ours, receive_message(ours))


def test_more_than_was_announced_is_not_believed(ends: Ends) -> None:
    ours, theirs = ends
    theirs.sendall(b"\0\0\0\x02" + b"\0" * 7 + b"\x01{}abc")
    with pytest.raises(ChannelClosed):
        receive_message(ours)


def test_nobody_there_to_read_is_noticed(ends: Ends) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(ChannelClosed):
        send_message(ours, {}, b"x" * 2**20)
