"""Signals to the server's main process, handed on by a thread.

granian sets a ``threading.Event`` inside its signal handlers. A second signal that comes while the first one is being
handled, as when a terminal and make both pass on an interrupt, finds the event's lock taken by the same thread and
waits for ever; an interrupt that comes during a reload is forgotten. ``queue.SimpleQueue`` may be used in a handler
(https://docs.python.org/3/library/queue.html#queue.SimpleQueue.put), an event may not.
"""

import signal
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

REPEAT_SECONDS = 1.0
"""How often the server is told again to end, until it has ended."""


def hand_on_signals(end: Callable[[], object], reload: Callable[[], object]) -> None:
    """Call ``end`` on SIGINT or SIGTERM and ``reload`` on SIGHUP, in a thread and never in a signal handler.

    ``end`` is called every second as long as the process lives. To be called in the main thread.
    """
    received: SimpleQueue[int] = SimpleQueue()

    def receive(number: int, _frame: object) -> None:
        if number != signal.SIGHUP:
            for ending in (signal.SIGINT, signal.SIGTERM):
                signal.signal(ending, signal.SIG_IGN)
        received.put(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, receive)
    threading.Thread(target=_hand_on, args=(received, end, reload), name="signals", daemon=True).start()


def _hand_on(received: SimpleQueue[int], end: Callable[[], object], reload: Callable[[], object]) -> None:
    while received.get() == signal.SIGHUP:
        reload()
    while True:
        end()
        time.sleep(REPEAT_SECONDS)
