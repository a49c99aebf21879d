"""Keeping a server's process alive, replacing it on demand, and ending it.

Signals are waited for instead of handled, so none can come at a bad moment (signal(7), sigwait(3)).
"""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial

from medsynth_kg.query.confinement import die_with_parent

BOOT_SECONDS = 60.0
"""How long a process may take until it is ready, before another one is tried."""
PAUSE_SECONDS = 1.0
"""How long to wait before another process is started, where one did not become ready."""
_MOMENT = 0.1
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

Work = Callable[[Callable[[], object]], object]
"""What a process is to do until SIGTERM; it calls what it is given once it is ready."""


def supervise(work: Work, announce: Callable[[], object], kill_seconds: float) -> None:
    """Have the work done by a process of its own, until SIGTERM or SIGINT.

    Should the process die, another one takes its place; after SIGHUP another one does too, and the first is told to
    end once it is ready. ``announce`` is called when the first process is ready; if that never is, this process ends
    as it did. A process that does not end within so many seconds is killed. To be called in the main thread, where no
    other has been started.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    current, is_ready = _start(work)
    if not is_ready:
        _end({current}, 0)
        sys.exit(1)
    announce()
    retired: set[int] = set()
    while True:
        received = signal.sigwait(_SIGNALS)
        if received in (signal.SIGTERM, signal.SIGINT):
            break
        if received == signal.SIGHUP:
            newer, is_ready = _start(work)
            if is_ready:
                current, newer = newer, current
            os.kill(newer, signal.SIGTERM)
            retired.add(newer)
        gone = _reap()
        retired -= gone
        while current in gone:
            current, is_ready = _start(work)
            if not is_ready:
                time.sleep(PAUSE_SECONDS)
                gone |= _reap()
    _end(retired | {current}, kill_seconds)


def _start(work: Work) -> tuple[int, bool]:
    """A new process, and whether it became ready."""
    reading, writing = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _run(work, parent, writing)
    os.close(writing)
    with open(reading, "rb", buffering=0) as pipe:  # noqa: PTH123  # no path
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        return process, bool(poll.poll(BOOT_SECONDS * 1000) and pipe.read(1))


def _run(work: Work, parent: int, writing: int) -> None:
    """Do the work in this process, which never goes on to what its parent was about to do."""
    status = 1
    try:
        die_with_parent(parent)
        # A terminal interrupts all its processes at once; each is told by its parent.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        work(partial(os.write, writing, b"x"))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _reap() -> set[int]:
    """The processes that have ended since the last time."""
    gone: set[int] = set()
    while True:
        try:
            process, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return gone
        if process == 0:
            return gone
        gone.add(process)


def _end(processes: set[int], seconds: float) -> None:
    """Tell processes to end, and kill those that have not after so many seconds."""
    deadline = time.monotonic() + seconds
    for process in processes:
        os.kill(process, signal.SIGTERM)
    while processes := processes - _reap():
        left = deadline - time.monotonic()
        if left < 0:
            for process in processes:
                os.kill(process, signal.SIGKILL)
        signal.sigtimedwait(_SIGNALS, max(left, _MOMENT))
