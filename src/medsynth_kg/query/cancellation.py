"""Taking a query back, because nobody waits for its answer any more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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

    @contextmanager
    def interrupts(self, action: Callable[[], object]) -> Iterator[None]:
        """Call ``action`` as soon as the query is cancelled, but never after the block; it must be quick."""
        with self._lock:
            self._actions.append(action)
            if self._cancelled:
                action()
        try:
            yield
        finally:
            with self._lock:
                self._actions.remove(action)
