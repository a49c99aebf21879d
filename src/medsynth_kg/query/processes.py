"""Worker processes, and the process that they are forked from, as the front process sees them."""

import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from medsynth_kg.query.allocator import allocator_environment
from medsynth_kg.query.channel import ChannelClosed, receive_message
from medsynth_kg.query.errors import WorkersUnavailable
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.zygote import MESSAGE_SIZE

START_SECONDS = 20.0
"""How long a process may take to start, or a worker to open the store."""
_ATTEMPTS = 3
"""How often a worker is started that ends before it is ready, as it does when someone kills the zygote meanwhile."""

logger = logging.getLogger(__name__)


class Worker:
    """A worker process: the channel to it, and a hold on it that outlasts its number."""

    def __init__(self, pid: int, pidfd: int, channel: socket.socket, generation: int) -> None:
        """``generation`` tells from which zygote the worker comes; ``has_copy``, whether it has the store in memory."""
        self.pid = pid
        self.channel = channel
        self.generation = generation
        self.has_copy = False
        self.queries = 0
        self._pidfd = pidfd
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)

    @property
    def speaks(self) -> bool:
        """Whether it has said something, or has gone."""
        return bool(self._poll.poll(0))

    def interrupt(self) -> None:
        """Let whoever waits for what the worker says see the end of the channel at once; the worker is lost then."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        """End the process, whatever it is doing, and wait until it has gone; how it ended before that stands."""
        try:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        except ProcessLookupError:
            logger.debug("worker %d had already ended", self.pid)
        ended = select.poll()
        ended.register(self._pidfd, select.POLLIN)
        ended.poll(START_SECONDS * 1000)

    def close(self) -> None:
        """Give back what the front holds of a worker that has ended."""
        self.channel.close()
        os.close(self._pidfd)


class Zygote:
    """The process that workers are forked from; started anew if it dies. Thread-safe."""

    def __init__(self, store: Path, limits: QueryLimits, *, offline: bool, in_memory: int) -> None:
        """Start the process. Its workers have no way to the network if ``offline``.

        It reads the store into memory meanwhile if that has at most ``in_memory`` bytes on disk.

        Raises:
            WorkersUnavailable: it does not start; its standard error says why.
        """
        self._offline = offline
        self._options = json.dumps(
            {
                "store": str(store),
                "in_memory": in_memory,
                "memory": limits.memory,
                "result_size": limits.result_size,
                "offline": offline,
            }
        )
        self._lock = threading.Lock()
        self._closed = False
        self._generation = 0
        self._warned = False
        self._start()

    def fork(self) -> Worker:
        """Start a worker and wait until it has opened the store.

        Raises:
            WorkersUnavailable: neither this process nor a new one of its kind can start a worker.
        """
        for _ in range(_ATTEMPTS):
            try:
                return self._forked_and_ready()
            except ChannelClosed:
                logger.warning("a query worker ended before it was ready; starting another")
        raise WorkersUnavailable

    def bury(self, worker: Worker) -> int | None:
        """Kill a worker if it still lives; how it ended.

        That is its exit code, or the signal as a negative number, or None where nobody knows.
        """
        worker.kill()
        message = b""
        with self._lock:
            if worker.generation == self._generation:
                try:
                    self._socket.sendall(json.dumps({"do": "bury", "pid": worker.pid}).encode())
                    message = self._socket.recv(MESSAGE_SIZE)
                except OSError:
                    logger.debug("nobody tells how worker %d ended", worker.pid)
                    self._socket.close()
        worker.close()
        return int(json.loads(message)["status"]) if message else None

    def has_copy(self) -> bool | None:
        """Whether workers have the store in memory from now on; None if that can't be told yet."""
        with self._lock:
            try:
                self._socket.sendall(b'{"do": "tell"}')
                state = json.loads(self._socket.recv(MESSAGE_SIZE) or b"{}")
            except OSError:
                return None
        return None if state.get("takes_in", True) else bool(state["has_copy"])

    def close(self) -> None:
        """End the process and all workers that it still has."""
        with self._lock:
            self._closed = True
            self._stop()

    def _forked_and_ready(self) -> Worker:
        with self._lock:
            worker = self._fork() or self._restart_and_fork()
        worker.channel.settimeout(START_SECONDS)
        try:
            header = receive_message(worker.channel).header
        except ChannelClosed:
            self.bury(worker)
            raise
        except TimeoutError as error:
            self.bury(worker)
            logger.error("worker %d did not open the store in time", worker.pid)
            raise WorkersUnavailable from error
        if not header.get("ready"):
            self.bury(worker)
            logger.error("worker %d: %s", worker.pid, header.get("message"))
            raise WorkersUnavailable
        worker.has_copy = header["has_copy"]
        self._warn_of_network(confined=header["confined"])
        return worker

    def _start(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._generation += 1
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603  # our own module
                    [sys.executable, "-P", "-m", "medsynth_kg.query.zygote", str(theirs.fileno()), self._options],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, **allocator_environment()},
                )
            except OSError as error:
                self._socket.close()
                logger.error("Python can't be started: %s", error)
                raise WorkersUnavailable from error
        self._socket.settimeout(START_SECONDS)
        try:
            self._isolated: bool = json.loads(self._socket.recv(MESSAGE_SIZE) or b"null")["isolated"]
        except (OSError, TypeError) as error:
            self._stop()
            raise WorkersUnavailable from error

    def _fork(self) -> Worker | None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._socket, [b'{"do": "fork"}'], [theirs.fileno()])
            message, descriptors, _, _ = socket.recv_fds(self._socket, MESSAGE_SIZE, 1)
        except OSError:
            message, descriptors = b"", []
        if not descriptors:
            ours.close()
            if message:
                logger.error("no worker can be forked: %s", json.loads(message)["error"])
                raise WorkersUnavailable
            return None
        return Worker(json.loads(message)["pid"], descriptors[0], ours, self._generation)

    def _restart_and_fork(self) -> Worker:
        if self._closed:
            raise WorkersUnavailable
        logger.warning("the process that query workers are forked from has ended; starting another")
        self._stop()
        self._start()
        worker = self._fork()
        if worker is None:
            raise WorkersUnavailable
        return worker

    def _stop(self) -> None:
        self._socket.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _warn_of_network(self, *, confined: bool) -> None:
        if self._offline and not self._isolated and not confined and not self._warned:
            self._warned = True
            logger.warning(
                "this system offers neither network namespaces nor system call filters: only the check of a query's "
                "text keeps query workers from the network"
            )
