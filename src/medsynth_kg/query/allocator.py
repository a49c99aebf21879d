"""The memory allocator of the processes that run queries.

Over a store on disk the engine allocates at every step, by jemalloc (https://jemalloc.net) more quickly than by the C
library. It is used where the system has it, and told to keep nothing, since a query's memory limit counts what the
process has of the system.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

JEMALLOC = "libjemalloc.so.2"
_PRELOADED, _OPTIONS = "LD_PRELOAD", "MALLOC_CONF"
"""Libraries that a program takes its functions from first (ld.so(8)), and jemalloc's options (jemalloc(3))."""
_PURGE_ALL = b"arena.4096.purge"
"""Gives back what all arenas (MALLCTL_ARENAS_ALL) hold unused."""


def allocator_environment(library: str = JEMALLOC) -> Mapping[str, str]:
    """What to add to the environment of a Python that is to allocate by a library, where that works.

    Nothing where the environment names libraries itself, though it were none.
    """
    if _PRELOADED in os.environ:
        return {}
    preloading = {_PRELOADED: library, _OPTIONS: os.environ.get(_OPTIONS, "retain:false")}
    return preloading if _starts_silently({**os.environ, **preloading}) else {}


def release_unused() -> Callable[[], None]:
    """What has this process give back to the system the memory that it no longer uses; the C library does so itself."""
    control = getattr(ctypes.CDLL(None), "mallctl", None)
    return (lambda: control(_PURGE_ALL, None, None, None, 0)) if control else (lambda: None)


def _starts_silently(environment: Mapping[str, str]) -> bool:
    """Whether Python starts: the loader complains of what it can't find, and a library may not fit the kernel."""
    command = [sys.executable, "-I", "-S", "-c", ""]
    tried = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603  # Python itself
    return tried.returncode == 0 and not tried.stderr
