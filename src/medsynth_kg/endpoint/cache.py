"""A cache of answers, bounded by the bytes that it holds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_REMEMBERED = 10_000
"""How many keys are remembered of what was used once and had to go."""


class Cache(Generic[Key, Value]):
    """Keeps what was used last, up to a number of bytes; what was used once has but a small part of them.

    So what is asked for once, however much of it comes, neither fills the memory nor pushes out what is asked for again
    and again. What comes back after it had to go counts as used again (2Q: T. Johnson, D. Shasha, VLDB 1994). Safe to
    use from threads.
    """

    def __init__(self, limit: int, *, once: int) -> None:
        """``limit`` is for all, ``once`` for what was used once, in bytes as the sizes handed to ``put`` count them."""
        self._limit = limit
        self._limit_once = once
        self._once: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._again: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._gone: OrderedDict[int, None] = OrderedDict()
        self._once_bytes = 0
        self._again_bytes = 0
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """How many bytes everything takes that is kept."""
        return self._once_bytes + self._again_bytes

    def get(self, key: Key) -> Value | None:
        """What is kept under a key, now the most recently used; or None."""
        with self._lock:
            entry = self._again.get(key)
            if entry is not None:
                self._again.move_to_end(key)
                return entry[0]
            entry = self._once.pop(key, None)
            if entry is None:
                return None
            self._once_bytes -= entry[1]
            self._again[key] = entry
            self._again_bytes += entry[1]
            return entry[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of so many bytes, at the expense of those that were not used for longest."""
        if size > self._limit:
            return
        with self._lock:
            known = self._take(key)
            if known or hash(key) in self._gone:
                self._gone.pop(hash(key), None)
                self._again[key] = (value, size)
                self._again_bytes += size
            else:
                self._once[key] = (value, size)
                self._once_bytes += size
            self._make_room()

    def clear(self) -> None:
        """Keep nothing of what was kept."""
        with self._lock:
            self._once.clear()
            self._again.clear()
            self._once_bytes = self._again_bytes = 0

    def _take(self, key: Key) -> bool:
        """Let go of a key; whether it was there."""
        if entry := self._once.pop(key, None):
            self._once_bytes -= entry[1]
        elif entry := self._again.pop(key, None):
            self._again_bytes -= entry[1]
        return entry is not None

    def _make_room(self) -> None:
        while self._once_bytes > self._limit_once and len(self._once) > 1:
            self._drop_once()
        while self.bytes > self._limit and self._again:
            self._again_bytes -= self._again.popitem(last=False)[1][1]

    def _drop_once(self) -> None:
        key, (_, size) = self._once.popitem(last=False)
        self._once_bytes -= size
        self._gone[hash(key)] = None
        if len(self._gone) > _REMEMBERED:
            self._gone.popitem(last=False)
