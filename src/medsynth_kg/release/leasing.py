"""Telling other processes that a release is in use, so that none of them removes it.

A lease is a shared lock (flock) on the release's directory: it writes nothing, so that a release may be
write-protected, and the kernel gives it back if the process dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsynth_kg.release.errors import DamagedRelease


class Lease:
    """A release's directory that nobody removes until the lease is released."""

    def __init__(self, directory: Path) -> None:
        """Take the lease.

        Raises:
            DamagedRelease: the directory is missing, or somebody is removing it.
        """
        try:
            self._descriptor: int | None = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise DamagedRelease(directory, error.strerror or "cannot be opened") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise DamagedRelease(directory, "is being removed") from error

    def release(self) -> None:
        """Give the lease back, also where a forked process holds a copy of it; a second time does nothing."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def unused(directory: Path) -> Iterator[bool]:
    """Whether nobody has a lease on a directory; if so, nobody gets one before the end of the block.

    Raises:
        OSError: the directory can't be opened.
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
