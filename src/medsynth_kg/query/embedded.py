"""The executor that runs queries in worker processes over a store on disk."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from medsynth_kg.query.channel import ChannelClosed, receive_exactly, receive_header, send_message
from medsynth_kg.query.errors import (
    EvaluationFailed,
    ExecutorClosed,
    QueryCrashed,
    QueryError,
    QueryMemoryExceeded,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    WorkersUnavailable,
)
from medsynth_kg.query.guard import QueryProfile, inspect_query
from medsynth_kg.query.limits import MEBIBYTE, QueryLimits
from medsynth_kg.query.request import QueryAnswer, QueryRequest
from medsynth_kg.query.scheduling import Lane, Scheduler
from medsynth_kg.query.zygote import MESSAGE_SIZE

START_SECONDS = 20.0
"""How long a worker may take to open the store."""
IN_MEMORY = MEBIBYTE
"""Answers with more bytes are kept in a file without a name."""

logger = logging.getLogger(__name__)


class Worker:
    """A worker process as the front sees it."""

    def __init__(self, pid: int, pidfd: int, channel: socket.socket) -> None:
        self.pid = pid
        self.queries = 0
        self.channel = channel
        self._pidfd = pidfd

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        try:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        except ProcessLookupError:
            logger.debug("worker %d had already ended", self.pid)

    def close(self) -> None:
        """Give back what the front holds of a worker that has ended."""
        self.channel.close()
        os.close(self._pidfd)


class Zygote:
    """The process that workers are forked from; started anew if it dies. Thread-safe."""

    def __init__(self, store: Path, limits: QueryLimits) -> None:
        self._options = json.dumps(
            {
                "store": str(store),
                "memory": limits.memory,
                "result_size": limits.result_size,
                "offline": not limits.services,
            }
        )
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", "medsynth_kg.query.zygote", str(theirs.fileno()), self._options],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def fork(self) -> Worker:
        """Start a worker and wait until it has opened the store.

        Raises:
            WorkersUnavailable: neither this process nor a new one of its kind can start a worker.
        """
        with self._lock:
            worker = self._fork() or self._restart_and_fork()
        worker.channel.settimeout(START_SECONDS)
        try:
            header, _ = receive_header(worker.channel)
        except (ChannelClosed, TimeoutError) as error:
            self.bury(worker)
            logger.error("worker %d did not open the store", worker.pid)
            raise WorkersUnavailable from error
        if not header.get("ready"):
            self.bury(worker)
            logger.error("worker %d: %s", worker.pid, header.get("message"))
            raise WorkersUnavailable
        return worker

    def _fork(self) -> Worker | None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._socket, [b'{"do": "fork"}'], [theirs.fileno()])
            message, descriptors, _, _ = socket.recv_fds(self._socket, MESSAGE_SIZE, 1)
        except OSError:
            message, descriptors = b"", []
        if not message or not descriptors:
            ours.close()
            return None
        return Worker(json.loads(message)["pid"], descriptors[0], ours)

    def _restart_and_fork(self) -> Worker:
        logger.warning("the process that query workers are forked from has ended; starting another")
        self._stop()
        self._start()
        worker = self._fork()
        if worker is None:
            raise WorkersUnavailable
        return worker

    def bury(self, worker: Worker) -> int:
        """Kill a worker if it still lives, and answer the signal that ended it (0 for none or an unknown one)."""
        worker.kill()
        with self._lock:
            try:
                self._socket.sendall(json.dumps({"do": "bury", "pid": worker.pid}).encode())
                message = self._socket.recv(MESSAGE_SIZE)
            except OSError:
                message = b""
        worker.close()
        return int(json.loads(message).get("signal", 0)) if message else 0

    def close(self) -> None:
        """End the process and all workers that it still has."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        self._socket.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class EmbeddedExecutor:
    """Runs queries in worker processes over one store; see ``Executor``."""

    def __init__(self, store: Path, limits: QueryLimits, prefixes: Mapping[str, str] | None = None) -> None:
        """Start the workers. ``prefixes`` shorten the IRIs of graph answers.

        Raises:
            WorkersUnavailable: the store can't be opened.
        """
        self._limits = limits
        self._prefixes = dict(prefixes or {})
        self._zygote = Zygote(store, limits)
        self._scheduler = Scheduler(limits.workers, limits.queue, limits.queue_seconds)
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self._closed = False
        self.replaced = 0
        try:
            self._idle.extend(self._zygote.fork() for _ in range(limits.workers))
        except WorkersUnavailable:
            self.close()
            raise

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return self._scheduler.waiting

    def execute(self, request: QueryRequest) -> QueryAnswer:
        """Answer a query; raises the errors of ``medsynth_kg.query.errors``."""
        started = time.monotonic()
        profile = inspect_query(request.query, self._limits)
        timeout = min(self._limits.timeout, request.timeout or self._limits.timeout)
        answer = None
        lane = self._scheduler.acquire(request.client)
        try:
            if lane is Lane.EXPRESS and timeout > self._limits.short:
                answer = self._run_shortly(request, profile)
                if answer is None:
                    self._scheduler.release(lane)
                    lane = self._scheduler.acquire(request.client, express_allowed=False)
            body, size = answer or self._run(request, profile, timeout)
        finally:
            self._scheduler.release(lane)
        return QueryAnswer(body, size, request.media_type, time.monotonic() - started)

    def _run_shortly(self, request: QueryRequest, profile: QueryProfile) -> tuple[bytes | IO[bytes], int] | None:
        try:
            return self._run(request, profile, self._limits.short)
        except QueryTimeout:
            return None

    def close(self) -> None:
        """Stop all workers; queries under way end in ``ExecutorClosed``."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            self._zygote.bury(worker)
        self._zygote.close()

    def _run(self, request: QueryRequest, profile: QueryProfile, timeout: float) -> tuple[bytes | IO[bytes], int]:
        worker = self._take()
        deadline = time.monotonic() + timeout
        try:
            header, body, size = _ask(
                worker.channel, _header(request, profile, self._prefixes), request.query, deadline
            )
        except TimeoutError as error:
            self._replace(worker)
            raise QueryTimeout(timeout) from error
        except ChannelClosed as error:
            raise self._cause_of_death(self._replace(worker)) from error
        except BaseException:
            self._replace(worker)
            raise
        worker.queries += 1
        if worker.queries >= self._limits.queries_per_worker or header.get("error") in ("memory", "size"):
            self._replace(worker)
        else:
            self._give_back(worker)
        if header.get("ok"):
            return body, size
        raise self._error(header)

    def _take(self) -> Worker:
        with self._lock:
            if self._closed:
                raise ExecutorClosed
            if self._idle:
                return self._idle.pop()
        return self._zygote.fork()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        self._zygote.bury(worker)

    def _replace(self, worker: Worker) -> int:
        """Bury a worker and start another in its place; answers the signal that ended it."""
        ended_by = self._zygote.bury(worker)
        with self._lock:
            self.replaced += 1
            closed = self._closed
        if not closed:
            try:
                self._give_back(self._zygote.fork())
            except WorkersUnavailable:
                logger.exception("a worker could not be replaced; the next query tries again")
        return ended_by

    def _cause_of_death(self, ended_by: int) -> QueryError:
        if self._closed:
            return ExecutorClosed()
        if ended_by in (signal.SIGABRT, signal.SIGKILL):
            return QueryMemoryExceeded(self._limits.memory)
        return QueryCrashed()

    def _error(self, header: dict[str, Any]) -> QueryError:
        match header["error"]:
            case "syntax":
                return QuerySyntaxError(header["message"], header["line"], header["column"])
            case "size":
                return ResultTooLarge(self._limits.result_size)
            case "memory":
                return QueryMemoryExceeded(self._limits.memory)
            case _:
                return EvaluationFailed(header["message"])


def _header(request: QueryRequest, profile: QueryProfile, prefixes: dict[str, str]) -> dict[str, Any]:
    return {
        "media_type": request.media_type,
        "default_graphs": request.default_graphs,
        "named_graphs": request.named_graphs,
        "substitutions": dict(request.substitutions),
        "base_iri": request.base_iri,
        "has_dataset": profile.has_dataset,
        "prefixes": prefixes if profile.form.is_graph else {},
    }


def _ask(
    channel: socket.socket, header: dict[str, Any], query: str, deadline: float
) -> tuple[dict[str, Any], bytes | IO[bytes], int]:
    channel.settimeout(max(deadline - time.monotonic(), 0.001))
    send_message(channel, header, query.encode())
    answer, size = receive_header(channel)
    channel.settimeout(START_SECONDS)
    if size <= IN_MEMORY:
        return answer, receive_exactly(channel, size), size
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    remaining = size
    while remaining:
        part = receive_exactly(channel, min(remaining, IN_MEMORY))
        file.write(part)
        remaining -= len(part)
    file.seek(0)
    return answer, file, size
