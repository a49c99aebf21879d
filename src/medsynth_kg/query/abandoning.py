"""Queries that nobody waits for any more, but that a store may still be working on.

A store may notice that its client has gone, or it may go on until the query's time is over; nobody can tell from here.
"""

import threading
import time
from collections.abc import Callable


class AbandonedQueries:
    """Gives the places of abandoned queries to others at once, but not of so many that a store drowns. Thread-safe."""

    def __init__(self, most: int) -> None:
        """``most`` queries may be running besides those that somebody waits for."""
        self._most = most
        self._ends: list[float] = []
        self._timers: set[threading.Timer] = set()
        self._lock = threading.Lock()

    def abandon(self, seconds: float, give_back: Callable[[], None]) -> None:
        """Give a query's place back: now, or after ``seconds``, when it has certainly ended."""
        with self._lock:
            now = time.monotonic()
            self._ends = [end for end in self._ends if end > now]
            is_one_too_many = len(self._ends) >= self._most
            if not is_one_too_many:
                self._ends.append(now + seconds)
        if is_one_too_many:
            self._give_back_later(seconds, give_back)
        else:
            give_back()

    def close(self) -> None:
        """Wait for none of them any longer."""
        with self._lock:
            for timer in self._timers:
                timer.cancel()

    def _give_back_later(self, seconds: float, give_back: Callable[[], None]) -> None:
        def end() -> None:
            with self._lock:
                self._timers.discard(timer)
            give_back()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()
