"""A cache of answers, bounded by the bytes that it holds."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Keeps what was used last, up to a number of bytes. Safe to use from threads."""

    def __init__(self, limit: int) -> None:
        """``limit`` is in bytes, as the sizes handed to ``put`` count them."""
        self._limit = limit
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0

    def get(self, key: Key) -> Value | None:
        """What is kept under a key, now the most recently used; or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of so many bytes, at the expense of those that were not used for longest."""
        if size > self._limit:
            return
        with self._lock:
            if known := self._entries.pop(key, None):
                self.bytes -= known[1]
            self._entries[key] = (value, size)
            self.bytes += size
            while self.bytes > self._limit:
                self.bytes -= self._entries.popitem(last=False)[1][1]
