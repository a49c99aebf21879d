"""Giving back to the system what the engine has freed.

While a large store is written, threads free what others allocated, and the C library keeps that in pieces between what
is in use, ever more of them.
"""

import ctypes

_library = ctypes.CDLL(None)
_trim = getattr(_library, "malloc_trim", None)
_set_option = getattr(_library, "mallopt", None)
"""GNU's malloc_trim(3) and mallopt(3); other C libraries have none."""
_MMAP_THRESHOLD = -3
_LARGE = 2**17
"""Bytes; where the C library begins, before it raises the bound to whatever is freed."""


def return_freed_memory() -> None:
    """Give back whole pages that are free; takes some milliseconds."""
    if _trim is not None:
        _trim(0)


def return_large_pieces_at_once() -> None:
    """Have large pieces given back as soon as they are freed, from now to the end of the process."""
    if _set_option is not None:
        _set_option(_MMAP_THRESHOLD, _LARGE)
