"""How many requests a client may send in a time."""

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from medsynth_kg.endpoint.errors import TooManyRequests


class RateLimit:
    """Counts requests by client in a sliding window, in memory. Safe to use from threads."""

    def __init__(self, notation: str) -> None:
        """``notation`` is that of https://limits.readthedocs.io, such as ``60/minute``; raises ``ValueError``."""
        self._item: RateLimitItem = parse(notation)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def check(self, client: str) -> None:
        """Count one request; raises ``TooManyRequests`` where it is one too many."""
        if not self._limiter.hit(self._item, client):
            seconds = self._limiter.get_window_stats(self._item, client).reset_time - time.time()
            raise TooManyRequests(str(self._item), max(1, math.ceil(seconds)))
