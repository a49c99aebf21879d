"""Work that is done in steps, with a pause wherever it has to wait.

Whoever does the work decides how to wait: a thread blocks; an event loop turns to other work, and leaves to a thread
what would keep it from that.
"""

import os
import select
import time
from collections.abc import Generator
from typing import Final, NamedTuple, TypeVar

Result = TypeVar("Result")

_HAS_ANOTHER_PROCESSOR = len(os.sched_getaffinity(0)) > 1


class Pause(NamedTuple):
    """A pause until something can be read from ``descriptor``, or for so many ``seconds``.

    Without a descriptor there is nothing to wait for, but what follows may block or compute for long.
    """

    descriptor: int | None
    seconds: float


BLOCKING: Final = Pause(None, 0)

ADMISSION: Final = Pause(None, 1)
"""What follows takes one of the places to wait in: whoever lets only so many in asks for that here. Nothing blocks."""

Steps = Generator[Pause, None, Result]
"""Work with a result; closing it at a pause gives it up."""


def finish(steps: Steps[Result]) -> Result:
    """Do the work, or what is left of it, in this thread; raises what the work raises."""
    while True:
        try:
            pause = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        if pause.descriptor is not None:
            is_readable(pause.descriptor, pause.seconds)


def is_readable(descriptor: int, seconds: float, *, awake: float = 0) -> bool:
    """Wait, in this thread, until there is something to read, or for so long; whether there is.

    For the first ``awake`` seconds it looks again and again, where there is another processor for whoever is to write:
    to be put to sleep and woken takes longer than many a query.
    """
    readable = select.poll()
    readable.register(descriptor, select.POLLIN)
    started = time.monotonic()
    passed = 0.0
    while _HAS_ANOTHER_PROCESSOR and passed < min(awake, seconds):
        if readable.poll(0):
            return True
        passed = time.monotonic() - started
    return bool(readable.poll(max(seconds - passed, 0) * 1000))
