"""Whoever finds all places taken waits for a turn, in order, but not for ever and not in any number."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.turns import Turns
from medsynth_kg.query.errors import PoolBusy

LONG = 60.0


def turns(*, places: int = 1, of_a_client: int = 1, waiting: int = 100, seconds: float = LONG) -> Turns:
    return Turns(Admission(places, of_a_client), Admission(waiting, waiting), seconds)


async def go(shared: Turns, client: str, came: list[str]) -> None:
    async with shared.turn(client):
        came.append(client)
        await asyncio.sleep(0)


def test_those_who_wait_come_in_the_order_of_their_coming() -> None:
    async def come() -> list[str]:
        shared, came = turns(), list[str]()
        await asyncio.gather(*(go(shared, name, came) for name in "abcdefg"))
        return came

    assert asyncio.run(come()) == list("abcdefg")


def test_no_more_have_places_than_there_are() -> None:
    async def come() -> int:
        shared, inside, most = turns(places=3, of_a_client=3), 0, 0

        async def stay(client: str) -> None:
            nonlocal inside, most
            async with shared.turn(client):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(stay(f"client {number % 4}") for number in range(40)))
        return most

    assert asyncio.run(come()) == 3


def test_a_client_that_has_its_share_holds_nobody_up() -> None:
    async def come() -> list[str]:
        shared, came = turns(places=2), list[str]()
        async with shared.turn("greedy"):
            waits = asyncio.create_task(go(shared, "greedy", came))
            await asyncio.sleep(0)
            await go(shared, "modest", came)
        await waits
        return came

    assert asyncio.run(come()) == ["modest", "greedy"]


def test_too_many_are_sent_away_and_so_is_who_waited_for_too_long() -> None:
    async def come() -> None:
        shared = turns(waiting=1, seconds=0.05)
        async with shared.turn("first"):
            waits = asyncio.create_task(go(shared, "second", []))
            await asyncio.sleep(0)
            with pytest.raises(PoolBusy):
                await go(shared, "third", [])
            with pytest.raises(PoolBusy):
                await waits
        await go(shared, "fourth", [])

    asyncio.run(come())


@pytest.mark.parametrize("its_turn_has_come", [False, True])
def test_the_place_of_one_that_gives_up_goes_to_the_next(*, its_turn_has_come: bool) -> None:
    async def come() -> list[str]:
        shared, came = turns(), list[str]()
        async with AsyncExitStack() as first:
            await first.enter_async_context(shared.turn("first"))
            gives_up = asyncio.create_task(go(shared, "gives up", came))
            next_one = asyncio.create_task(go(shared, "next", came))
            await asyncio.sleep(0)
            if its_turn_has_come:
                await first.aclose()
            gives_up.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gives_up
        await next_one
        return came

    assert asyncio.run(come()) == ["next"]
