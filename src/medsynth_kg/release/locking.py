"""One writer at a time in a directory of releases."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsynth_kg.release.errors import BuildRunning

LOCK = ".lock"


@contextmanager
def lock_releases(releases: Path) -> Iterator[None]:
    """Be the only one to write to a directory of releases; the kernel gives the lock back if the process dies.

    Raises:
        BuildRunning: another process has the lock.
        OSError: the directory can't be written.
    """
    with (releases / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunning(releases) from error
        yield
