"""The process that query workers are forked from.

The front process has threads, and a process with threads can't fork safely; this one has none. It has imported the
engine, opened nothing and answers two requests over its socket: to fork a worker on a channel that comes along, and to
tell how a worker ended. When the front process goes, it kills its workers and goes too.
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

from medsynth_kg.query.worker import run_worker

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
MESSAGE_SIZE = 65536


def main() -> None:
    """Serve the front process over the inherited socket whose descriptor is the first argument."""
    front = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if options["offline"]:
        _leave_network()
    workers: dict[int, int] = {}
    try:
        while _serve_one(front, options, workers):
            pass
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)


def _serve_one(front: socket.socket, options: dict[str, Any], workers: dict[int, int]) -> bool:
    message, descriptors, _, _ = socket.recv_fds(front, MESSAGE_SIZE, 1)
    if not message:
        return False
    request = json.loads(message)
    if request["do"] == "fork":
        _fork(front, socket.socket(fileno=descriptors[0]), options, workers)
    else:
        front.sendall(json.dumps({"signal": _bury(request["pid"], workers)}).encode())
    return True


def _bury(pid: int, workers: dict[int, int]) -> int:
    """Reap a worker and answer the signal that ended it; 0 for none, or for a worker of an earlier zygote."""
    if pid not in workers:
        return 0
    _, status = os.waitpid(pid, 0)
    os.close(workers.pop(pid))
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _fork(front: socket.socket, channel: socket.socket, options: dict[str, Any], workers: dict[int, int]) -> None:
    pid = os.fork()
    if pid == 0:
        _become_worker(front, channel, options, workers)
    channel.close()
    workers[pid] = os.pidfd_open(pid)
    socket.send_fds(front, [json.dumps({"pid": pid}).encode()], [workers[pid]])


def _become_worker(
    front: socket.socket, channel: socket.socket, options: dict[str, Any], workers: dict[int, int]
) -> None:
    status = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        front.close()
        for descriptor in workers.values():
            os.close(descriptor)
        run_worker(channel, options["store"], options["memory"], options["result_size"], offline=options["offline"])
        status = 0
    finally:
        os._exit(status)


def _leave_network() -> None:
    """Move to a network namespace without any interface, where the system allows it; the descriptor limit stands."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


if __name__ == "__main__":
    main()
