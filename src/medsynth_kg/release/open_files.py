"""How many files the engine keeps open.

A large store is many files, and the engine keeps an index in memory of each that it has open.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit

_LIMITING = threading.RLock()


@contextmanager
def few_files(most: int) -> Iterator[None]:
    """Lower what the system lets this process open to so many more files than it has open.

    The engine takes that for its own limit as it opens a store, and leaves 48 of them to others. For a process in which
    others open few files meanwhile. One thread at a time: of two, the last would put back the limit of the other.
    """
    with _LIMITING:
        soft, hard = getrlimit(RLIMIT_NOFILE)
        few = sum(1 for _ in Path("/dev/fd").iterdir()) + most
        setrlimit(RLIMIT_NOFILE, (few if soft == RLIM_INFINITY else min(few, soft), hard))
        try:
            yield
        finally:
            setrlimit(RLIMIT_NOFILE, (soft, hard))
