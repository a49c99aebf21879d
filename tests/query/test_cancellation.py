"""A query that nobody waits for any more is taken back, wherever it is."""

import contextlib

import pytest

from medsynth_kg.query.cancellation import Cancellation


def test_cancelling_interrupts_what_is_under_way_once() -> None:
    cancellation, interrupted = Cancellation(), list[str]()
    with cancellation.interrupts(lambda: interrupted.append("outer")):
        with cancellation.interrupts(lambda: interrupted.append("inner")):
            assert not cancellation.cancelled
            cancellation.cancel()
            cancellation.cancel()
        assert interrupted == ["outer", "inner"]
    assert cancellation.cancelled


def test_what_begins_after_the_cancelling_is_interrupted_at_once() -> None:
    cancellation, interrupted = Cancellation(), list[str]()
    cancellation.cancel()
    with cancellation.interrupts(lambda: interrupted.append("late")):
        assert interrupted == ["late"]


@pytest.mark.parametrize("failure", [None, RuntimeError("it failed")])
def test_what_has_ended_is_not_interrupted(failure: Exception | None) -> None:
    cancellation, interrupted = Cancellation(), list[str]()
    with contextlib.suppress(RuntimeError), cancellation.interrupts(lambda: interrupted.append("ended")):
        if failure is not None:
            raise failure
    cancellation.cancel()
    assert interrupted == []
