"""Work in steps can be done by a thread, which waits at each pause as long as it has to."""

import os
import threading
import time

import pytest

from medsynth_kg.query import steps as waiting
from medsynth_kg.query.steps import BLOCKING, Pause, Steps, finish, is_readable


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


@pytest.mark.parametrize("others", [True, False], ids=["another processor", "one processor"])
@pytest.mark.parametrize("awake", [0.0, 0.02, 0.2, 60.0])
@pytest.mark.parametrize("is_written", [True, False])
def test_awake_or_asleep_who_waits_sees_what_is_written_and_waits_no_longer_than_told(
    others: bool, awake: float, is_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_HAS_ANOTHER_PROCESSOR", others)
    reading, writing = os.pipe()
    writer = threading.Timer(0.05, os.write, (writing, b"x"))
    try:
        if is_written:
            writer.start()
        started = time.monotonic()
        assert is_readable(reading, 30 if is_written else 0.1, awake=awake) is is_written
        assert (0.03 if is_written else 0.09) < time.monotonic() - started < 30
    finally:
        if is_written:
            writer.join()
        os.close(reading)
        os.close(writing)


def test_who_waits_awake_takes_the_processor_only_where_there_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def processor_seconds() -> float:
        started = time.thread_time()
        assert not is_readable(reading, 0.3, awake=0.3)
        return time.thread_time() - started

    reading, writing = os.pipe()
    try:
        monkeypatch.setattr(waiting, "_HAS_ANOTHER_PROCESSOR", True)
        awake = processor_seconds()
        monkeypatch.setattr(waiting, "_HAS_ANOTHER_PROCESSOR", False)
        assert processor_seconds() < awake / 3
    finally:
        os.close(reading)
        os.close(writing)
