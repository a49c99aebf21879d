"""Keeping a server's process alive, replacing it on demand, and ending it.

Signals are waited for instead of handled, so none can come at a bad moment (sigtimedwait(2)).
"""

import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import click

from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.confinement import die_with_parent

PAUSE_SECONDS = 1.0
"""How long to wait before another process is started, where the last one did not become ready."""
START_SECONDS = 60.0
"""How long a process may take to become ready that is to replace another one."""
_MOMENT = 0.1
_READY = signal.SIGUSR1
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, _READY)

Work = Callable[[Callable[[], object]], object]
"""What a process is to do until SIGTERM; it calls what it is given once it is ready."""

logger = logging.getLogger(__name__)


class Supervisor:
    """Has work done by a process of its own, until SIGTERM or SIGINT.

    Should the process die, another one takes its place. After SIGHUP another one does too: once it is ready, the first
    is told to end.
    """

    def __init__(
        self, work: Work, announce: Callable[[], object], let_go: Callable[[], object], kill_seconds: float
    ) -> None:
        """``announce`` is called when the first process is ready; if it never is, this process ends too.

        ``let_go`` is called before the last process is told to end. One that does not end within so many seconds is
        killed.
        """
        self._work = work
        self._announce = announce
        self._let_go = let_go
        self._kill_seconds = kill_seconds
        self._working: int | None = None
        self._starting: int | None = None
        self._has_worked = False
        self._deadlines: dict[int, float] = {}
        """When a process is killed that is to end, or to become ready."""

    def run(self) -> None:
        """Supervise until the end. To be called in the main thread, while there is no other one."""
        # Whoever started this process may have had it ignored, and children are to be waited for.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
            self._kill_the_late()
            self._replace_the_dead(was_quiet=received is None)
        self._let_go()
        self._end()

    def _start(self) -> None:
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError as error:
            logger.warning("no process can be started now: %s", error.strerror)
            return
        if process == 0:
            _do(self._work, parent)
        self._starting = process
        if self._has_worked:
            self._deadlines[process] = time.monotonic() + START_SECONDS

    def _take_over(self) -> None:
        if self._working is not None:
            self._tell_to_end(self._working)
        self._working, self._starting = self._starting, None
        if self._working is not None:
            self._deadlines.pop(self._working, None)
        if not self._has_worked:
            self._has_worked = True
            with suppress(OSError):  # nobody reads it any more
                self._announce()

    def _tell_to_end(self, process: int) -> None:
        self._deadlines[process] = time.monotonic() + self._kill_seconds
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)

    def _kill_the_late(self) -> None:
        now = time.monotonic()
        for process, deadline in self._deadlines.items():
            if now > deadline:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def _reap(self) -> set[int]:
        """The processes that have ended since the last time."""
        gone = _ended_processes()
        for process in gone:
            self._deadlines.pop(process, None)
        return gone

    def _replace_the_dead(self, *, was_quiet: bool) -> None:
        """``was_quiet`` says that there was a pause, so that a start may be tried that has failed before."""
        gone = self._reap()
        has_died = self._working in gone
        if has_died:
            self._working = None
        if self._starting in gone or (self._starting is None and not self._has_worked):
            if not self._has_worked:
                sys.exit(1)
            self._starting = None
        if self._working is None and self._starting is None and (has_died or was_quiet):
            self._start()

    def _end(self) -> None:
        for process in (self._working, self._starting):
            if process is not None:
                self._tell_to_end(process)
        while self._deadlines:
            signal.sigtimedwait(_SIGNALS, _MOMENT)
            self._reap()
            self._kill_the_late()


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
    except MedsynthError as error:
        click.echo(f"Error: {error}", err=True)
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


def _ended_processes() -> set[int]:
    """The children that have ended since the last time."""
    gone: set[int] = set()
    with suppress(ChildProcessError):  # there is none
        while True:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                break
            gone.add(process)
    return gone
