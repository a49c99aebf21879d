"""The process that query workers are forked from.

The front process has threads, and a process with threads can't fork safely; this one has none. It has imported the
engine, and answers three requests over its socket: to fork a worker on a channel that comes along, to tell how a worker
ended, and to tell whether the workers that it forks have the store in memory, which it takes in meanwhile. When the
front process goes, it kills its workers and goes too.
"""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any

from medsynth_kg.query.confinement import die_with_parent, leave_network
from medsynth_kg.query.in_memory import InMemoryCopy
from medsynth_kg.query.worker import run_worker

MESSAGE_SIZE = 65536


def main() -> None:
    """Serve the front process over the inherited socket whose descriptor is the first argument."""
    front = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    isolated = options["offline"] and leave_network()
    front.sendall(json.dumps({"isolated": isolated}).encode())
    options["copy"] = InMemoryCopy(options["store"], options["in_memory"])
    workers: dict[int, int] = {}
    try:
        with contextlib.suppress(ConnectionError):
            while _serve_one(front, options, workers):
                pass
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        for pid in workers:
            os.waitpid(pid, 0)


def _serve_one(front: socket.socket, options: dict[str, Any], workers: dict[int, int]) -> bool:
    _take_in(options["copy"], front)
    message, descriptors, _, _ = socket.recv_fds(front, MESSAGE_SIZE, 1)
    if not message:
        return False
    request = json.loads(message)
    match request["do"]:
        case "fork":
            _fork(front, socket.socket(fileno=descriptors[0]), options, workers)
        case "bury":
            front.sendall(json.dumps({"status": _bury(request["pid"], workers)}).encode())
        case _:
            copy = options["copy"]
            state = {"has_copy": copy.store is not None, "takes_in": copy.descriptor is not None}
            front.sendall(json.dumps(state).encode())
    return True


def _take_in(copy: InMemoryCopy, front: socket.socket) -> None:
    """Take in what comes of the store, until the front process says something."""
    # Descriptors keep the numbers that they had in the front, which select(2) does not take beyond 1,023.
    ready = select.poll()
    ready.register(front, select.POLLIN)
    if copy.descriptor is not None:
        ready.register(copy.descriptor, select.POLLIN)
    while copy.descriptor is not None:
        if front.fileno() in dict(ready.poll()):
            return
        copy.take_in()


def _bury(pid: int, workers: dict[int, int]) -> int:
    """Reap a worker and answer its exit code, or the signal that ended it as a negative number."""
    _, status = os.waitpid(pid, 0)
    os.close(workers.pop(pid))
    return os.waitstatus_to_exitcode(status)


def _fork(front: socket.socket, channel: socket.socket, options: dict[str, Any], workers: dict[int, int]) -> None:
    zygote = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        channel.close()
        front.sendall(json.dumps({"error": error.strerror}).encode())
        return
    if pid == 0:
        _become_worker(zygote, front, channel, options, workers)
    channel.close()
    workers[pid] = os.pidfd_open(pid)
    socket.send_fds(front, [json.dumps({"pid": pid}).encode()], [workers[pid]])


def _become_worker(
    zygote: int, front: socket.socket, channel: socket.socket, options: dict[str, Any], workers: dict[int, int]
) -> None:
    try:
        die_with_parent(zygote)
        front.close()
        for descriptor in (*workers.values(), options["copy"].descriptor):
            if descriptor is not None:
                os.close(descriptor)
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a descriptor, not a path, is what is wanted
            os.dup2(nowhere.fileno(), sys.stderr.fileno())
        run_worker(
            channel,
            options["store"],
            options["copy"].store,
            options["memory"],
            options["result_size"],
            offline=options["offline"],
        )
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
