"""Giving back to the system what the engine has freed.

While a large store is written, threads free what others allocated, and the C library keeps that in pieces between what
is in use, ever more of them.
"""

import ctypes

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""GNU's malloc_trim(3); other C libraries have none."""


def return_freed_memory() -> None:
    """Give back whole pages that are free; takes some milliseconds."""
    if _trim is not None:
        _trim(0)
