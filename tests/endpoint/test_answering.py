"""Answers come from the cache where they can, and a query that is asked while it runs is not run twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from medsynth_kg.endpoint.answering import Answering
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.query.errors import QueryTimeout
from medsynth_kg.query.request import QueryAnswer, QueryRequest

ASK = QueryRequest("ASK {}", "text/csv")


class SlowExecutor:
    """An executor that takes its time, counts, and fails if it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.runs = 0
        self._error = error
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return 0

    @property
    def replaced(self) -> int:
        return 0

    def execute(self, request: QueryRequest) -> QueryAnswer:
        with self._lock:
            self.runs += 1
        time.sleep(0.2)
        if self._error:
            raise self._error
        return QueryAnswer(b"true", 4, request.media_type, 0.2)

    def close(self) -> None:
        pass


def answering(executor: SlowExecutor) -> Answering:
    return Answering("2026-01-31-abc", executor, Metrics(), 10_000)


def test_a_query_asked_many_times_at_once_runs_once() -> None:
    executor = SlowExecutor()
    shared = answering(executor)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(shared.answer, [ASK] * 8))
    assert [answer.body for answer in answers] == [b"true"] * 8
    assert executor.runs == 1


def test_an_error_reaches_everybody_who_waited_and_is_not_remembered() -> None:
    executor = SlowExecutor(QueryTimeout(1))
    shared = answering(executor)

    def fails(request: QueryRequest) -> bool:
        with pytest.raises(QueryTimeout):
            shared.answer(request)
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(fails, [ASK] * 4))
    assert executor.runs == 1
    assert fails(ASK)
    assert executor.runs == 2


def test_a_query_whose_answer_changes_is_run_for_everybody() -> None:
    executor = SlowExecutor()
    shared = answering(executor)
    now = QueryRequest("SELECT (NOW() AS ?now) {}", "text/csv")
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(shared.answer, [now] * 3))
    assert executor.runs == 3
    assert {answer.entity_tag for answer in answers} == {None}
