"""Lanes are granted in turn between clients, and one of them only to short queries."""

import threading
import time

import pytest

from medsynth_kg.query.errors import PoolBusy
from medsynth_kg.query.scheduling import Lane, Scheduler


def test_one_lane_is_kept_for_short_queries() -> None:
    scheduler = Scheduler(2, queue=10, queue_seconds=0.05)
    assert scheduler.acquire("a") is Lane.ORDINARY
    assert scheduler.acquire("a") is Lane.EXPRESS
    scheduler.release(Lane.EXPRESS)
    with pytest.raises(PoolBusy):
        scheduler.acquire("a", express_allowed=False)


def test_a_single_lane_serves_everybody() -> None:
    scheduler = Scheduler(1, queue=10, queue_seconds=0.05)
    assert scheduler.acquire("a") is Lane.ORDINARY
    with pytest.raises(PoolBusy):
        scheduler.acquire("b")
    scheduler.release(Lane.ORDINARY)
    assert scheduler.acquire("b") is Lane.ORDINARY


def test_the_queue_is_bounded_and_says_when_to_come_back() -> None:
    scheduler = Scheduler(1, queue=0, queue_seconds=20)
    with pytest.raises(PoolBusy) as busy:
        scheduler.acquire("a")
    assert busy.value.retry_after == 2


def test_who_gave_up_waiting_is_not_granted_a_lane_later() -> None:
    scheduler = Scheduler(1, queue=10, queue_seconds=0.05)
    lane = scheduler.acquire("a")
    with pytest.raises(PoolBusy):
        scheduler.acquire("b")
    scheduler.release(lane)
    assert scheduler.waiting == 0
    assert scheduler.acquire("c") is Lane.ORDINARY


def test_a_client_with_many_requests_does_not_keep_another_waiting() -> None:
    scheduler = Scheduler(1, queue=100, queue_seconds=5)
    held = scheduler.acquire("greedy")
    order: list[str] = []

    def wait(client: str) -> None:
        lane = scheduler.acquire(client)
        order.append(client)
        scheduler.release(lane)

    threads = [threading.Thread(target=wait, args=("greedy",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    while scheduler.waiting < 8:
        time.sleep(0.001)
    modest = threading.Thread(target=wait, args=("modest",))
    modest.start()
    while scheduler.waiting < 9:
        time.sleep(0.001)
    scheduler.release(held)
    for thread in (*threads, modest):
        thread.join()
    assert order.index("modest") <= 1
