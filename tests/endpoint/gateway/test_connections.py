import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.end_to_end.server import wait_for
from tests.external_programs import cannot_run
from tests.loopback import is_open

from medsynth_kg.endpoint.gateway.connections import bound_connections, close_excess

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server((HERE, 0)) as listening:
        yield listening


@pytest.fixture
def for_both_versions() -> Iterator[socket.socket]:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        cannot_run("this system has no IPv6")
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listening:
        yield listening


@pytest.fixture
def stack() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as opened:
        yield opened


def connect(listener: socket.socket, stack: contextlib.ExitStack, client: str = HERE) -> socket.socket:
    """The client's end of a connection, whose other end stays open too."""
    connection = stack.enter_context(
        socket.create_connection(listener.getsockname(), timeout=10, source_address=(client, 0))
    )
    stack.enter_context(listener.accept()[0])
    return connection


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def test_a_client_keeps_its_share_and_its_newest_connections_are_closed(
    listener: socket.socket, stack: contextlib.ExitStack
) -> None:
    connections = [connect(listener, stack) for _ in range(30)]
    assert close_excess(port_of(listener), 20) == 10
    assert [is_open(connection) for connection in connections] == [True] * 20 + [False] * 10


def test_each_client_has_a_share_of_its_own(listener: socket.socket, stack: contextlib.ExitStack) -> None:
    greedy = [connect(listener, stack) for _ in range(30)]
    modest = [connect(listener, stack, ELSEWHERE) for _ in range(20)]
    assert close_excess(port_of(listener), 20) == 10
    assert [sum(map(is_open, connections)) for connections in (greedy, modest)] == [20, 20]


def test_clients_of_either_version_of_ip_are_told_apart(
    for_both_versions: socket.socket, stack: contextlib.ExitStack
) -> None:
    def connect_from(client: str) -> socket.socket:
        address = (client, port_of(for_both_versions))
        connection = stack.enter_context(socket.create_connection(address, timeout=10, source_address=(client, 0)))
        stack.enter_context(for_both_versions.accept()[0])
        return connection

    connections = [connect_from(client) for client in ("::1", *(f"127.0.0.{number}" for number in range(1, 25)))]
    greedy = [connect_from("::1") for _ in range(10)]
    assert close_excess(port_of(for_both_versions), 5) == 6
    assert all(map(is_open, connections))
    assert sum(map(is_open, greedy)) == 4


def test_a_bound_that_could_not_be_kept_for_a_moment_is_kept_again(
    listener: socket.socket,
    stack: contextlib.ExitStack,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusals = iter([OSError(errno.EMFILE, "Too many open files")])

    def scan(path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        for refusal in refusals:
            raise refusal
        return scandir(path)

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", scan)
    connections = [connect(listener, stack) for _ in range(8)]
    stack.callback(bound_connections(port_of(listener), 5).set)
    assert wait_for(lambda: "can't be counted now: Too many open files" in caplog.text)
    assert wait_for(lambda: sum(map(is_open, connections)) == 5)


def test_what_is_no_connection_to_the_port_is_left_alone(
    listener: socket.socket, stack: contextlib.ExitStack, tmp_path: Path
) -> None:
    others = stack.enter_context(socket.create_server((HERE, 0)))
    outgoing = [connect(others, stack) for _ in range(30)]
    pairs = [end for _ in range(15) for end in map(stack.enter_context, socket.socketpair())]
    files = [stack.enter_context((tmp_path / str(number)).open("wb")) for number in range(30)]
    assert close_excess(port_of(listener), 5) == 0
    assert all(map(is_open, [*outgoing, *pairs]))
    assert [file.write(b"x") for file in files] == [1] * 30
    assert is_open(connect(listener, stack))
