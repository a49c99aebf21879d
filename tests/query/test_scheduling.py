"""Lanes are granted in turn between clients, and one of them only for a moment while others wait."""

import resource
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy, QueryCancelled
from medsynth_kg.query.scheduling import Lane, Length, Scheduler, Ticket
from medsynth_kg.query.steps import ADMISSION, finish


@contextmanager
def waiting(scheduler: Scheduler, order: list[str], *requests: tuple[str, str, Length]) -> Iterator[None]:
    """Requests (name, client, length) that join the queue one after the other, and give back what they get at once."""
    threads = []

    def wait(name: str, client: str, length: Length) -> None:
        ticket = scheduler.acquire(client, length)
        order.append(name)
        scheduler.release(ticket)

    for request in requests:
        before = scheduler.waiting
        threads.append(threading.Thread(target=wait, args=request))
        threads[-1].start()
        while scheduler.waiting == before:
            time.sleep(0.001)
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def filled(lanes: int, queue: int = 100) -> tuple[Scheduler, list[Ticket]]:
    scheduler = Scheduler(lanes, queue=queue, queue_seconds=5)
    return scheduler, [scheduler.acquire("first") for _ in range(lanes)]


UNKNOWN, SHORT, LONG = Length


def test_the_last_lane_is_the_express_lane() -> None:
    _, tickets = filled(3)
    assert [ticket.lane for ticket in tickets] == [Lane.ORDINARY, Lane.ORDINARY, Lane.EXPRESS]


def test_a_query_known_to_be_long_never_gets_the_express_lane() -> None:
    scheduler = Scheduler(2, queue=10, queue_seconds=0.05)
    scheduler.acquire("a")
    with pytest.raises(PoolBusy):
        scheduler.acquire("a", LONG)
    assert scheduler.acquire("a").lane is Lane.EXPRESS


def test_a_single_lane_serves_everybody() -> None:
    scheduler = Scheduler(1, queue=10, queue_seconds=0.05)
    ticket = scheduler.acquire("a", LONG)
    assert ticket.lane is Lane.ORDINARY
    with pytest.raises(PoolBusy):
        scheduler.acquire("b")
    scheduler.release(ticket)
    assert scheduler.acquire("b").lane is Lane.ORDINARY


def test_the_express_lane_is_kept_while_nobody_waits() -> None:
    scheduler, (_, express) = filled(2)
    assert scheduler.may_continue(express)


def test_the_express_lane_is_given_up_to_one_who_waits_but_not_to_a_long_query() -> None:
    scheduler, (ordinary, express) = filled(2)
    with waiting(scheduler, [], ("long", "b", LONG)):
        assert scheduler.may_continue(express)
        with waiting(scheduler, [], ("new", "b", UNKNOWN)):
            assert not scheduler.may_continue(express)
            assert scheduler.may_continue(ordinary)
            scheduler.release(ordinary)


def test_a_query_in_the_express_lane_moves_to_an_ordinary_lane_that_comes_free() -> None:
    scheduler, (ordinary, express) = filled(2)
    scheduler.release(ordinary)
    assert scheduler.may_continue(express)
    assert express.lane is Lane.ORDINARY
    assert scheduler.acquire("b").lane is Lane.EXPRESS


def test_who_overstayed_waits_for_an_ordinary_lane_before_later_requests() -> None:
    scheduler, (ordinary, express) = filled(2)
    order: list[str] = []

    def overstay() -> None:
        finish(scheduler.requeue(express))
        order.append("overstayed")

    overstayed = threading.Thread(target=overstay)
    with waiting(scheduler, [], ("new", "b", UNKNOWN)):
        overstayed.start()
    next_express = scheduler.acquire("c")
    with waiting(scheduler, order, ("later", "first", LONG)):
        scheduler.release(ordinary)
        overstayed.join()
        assert express.lane is Lane.ORDINARY
        assert order == ["overstayed"]
        scheduler.release(express)
    scheduler.release(next_express)
    assert order == ["overstayed", "later"]


def test_the_express_lane_serves_known_short_queries_then_the_latest() -> None:
    scheduler, (_, express) = filled(2)
    order: list[str] = []
    requests = (("1", "b", UNKNOWN), ("2", "b", SHORT), ("3", "b", SHORT), ("4", "b", UNKNOWN))
    with waiting(scheduler, order, *requests):
        scheduler.release(express)
    assert order == ["2", "3", "4", "1"]


def test_the_express_lane_prefers_clients_without_long_queries() -> None:
    scheduler, (ordinary, express) = filled(2)
    order: list[str] = []
    with waiting(scheduler, [], ("long", "greedy", LONG)):
        with waiting(scheduler, order, ("modest", "modest", UNKNOWN), ("greedy", "greedy", UNKNOWN)):
            scheduler.release(express)
        scheduler.release(ordinary)
    assert order == ["modest", "greedy"]


def test_a_free_lane_is_had_at_once_and_no_other_is() -> None:
    scheduler = Scheduler(2, queue=4, queue_seconds=20)
    ordinary = scheduler.acquire_at_once("a", LONG, Cancellation())
    assert ordinary is not None
    assert ordinary.lane is Lane.ORDINARY
    assert scheduler.acquire_at_once("a", LONG, Cancellation()) is None
    express = scheduler.acquire_at_once("a", UNKNOWN, Cancellation())
    assert express is not None
    assert express.lane is Lane.EXPRESS
    assert scheduler.acquire_at_once("b", SHORT, Cancellation()) is None
    scheduler.release(ordinary)
    assert scheduler.acquire_at_once("b", LONG, Cancellation()) is not None


