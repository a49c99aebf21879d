"""Answers come from the cache where they can, and a query that is asked while it runs is not run twice."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from medsynth_kg.endpoint.answering import MOST_JOINED, Answering
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy, QueryCancelled, QueryTimeout
from medsynth_kg.query.request import QueryAnswer, QueryRequest
from medsynth_kg.query.spilling import spill
from medsynth_kg.query.steps import BLOCKING, Steps
from medsynth_kg.release.reading import Release

ASK = QueryRequest("ASK {}", "text/csv")


class SlowExecutor:
    """An executor that takes its time, and longer ``until`` something has come; counts, and fails if told to."""

    def __init__(self, error: Exception | None = None, until: Callable[[], bool] = lambda: True) -> None:
        self.runs = 0
        self._error = error
        self._until = until
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return 0

    @property
    def replaced(self) -> int:
        return 0

    @property
    def is_in_memory(self) -> bool:
        return False

    def execute(self, request: QueryRequest) -> QueryAnswer:
        with self._lock:
            self.runs += 1
        cancelled = threading.Event()
        started = time.monotonic()
        with request.cancellation.interrupts(cancelled.set):
            while time.monotonic() - started < 0.2 or not self._until():
                assert time.monotonic() - started < 30, "what was to come has not"
                if cancelled.wait(0.01):
                    raise QueryCancelled
        if self._error:
            raise self._error
        return QueryAnswer(b"true", 4, request.media_type, 0.2)

    def steps(self, request: QueryRequest) -> Steps[QueryAnswer]:
        yield BLOCKING
        return self.execute(request)

    def close(self) -> None:
        pass


class CountedAnswering(Answering):
    """Counts how often somebody has begun to wait for what another one asked; ``joined`` also falls again."""

    times_joined = 0

    def __setattr__(self, name: str, value: object) -> None:
        if name == "joined" and value == getattr(self, "joined", 0) + 1:
            self.times_joined += 1
        super().__setattr__(name, value)


def answering(executor: SlowExecutor, in_files: int = 1_000_000) -> CountedAnswering:
    return CountedAnswering("2026-01-31-abc", executor, Metrics(), in_memory=10_000, in_files=in_files)


def test_a_query_asked_many_times_at_once_runs_once() -> None:
    executor = SlowExecutor(until=lambda: shared.times_joined == 7)
    shared = answering(executor)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(shared.answer, [ASK] * 8))
    assert [answer.body for answer in answers] == [b"true"] * 8
    assert executor.runs == 1


def test_an_error_reaches_everybody_who_waited_and_is_not_remembered() -> None:
    executor = SlowExecutor(QueryTimeout(1), until=lambda: shared.times_joined == 3)
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


def asked_by(number: int) -> list[QueryRequest]:
    """The same query from several clients, each of which may leave."""
    return [replace(ASK, cancellation=Cancellation()) for _ in range(number)]


@pytest.mark.parametrize("leaving", [0, 1])
def test_a_query_goes_on_while_one_of_those_who_asked_it_waits(leaving: int) -> None:
    has_left = threading.Event()
    executor = SlowExecutor(until=has_left.is_set)
    shared = answering(executor)
    requests = asked_by(2)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(shared.answer, requests[0])
        while not executor.runs:
            time.sleep(0.001)
        second = threads.submit(shared.answer, requests[1])
        while not shared.joined:
            time.sleep(0.001)
        requests[leaving].cancellation.cancel()
        has_left.set()
        staying = (first, second)[1 - leaving]
        assert staying.result().body == b"true"
    assert executor.runs == 1
    if leaving == 1:
        assert isinstance(second.exception(), QueryCancelled)


def test_a_query_is_taken_back_when_all_who_asked_it_have_left() -> None:
    executor = SlowExecutor(until=lambda: executor.runs == 2)
    shared = answering(executor)
    requests = asked_by(3)
    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(shared.answer, request) for request in requests]
        while shared.joined < 2 or not executor.runs:
            time.sleep(0.001)
        for request in requests:
            request.cancellation.cancel()
        assert all(isinstance(answer.exception(), QueryCancelled) for answer in answers)
    assert executor.runs == 1
    assert shared.answer(ASK).body == b"true"
    assert executor.runs == 2


def test_a_query_goes_on_for_others_when_whoever_asked_it_first_is_not_let_in() -> None:
    executor = SlowExecutor()
    shared = answering(executor)
    refused = shared.steps(asked_by(1)[0])
    next(refused)
    with ThreadPoolExecutor(1) as threads:
        stays = threads.submit(shared.answer, ASK)
        while not shared.joined:
            time.sleep(0.001)
        refused.close()
        assert stays.result().body == b"true"
    assert executor.runs == 1


def test_of_all_who_waited_for_a_request_that_is_not_let_in_one_asks_for_the_others() -> None:
    executor = SlowExecutor(until=lambda: shared.times_joined == 8 + 7)
    shared = answering(executor)
    refused = shared.steps(asked_by(1)[0])
    next(refused)
    with ThreadPoolExecutor(8) as threads:
        stay = [threads.submit(shared.answer, ASK) for _ in range(8)]
        while shared.joined < 8:
            time.sleep(0.001)
        refused.close()
        assert {waited.result().body for waited in stay} == {b"true"}
    assert executor.runs == 1


class TurnsAwayTheFirst(SlowExecutor):
    """An executor in whose queue the first request loses its place."""

    def execute(self, request: QueryRequest) -> QueryAnswer:
        answer = super().execute(request)
        if self.runs == 1:
            raise PoolBusy(3, turned_away=True)
        return answer


def test_whoever_waits_for_a_request_that_loses_its_place_does_not_lose_theirs() -> None:
    executor = TurnsAwayTheFirst(until=lambda: shared.times_joined == executor.runs + 1)
    shared = answering(executor)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(shared.answer, ASK)
        while not executor.runs:
            time.sleep(0.001)
        stay = [threads.submit(shared.answer, ASK) for _ in range(2)]
        assert isinstance(first.exception(), PoolBusy)
        assert {waited.result().body for waited in stay} == {b"true"}
    assert executor.runs == 2


def test_a_query_is_taken_back_though_somebody_joined_who_was_not_let_in() -> None:
    executor = SlowExecutor(until=lambda: False)
    shared = answering(executor)
    (leaves,) = asked_by(1)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(shared.answer, leaves)
        while not executor.runs:
            time.sleep(0.001)
        refused = shared.steps(asked_by(1)[0])
        next(refused)
        refused.close()
        leaves.cancellation.cancel()
        assert isinstance(first.exception(), QueryCancelled)


class Store:
    """A place whose release was incomplete for a time that nobody noticed."""

    mended = 0

    def target(self) -> str | None:
        return None

    def open(self) -> Release:
        raise NotImplementedError

    def check(self) -> None:
        pass

    def doubt(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_nothing_is_kept_that_a_store_said_before_it_was_mended() -> None:
    executor, store = SlowExecutor(), Store()
    shared = Answering("2026-01-31-abc", executor, Metrics(), in_memory=10_000, in_files=10_000, place=store)
    before = shared.answer(ASK)
    assert shared.answer(ASK) is before
    store.mended += 1
    after = shared.answer(ASK)
    assert executor.runs == 2
    assert after.entity_tag != before.entity_tag


def test_nor_what_it_was_asked_before_and_said_after_that() -> None:
    store = Store()
    executor = SlowExecutor(until=lambda: bool(store.mended))
    shared = Answering("2026-01-31-abc", executor, Metrics(), in_memory=10_000, in_files=10_000, place=store)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(shared.answer, ASK)
        while not executor.runs:
            time.sleep(0.001)
        store.mended += 1
        asked.result()
    assert shared.known(ASK) is None


def test_no_more_than_a_number_wait_for_what_another_asked() -> None:
    executor = SlowExecutor(until=lambda: executor.runs == 3)
    shared = answering(executor)
    number = MOST_JOINED + 3
    with ThreadPoolExecutor(number) as threads:
        assert {answer.body for answer in threads.map(shared.answer, [ASK] * number)} == {b"true"}
    assert executor.runs == 3


class LargeAnswers(SlowExecutor):
    """An executor whose answers are in files."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def execute(self, request: QueryRequest) -> QueryAnswer:
        super().execute(request)
        return QueryAnswer(spill([b"x" * self._size]), self._size, request.media_type, 0.2)


def test_a_large_answer_is_kept_in_its_file_for_all_who_ask() -> None:
    executor = LargeAnswers(150_000)
    shared = answering(executor)
    with ThreadPoolExecutor(4) as threads:
        answers = [*threads.map(shared.answer, [ASK] * 4), shared.answer(ASK)]
    assert {answer.read() for answer in answers} == {b"x" * 150_000}
    assert executor.runs == 1
    assert shared.kept_bytes >= 150_000


def test_so_large_an_answer_that_few_others_could_be_kept_is_not_kept() -> None:
    executor = LargeAnswers(300_000)
    shared = answering(executor)
    assert shared.answer(ASK).read() == shared.answer(ASK).read()
    assert executor.runs == 2
    assert shared.kept_bytes == 0


def test_files_are_closed_when_others_take_their_room() -> None:
    shared = answering(LargeAnswers(160_000))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(12):
        for _ in range(2):
            shared.answer(replace(ASK, query=f"ASK {{}} #{number}"))
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 4
    assert shared.kept_bytes <= 1_000_000
