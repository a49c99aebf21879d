"""Taking a query back, because nobody waits for its answer any more."""

import threading
from collections.abc import Callable


class Cancellation:
    """Says, once and for all, that a query's answer is no longer wanted. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._actions: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the answer is no longer wanted."""
        return self._cancelled

    def cancel(self) -> None:
        """Interrupt whoever works on the answer or waits for it."""
        with self._lock:
            if self._cancelled:
                return
            self._cancelled = True
            for action in self._actions:
                action()

    def interrupts(self, action: Callable[[], object]) -> "Interruption":
        """Call ``action`` as soon as the query is cancelled, but never after the block; it must be quick."""
        return Interruption(self, action)

    def add(self, action: Callable[[], object]) -> None:
        """Call ``action`` as soon as the query is cancelled: now, if it is."""
        with self._lock:
            self._actions.append(action)
            if self._cancelled:
                action()

    def remove(self, action: Callable[[], object]) -> None:
        """Call it no longer."""
        with self._lock:
            self._actions.remove(action)


class Interruption:
    """A block that a cancellation interrupts; each query has several, and a generator would take twice as long."""

    __slots__ = ("_action", "_cancellation")

    def __init__(self, cancellation: Cancellation, action: Callable[[], object]) -> None:
        self._cancellation = cancellation
        self._action = action

    def __enter__(self) -> None:
        self._cancellation.add(self._action)

    def __exit__(self, *_: object) -> None:
        self._cancellation.remove(self._action)
