"""Bounding how many connections a client has, since the HTTP library takes whatever comes.

What this process has open stands in /dev/fd. A connection's socket can be shut from any thread; to the library it looks
as if the client had left.
"""

import logging
import os
import socket
import stat
import threading

_SECONDS_BETWEEN = 0.5

logger = logging.getLogger(__name__)


def bound_connections(port: int, of_a_client: int) -> threading.Event:
    """From now on, close what connections to ``port`` a client has too many, twice a second; until the event is set."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_SECONDS_BETWEEN):
            try:
                close_excess(port, of_a_client)
            except OSError as error:
                logger.warning("the clients' connections can't be counted now: %s", error.strerror)

    threading.Thread(target=watch, name="connections", daemon=True).start()
    return ended


def close_excess(port: int, of_a_client: int) -> int:
    """Close what connections of this process to its ``port`` a client has too many, of which mostly the newest.

    Returns how many they were.

    Raises:
        OSError: the system does not say what is open.
    """
    with os.scandir("/dev/fd") as entries:
        descriptors = sorted(int(entry.name) for entry in entries)
    taken: dict[str, int] = {}
    closed = 0
    if len(descriptors) <= of_a_client:
        return closed
    for descriptor in descriptors:
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            # A descriptor of its own: the other may be closed at any moment, and then stand for something else.
            # Of this family, it has room for the addresses of either.
            with socket.fromfd(descriptor, socket.AF_INET6, socket.SOCK_STREAM) as connection:
                client = _client(connection, port)
                if client is None:
                    continue
                taken[client] = taken.get(client, 0) + 1
                if taken[client] > of_a_client:
                    connection.shutdown(socket.SHUT_RDWR)
                    closed += 1
        except OSError:
            # It has been closed meanwhile, or is the one that listens.
            continue
    return closed


def _client(connection: socket.socket, port: int) -> str | None:
    """The address at the other end of a connection to a port of ours; None for other sockets."""
    name = connection.getsockname()
    if not isinstance(name, tuple) or name[1] != port:
        return None
    address: str = connection.getpeername()[0]
    return address
