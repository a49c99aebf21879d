"""Work in steps can be done by a thread, which waits at each pause as long as it has to."""

import os
import threading
import time

import pytest

from medsynth_kg.query.steps import BLOCKING, Pause, Steps, finish


def counting(*pauses: Pause) -> Steps[int]:
    yield from pauses
    return len(pauses)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_result_is_had_after_the_last_pause(number: int) -> None:
    assert finish(counting(*[BLOCKING] * number)) == number


def test_what_is_left_can_be_done_elsewhere() -> None:
    steps = counting(BLOCKING, BLOCKING)
    next(steps)
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(finish(steps)))
    thread.start()
    thread.join()
    assert results == [2]


def test_a_pause_lasts_until_there_is_something_to_read() -> None:
    reading, writing = os.pipe()
    try:
        started = time.monotonic()
        threading.Timer(0.1, os.write, (writing, b"x")).start()
        assert finish(counting(Pause(reading, 30))) == 1
        assert 0.05 < time.monotonic() - started < 30
    finally:
        os.close(reading)
        os.close(writing)


def test_or_as_long_as_it_may() -> None:
    reading, writing = os.pipe()
    try:
        started = time.monotonic()
        assert finish(counting(Pause(reading, 0.1), Pause(reading, -1))) == 2
        assert time.monotonic() - started >= 0.1
    finally:
        os.close(reading)
        os.close(writing)


def test_what_the_work_raises_is_raised() -> None:
    def failing() -> Steps[None]:
        yield BLOCKING
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        finish(failing())
