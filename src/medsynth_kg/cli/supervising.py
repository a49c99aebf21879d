"""Keeping a server's process alive, replacing it on demand, and ending it.

Signals are waited for instead of handled, so none can come at a bad moment (sigtimedwait(2)).
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial

from medsynth_kg.query.confinement import die_with_parent

PAUSE_SECONDS = 1.0
"""How long to wait before another process is started, where the last one did not become ready."""
_MOMENT = 0.1
_READY = signal.SIGUSR1
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, _READY)

Work = Callable[[Callable[[], object]], object]
"""What a process is to do until SIGTERM; it calls what it is given once it is ready."""


class Supervisor:
    """Has work done by a process of its own, until SIGTERM or SIGINT.

    Should the process die, another one takes its place. After SIGHUP another one does too: once it is ready, the first
    is told to end.
    """

    def __init__(self, work: Work, announce: Callable[[], object], kill_seconds: float) -> None:
        """``announce`` is called when the first process is ready; if it never is, this process ends too.

        A process that does not end within so many seconds is killed.
        """
        self._work = work
        self._announce = announce
        self._kill_seconds = kill_seconds
        self._working: int | None = None
        self._starting: int | None = None
        self._retired: set[int] = set()
        self._has_worked = False

    def run(self) -> None:
        """Supervise until the end. To be called in the main thread, while there is no other one."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._start()
        while True:
            received = signal.sigtimedwait(_SIGNALS, PAUSE_SECONDS)
            number = 0 if received is None else received.si_signo
            if number in (signal.SIGTERM, signal.SIGINT):
                break
            if received is not None and number == _READY and received.si_pid == self._starting:
                self._take_over()
            if number == signal.SIGHUP and self._starting is None:
                self._start()
            self._replace_the_dead(was_quiet=received is None)
        _end({*self._retired, self._working, self._starting}, self._kill_seconds)

    def _start(self) -> None:
        parent = os.getpid()
        process = os.fork()
        if process == 0:
            _do(self._work, parent)
        self._starting = process

    def _take_over(self) -> None:
        if self._working is not None:
            os.kill(self._working, signal.SIGTERM)
            self._retired.add(self._working)
        self._working, self._starting = self._starting, None
        if not self._has_worked:
            self._has_worked = True
            self._announce()

    def _replace_the_dead(self, *, was_quiet: bool) -> None:
        """``was_quiet`` says that there was a pause, so that a start may be tried that has failed before."""
        gone = _reap()
        self._retired -= gone
        has_died = self._working in gone
        if has_died:
            self._working = None
        if self._starting in gone:
            if not self._has_worked:
                sys.exit(1)
            self._starting = None
        if self._working is None and self._starting is None and (has_died or was_quiet):
            self._start()


def _do(work: Work, parent: int) -> None:
    """Do the work in this process, which never goes on to what its parent was about to do."""
    status = 1
    try:
        die_with_parent(parent)
        # A terminal interrupts all its processes at once; each is told by its parent.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        work(partial(os.kill, parent, _READY))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _reap() -> set[int | None]:
    """The processes that have ended since the last time."""
    gone: set[int | None] = set()
    while True:
        try:
            process, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return gone
        if process == 0:
            return gone
        gone.add(process)


def _end(processes: set[int | None], seconds: float) -> None:
    """Tell processes to end, and kill those that have not after so many seconds."""
    left = {process for process in processes if process is not None}
    deadline = time.monotonic() + seconds
    for process in left:
        os.kill(process, signal.SIGTERM)
    while left := left - _reap():
        remaining = deadline - time.monotonic()
        if remaining < 0:
            for process in left:
                os.kill(process, signal.SIGKILL)
        signal.sigtimedwait(_SIGNALS, max(remaining, _MOMENT))
