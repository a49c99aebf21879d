"""What clients have left behind at a store can't pile up there without bound."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from medsynth_kg.query.abandoning import AbandonedQueries


@pytest.fixture
def queries() -> Iterator[AbandonedQueries]:
    with closing(AbandonedQueries(2)) as abandoned:
        yield abandoned


def test_the_places_of_the_first_are_given_back_at_once(queries: AbandonedQueries) -> None:
    given_back: list[int] = []
    for number in range(2):
        queries.abandon(60, partial(given_back.append, number))
    assert given_back == [0, 1]


def test_those_of_others_when_their_time_is_over(queries: AbandonedQueries) -> None:
    given_back = threading.Event()
    for _ in range(2):
        queries.abandon(60, lambda: None)
    started = time.monotonic()
    queries.abandon(1, given_back.set)
    assert not given_back.is_set()
    assert given_back.wait(20)
    assert time.monotonic() - started >= 1


def test_what_has_ended_counts_no_longer(queries: AbandonedQueries) -> None:
    given_back: list[int] = []
    for _ in range(2):
        queries.abandon(0.05, lambda: None)
    time.sleep(0.1)
    queries.abandon(60, lambda: given_back.append(1))
    assert given_back == [1]


def test_nothing_is_given_back_after_the_end() -> None:
    queries = AbandonedQueries(0)
    given_back = threading.Event()
    queries.abandon(1, given_back.set)
    queries.close()
    assert not given_back.wait(1.3)
