"""Whose turn it is: a few lanes for queries, and clients that take turns at them.

With two lanes or more, one is the express lane: a query may only hold it for a moment, so that a short query never
waits behind long ones. A query that needs longer goes back to the queue, for an ordinary lane.
"""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum

from medsynth_kg.query.errors import PoolBusy


class Lane(Enum):
    """The two kinds of lanes."""

    ORDINARY = "ordinary"
    EXPRESS = "express"


@dataclass(slots=True)
class _Ticket:
    express_allowed: bool
    granted: threading.Event = field(default_factory=threading.Event)
    lane: Lane | None = None


class Scheduler:
    """Grants lanes to clients in turn; thread-safe."""

    def __init__(self, lanes: int, queue: int, queue_seconds: float) -> None:
        """``lanes`` includes the express lane; ``queue`` bounds how many may wait, ``queue_seconds`` how long."""
        express = 1 if lanes > 1 else 0
        self._free = {Lane.ORDINARY: lanes - express, Lane.EXPRESS: express}
        self._queue = queue
        self._queue_seconds = queue_seconds
        self._waiting: OrderedDict[str, deque[_Ticket]] = OrderedDict()
        self._lock = threading.Lock()

    def acquire(self, client: str, *, express_allowed: bool = True) -> Lane:
        """Wait for a lane; the caller gives it back by ``release``.

        Raises:
            PoolBusy: too many are waiting, or the wait took too long.
        """
        with self._lock:
            if sum(map(len, self._waiting.values())) >= self._queue:
                raise PoolBusy(self._retry_after())
            ticket = _Ticket(express_allowed)
            self._waiting.setdefault(client, deque()).append(ticket)
            self._grant()
        if not ticket.granted.wait(self._queue_seconds):
            with self._lock:
                if ticket.lane is None:
                    self._withdraw(client, ticket)
                    raise PoolBusy(self._retry_after())
        assert ticket.lane is not None  # noqa: S101  # granted sets it
        return ticket.lane

    def release(self, lane: Lane) -> None:
        """Give a lane back."""
        with self._lock:
            self._free[lane] += 1
            self._grant()

    @property
    def waiting(self) -> int:
        """How many requests wait for a lane."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def _grant(self) -> None:
        """Hand free lanes to the clients in turn, ordinary ones first; a client served goes to the end."""
        for client in list(self._waiting):
            tickets = self._waiting[client]
            lane = self._lane_for(tickets[0])
            if lane is None:
                continue
            ticket = tickets.popleft()
            self._free[lane] -= 1
            ticket.lane = lane
            ticket.granted.set()
            if tickets:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]

    def _lane_for(self, ticket: _Ticket) -> Lane | None:
        if self._free[Lane.ORDINARY]:
            return Lane.ORDINARY
        return Lane.EXPRESS if ticket.express_allowed and self._free[Lane.EXPRESS] else None

    def _withdraw(self, client: str, ticket: _Ticket) -> None:
        self._waiting[client].remove(ticket)
        if not self._waiting[client]:
            del self._waiting[client]

    def _retry_after(self) -> int:
        return max(1, round(self._queue_seconds / 10))
