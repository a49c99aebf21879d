"""A process can be kept to few open files for a while."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit

import pytest

from medsynth_kg.release.open_files import few_files


@contextlib.contextmanager
def opened(number: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(Path("/dev/null").open())
        yield


def test_only_so_many_more_files_can_be_open_within_the_block() -> None:
    before = getrlimit(RLIMIT_NOFILE)
    with few_files(100):
        with opened(90):
            pass
        with pytest.raises(OSError, match="Too many open files"), opened(110):
            pass
    assert getrlimit(RLIMIT_NOFILE) == before
    with opened(110):
        pass


def test_a_lower_limit_stays() -> None:
    with few_files(50), few_files(100), pytest.raises(OSError, match="Too many open files"), opened(60):
        pass


def test_the_limit_is_back_where_two_threads_have_lowered_it() -> None:
    before = getrlimit(RLIMIT_NOFILE)
    lowered = threading.Event()

    def lower_for_longer() -> None:
        lowered.wait(20)
        with few_files(100):
            time.sleep(0.2)

    other = threading.Thread(target=lower_for_longer)
    other.start()
    with few_files(100):
        lowered.set()
        time.sleep(0.1)
    other.join()
    assert getrlimit(RLIMIT_NOFILE) == before
