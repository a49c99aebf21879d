"""Whose turn it is: a few lanes for queries, and clients that take turns at them.

With two lanes or more, one is the express lane. A query that has held it for a moment gives it up as soon as another
that has not run yet is waiting, and starts again when an ordinary lane comes free: so a short query never waits behind
long ones for longer than that moment. Ordinary lanes serve whoever has waited longest. The express lane serves queries
that were short before, then whoever came last: under a burst of long queries, a short one that comes later need not
wait until each of them has been tried. In a full queue, the client with the most requests gives up places to those with
fewer, so that no client can fill it.
"""

import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import count

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy, QueryCancelled
from medsynth_kg.query.steps import ADMISSION, Pause, Steps, finish


class Lane(Enum):
    """The two kinds of lanes."""

    ORDINARY = "ordinary"
    EXPRESS = "express"


class Length(Enum):
    """What is known of the time that a query takes."""

    UNKNOWN = "unknown"
    SHORT = "short"
    LONG = "long"


@dataclass(slots=True, eq=False)
class Ticket:
    """A client's place: in the queue, or in a lane. ``bell`` can be read as soon as its waiting is over."""

    client: str
    length: Length
    arrival: int
    cancellation: Cancellation = field(default_factory=Cancellation)
    lane: Lane | None = None
    bell: int | None = None
    turned_away: bool = False


