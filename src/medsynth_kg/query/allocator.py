"""The memory allocator of the processes that run queries.

Over a store on disk the engine allocates at every step, by the C library about a tenth more slowly than by jemalloc
(https://jemalloc.net), which is used where the system has it.
"""

import os
import subprocess
import sys
from collections.abc import Mapping

JEMALLOC = "libjemalloc.so.2"
_PRELOADED = "LD_PRELOAD"
"""Libraries that a program takes its functions from first (ld.so(8))."""


def allocator_environment(library: str = JEMALLOC) -> Mapping[str, str]:
    """What to add to the environment of a Python that is to allocate by a library, where that works.

    Nothing where the environment names libraries itself, though it were none.
    """
    if _PRELOADED in os.environ:
        return {}
    preloading = {_PRELOADED: library}
    return preloading if _starts_silently({**os.environ, **preloading}) else {}


def _starts_silently(environment: Mapping[str, str]) -> bool:
    """Whether Python starts: the loader complains of what it can't find, and a library may not fit the kernel."""
    command = [sys.executable, "-I", "-S", "-c", ""]
    tried = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603  # Python itself
    return tried.returncode == 0 and not tried.stderr
