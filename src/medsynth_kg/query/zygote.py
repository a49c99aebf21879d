"""The process that query workers are forked from.

The front process has threads, and a process with threads can't fork safely; this one has none. It has imported the
engine, holds a small store in memory, and answers two requests over its socket: to fork a worker on a channel that
comes along, and to tell how a worker ended. When the front process goes, it kills its workers and goes too.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

from medsynth_kg.query.confinement import die_with_parent, leave_network
from medsynth_kg.query.holding import hold
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
    options["held"] = hold(options["store"], options["in_memory"])
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
    message, descriptors, _, _ = socket.recv_fds(front, MESSAGE_SIZE, 1)
    if not message:
        return False
    request = json.loads(message)
    if request["do"] == "fork":
        _fork(front, socket.socket(fileno=descriptors[0]), options, workers)
    else:
        front.sendall(json.dumps({"status": _bury(request["pid"], workers)}).encode())
    return True


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
        for descriptor in workers.values():
            os.close(descriptor)
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a descriptor, not a path, is what is wanted
            os.dup2(nowhere.fileno(), sys.stderr.fileno())
        run_worker(
            channel,
            options["store"],
            options["held"],
            options["memory"],
            options["result_size"],
            offline=options["offline"],
        )
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