class Scheduler:
    """Grants lanes to clients in turn; thread-safe."""

    def __init__(self, lanes: int, queue: int, queue_seconds: float) -> None:
        """``lanes`` includes the express lane.

        ``queue`` bounds how many requests may wait, of which at most half may be long; ``queue_seconds`` how long.
        """
        express = 1 if lanes > 1 else 0
        self._free = {Lane.ORDINARY: lanes - express, Lane.EXPRESS: express}
        self._queue = queue
        self._queue_seconds = queue_seconds
        self._waiting: OrderedDict[str, list[Ticket]] = OrderedDict()
        self._long: Counter[str] = Counter()
        self._arrivals = count()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many requests wait for a lane."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def acquire(self, client: str, length: Length = Length.UNKNOWN, cancellation: Cancellation | None = None) -> Ticket:
        """Wait for a lane, for a query that is known to take so long; the caller gives the ticket to ``release``.

        Raises:
            PoolBusy: too many are waiting, of others or of the same client, or the wait took too long.
            QueryCancelled: the query was taken back meanwhile.
        """
        return finish(self.acquire_in_steps(client, length, cancellation or Cancellation()))

    def acquire_in_steps(self, client: str, length: Length, cancellation: Cancellation) -> Steps[Ticket]:
        """Wait for a lane as ``acquire`` does, in steps."""
        if granted := self.acquire_at_once(client, length, cancellation):
            return granted
        yield ADMISSION
        ticket = Ticket(client, length, next(self._arrivals), cancellation)
        try:
            with self._lock:
                self._enqueue(ticket)
            yield from self._wait(ticket)
        except BaseException:
            self.release(ticket)
            raise
        return ticket

    def acquire_at_once(self, client: str, length: Length, cancellation: Cancellation) -> Ticket | None:
        """A ticket as ``acquire`` gives it, if a lane is free; whoever waits could not have had that one."""
        with self._lock:
            lane = self._free_lane(length)
            if lane is None:
                return None
            if length is Length.LONG:
                self._long[client] += 1
            self._free[lane] -= 1
            return Ticket(client, length, next(self._arrivals), cancellation, lane)

    def may_continue(self, ticket: Ticket) -> bool:
        """Whether a query that has held the express lane for a moment may go on; on an ordinary lane it always may.

        Where an ordinary lane has come free it moves there without noticing.
        """
        with self._lock:
            if ticket.lane is Lane.EXPRESS and self._free[Lane.ORDINARY]:
                self._free[Lane.ORDINARY] -= 1
                self._free[Lane.EXPRESS] += 1
                ticket.lane = Lane.ORDINARY
                self._grant()
            return ticket.lane is Lane.ORDINARY or not self._count(long=False)

    def requeue(self, ticket: Ticket) -> Steps[None]:
        """Give up the express lane and wait for an ordinary one, before those of the same client that came later.

        In steps.

        Raises:
            PoolBusy: too many long queries are waiting, or the wait took too long; the ticket is void then.
            QueryCancelled: the query was taken back meanwhile; so is the ticket then.
        """
        with self._lock:
            self._leave(ticket)
            ticket.length = Length.LONG
            try:
                self._enqueue(ticket)
            finally:
                self._grant()
        yield from self._wait(ticket)

    def release(self, ticket: Ticket) -> None:
        """Give the ticket back, whether it has a lane or not."""
        with self._lock:
            if ticket.length is Length.LONG:
                self._long -= Counter([ticket.client])
            self._leave(ticket)
            self._grant()

    def _free_lane(self, length: Length) -> Lane | None:
        if self._free[Lane.ORDINARY]:
            return Lane.ORDINARY
        return Lane.EXPRESS if self._free[Lane.EXPRESS] and length is not Length.LONG else None

    def _enqueue(self, ticket: Ticket) -> None:
        is_long = ticket.length is Length.LONG
        if is_long:
            self._long[ticket.client] += 1
        if self._count(long=is_long) >= (max(1, self._queue // 2) if is_long else self._queue):
            self._turn_away_for(ticket)
        tickets = self._waiting.setdefault(ticket.client, [])
        tickets.append(ticket)
        tickets.sort(key=lambda other: other.arrival)
        self._grant()

    def _turn_away_for(self, newcomer: Ticket) -> None:
        """Turn the latest request away of the client that has the most, if the newcomer's has fewer even with this."""
        is_long = newcomer.length is Length.LONG
        shares: dict[str, list[Ticket]] = {newcomer.client: []}
        for ticket in self._tickets():
            if (ticket.length is Length.LONG) is is_long:
                shares.setdefault(ticket.client, []).append(ticket)
        largest = max(shares.values(), key=len)
        if len(largest) <= len(shares[newcomer.client]) + 1:
            raise PoolBusy(self._retry_after())
        latest = largest[-1]
        latest.turned_away = True
        self._withdraw(latest)
        if latest.bell is not None:
            os.eventfd_write(latest.bell, 1)

    def _wait(self, ticket: Ticket) -> Steps[None]:
        with self._lock:
            if ticket.lane is not None:
                return
            if ticket.turned_away:
                raise PoolBusy(self._retry_after(), turned_away=True)
            try:
                ticket.bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
            except OSError as error:
                self._withdraw(ticket)
                raise PoolBusy(self._retry_after()) from error
        try:
            with ticket.cancellation.interrupts(partial(os.eventfd_write, ticket.bell, 1)):
                yield Pause(ticket.bell, self._queue_seconds)
        finally:
            with self._lock:
                os.close(ticket.bell)
                ticket.bell = None
                if ticket.lane is None and not ticket.turned_away:
                    self._withdraw(ticket)
        if ticket.lane is None:
            if ticket.cancellation.cancelled:
                raise QueryCancelled
            raise PoolBusy(self._retry_after(), turned_away=ticket.turned_away)

    def _leave(self, ticket: Ticket) -> None:
        if ticket.lane is not None:
            self._free[ticket.lane] += 1
            ticket.lane = None

    def _grant(self) -> None:
        while self._free[Lane.ORDINARY] and self._waiting:
            client = next(iter(self._waiting))
            self._give(self._waiting[client][0], Lane.ORDINARY)
        while self._free[Lane.EXPRESS] and self._waiting and (ticket := self._next_express()):
            self._give(ticket, Lane.EXPRESS)

    def _next_express(self) -> Ticket | None:
        """Short queries first, the oldest of them; then clients with the fewest long queries, the latest of theirs."""

        def turn(ticket: Ticket) -> tuple[bool, int, int]:
            known = ticket.length is Length.SHORT
            return not known, 0 if known else self._long[ticket.client], ticket.arrival * (1 if known else -1)

        return min((ticket for ticket in self._tickets() if ticket.length is not Length.LONG), key=turn, default=None)

    def _give(self, ticket: Ticket, lane: Lane) -> None:
        """Hand a lane over; the client goes to the end of the turn."""
        self._withdraw(ticket)
        if ticket.client in self._waiting:
            self._waiting.move_to_end(ticket.client)
        self._free[lane] -= 1
        ticket.lane = lane
        if ticket.bell is not None:
            os.eventfd_write(ticket.bell, 1)

    def _withdraw(self, ticket: Ticket) -> None:
        self._waiting[ticket.client].remove(ticket)
        if not self._waiting[ticket.client]:
            del self._waiting[ticket.client]

    def _tickets(self) -> Iterator[Ticket]:
        return (ticket for tickets in self._waiting.values() for ticket in tickets)

    def _count(self, *, long: bool) -> int:
        return sum((ticket.length is Length.LONG) is long for ticket in self._tickets())

    def _retry_after(self) -> int:
        return max(1, round(self._queue_seconds / 10))
