"""A disk without room, as a process meets it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_larger_files_than(size: int) -> Iterator[None]:
    """This process, and those that are started meanwhile, can write only so many bytes into a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