def test_the_express_lane_is_had_at_once_though_long_queries_wait() -> None:
    scheduler, (ordinary, express) = filled(2)
    scheduler.release(express)
    with waiting(scheduler, [], ("long", "b", LONG)):
        passing = scheduler.acquire_at_once("c", SHORT, Cancellation())
        assert passing is not None
        assert passing.lane is Lane.EXPRESS
        scheduler.release(ordinary)


def test_the_queue_is_bounded_and_says_when_to_come_back() -> None:
    scheduler = Scheduler(1, queue=0, queue_seconds=20)
    scheduler.acquire("a")
    with pytest.raises(PoolBusy) as busy:
        scheduler.acquire("a")
    assert busy.value.retry_after == 2


def test_long_queries_fill_only_half_of_the_queue() -> None:
    scheduler, (ordinary, express) = filled(2, queue=4)
    with waiting(scheduler, [], ("1", "b", LONG), ("2", "c", LONG)):
        with pytest.raises(PoolBusy):
            scheduler.acquire("d", LONG)
        with pytest.raises(PoolBusy):
            finish(scheduler.requeue(express))
        scheduler.release(express)
        assert scheduler.acquire("d").lane is Lane.EXPRESS
        scheduler.release(ordinary)


@pytest.mark.parametrize("length", [UNKNOWN, LONG])
def test_whoever_fills_the_queue_gives_up_places_to_those_who_have_fewer(length: Length) -> None:
    scheduler, (held,) = filled(1, queue=4 if length is UNKNOWN else 8)
    greedy = [scheduler.acquire_in_steps("greedy", length, Cancellation()) for _ in range(4)]
    modest = [scheduler.acquire_in_steps("modest", length, Cancellation()) for _ in range(2)]
    bells = []
    for steps in (*greedy, *modest):
        assert next(steps) is ADMISSION
        bells.append(next(steps).descriptor or 0)
    assert [is_readable(bell) for bell in bells[:4]] == [False, False, True, True], "the latest are told at once"
    for steps in greedy[2:]:
        with pytest.raises(PoolBusy):
            next(steps)
    for client in ("modest", "greedy"):
        with pytest.raises(PoolBusy):
            scheduler.acquire(client, length)
    assert scheduler.waiting == 4
    scheduler.release(held)
    for steps in (greedy[0], modest[0], greedy[1], modest[1]):
        scheduler.release(finish(steps))
    assert scheduler.waiting == 0


def test_who_gave_up_waiting_is_not_granted_a_lane_later() -> None:
    scheduler = Scheduler(1, queue=10, queue_seconds=0.05)
    ticket = scheduler.acquire("a")
    with pytest.raises(PoolBusy):
        scheduler.acquire("b")
    scheduler.release(ticket)
    assert scheduler.waiting == 0
    assert scheduler.acquire("c").lane is Lane.ORDINARY


def test_a_client_with_many_requests_does_not_keep_another_waiting() -> None:
    scheduler, (held,) = filled(1)
    order: list[str] = []
    greedy = [("greedy", "greedy", UNKNOWN)] * 8
    with waiting(scheduler, order, *greedy, ("modest", "modest", UNKNOWN)):
        scheduler.release(held)
    assert order.index("modest") <= 1


def test_a_query_taken_back_leaves_the_queue_at_once() -> None:
    scheduler, tickets = filled(1)
    cancellation = Cancellation()
    threading.Timer(0.05, cancellation.cancel).start()
    started = time.monotonic()
    with pytest.raises(QueryCancelled):
        scheduler.acquire("second", cancellation=cancellation)
    assert time.monotonic() - started < 2
    assert scheduler.waiting == 0
    scheduler.release(tickets[0])
    assert scheduler.acquire("third").lane is Lane.ORDINARY


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_waiting_takes_a_pause_and_leaves_nothing_behind() -> None:
    scheduler, (held,) = filled(1)
    before = open_files()
    steps = scheduler.acquire_in_steps("second", UNKNOWN, Cancellation())
    assert next(steps) is ADMISSION
    assert scheduler.waiting == 0, "it takes no place before it is let in"
    pause = next(steps)
    assert pause.descriptor is not None
    assert not is_readable(pause.descriptor)
    scheduler.release(held)
    assert is_readable(pause.descriptor)
    assert finish(steps).lane is Lane.ORDINARY
    assert open_files() == before


@pytest.mark.parametrize("granted", [False, True])
def test_who_gives_up_at_a_pause_leaves_the_queue_or_the_lane(*, granted: bool) -> None:
    scheduler, (held,) = filled(1)
    before = open_files()
    steps = scheduler.acquire_in_steps("second", UNKNOWN, Cancellation())
    assert next(steps) is ADMISSION
    next(steps)
    if granted:
        scheduler.release(held)
    steps.close()
    assert scheduler.waiting == 0
    assert open_files() == before
    if not granted:
        scheduler.release(held)
    assert scheduler.acquire("third").lane is Lane.ORDINARY


def test_nobody_waits_where_no_more_files_can_be_open() -> None:
    scheduler, (held,) = filled(1)
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, allowed[1]))
    try:
        with pytest.raises(PoolBusy):
            scheduler.acquire("second")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, allowed)
    assert scheduler.waiting == 0
    scheduler.release(held)
    assert scheduler.acquire("third").lane is Lane.ORDINARY


def is_readable(descriptor: int) -> bool:
    return bool(select.select([descriptor], (), (), 0)[0])
