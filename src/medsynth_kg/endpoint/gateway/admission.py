"""Sharing something scarce between clients: so much in all, and no client more than its share.

A client is an address, or a network of IPv6 as a subscriber has it (RFC 6177): all its 2^64 addresses are one client.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import IPv6Address

from medsynth_kg.endpoint.problems import RETRY_SECONDS
from medsynth_kg.query.errors import PoolBusy


class Admission:
    """Counts what clients have taken of something, such as places or bytes; for one event loop."""

    def __init__(self, in_all: int, of_a_client: int) -> None:
        self._in_all = in_all
        self._of_a_client = of_a_client
        self._taken: Counter[str] = Counter()
        self._total = 0

    def take(self, client: str, amount: int = 1) -> None:
        """Take some; raises ``PoolBusy`` where there is not so much left."""
        client = _subscriber(client)
        if self._total + amount > self._in_all or self._taken[client] + amount > self._of_a_client:
            raise PoolBusy(RETRY_SECONDS)
        self._taken[client] += amount
        self._total += amount

    def give_back(self, client: str, amount: int = 1) -> None:
        """Give back what was taken."""
        client = _subscriber(client)
        self._total -= amount
        self._taken[client] -= amount
        if not self._taken[client]:
            del self._taken[client]

    @contextmanager
    def admit(self, client: str) -> Iterator[None]:
        """One, until the end of the block; raises ``PoolBusy`` as ``take`` does."""
        self.take(client)
        try:
            yield
        finally:
            self.give_back(client)


def _subscriber(client: str) -> str:
    return _network(client) if ":" in client else client


@lru_cache(maxsize=4096)
def _network(client: str) -> str:
    try:
        address = IPv6Address(client)
    except ValueError:
        return client
    return client if address.ipv4_mapped else address.packed[:8].hex()
