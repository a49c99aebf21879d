"""A stock of worker processes that are ready, and the thread that buries and replaces them."""

import logging
import queue
import threading

from medsynth_kg.query.errors import ExecutorClosed, WorkersUnavailable
from medsynth_kg.query.processes import Worker, Zygote

_LOOK_SECONDS = 0.2
"""How often it is looked whether the store is in memory."""

logger = logging.getLogger(__name__)


class WorkerPool:
    """Hands out idle workers; thread-safe.

    Workers that are done for are buried and replaced in the background, so that neither the query that ended one nor
    the next query waits for it.
    """

    def __init__(self, zygote: Zygote, *, ready: int, spare: int) -> None:
        """Start ``ready`` workers now; ``spare`` more are kept in stock while all others are busy.

        Raises:
            WorkersUnavailable: they can't be started.
        """
        self._zygote = zygote
        self._target = ready + spare
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._alive = 0
        self._has_copy = False
        self._copy_may_come = True
        self._closed = False
        self.replaced = 0
        for _ in range(ready):
            self._idle.append(zygote.fork())
            self._alive += 1
        self._done_for: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, name="query worker keeper", daemon=True)
        self._keeper.start()

    @property
    def closed(self) -> bool:
        """Whether the pool has been closed."""
        return self._closed

    @property
    def is_in_memory(self) -> bool:
        """Whether the store is in memory, for all workers that are handed out from now on."""
        return self._has_copy and not self._copy_may_come

    def take_idle(self) -> Worker | None:
        """An idle worker, if there is one; the caller gives it back, retires it or buries it.

        Raises:
            ExecutorClosed: the pool has been closed.
        """
        while True:
            with self._lock:
                if self._closed:
                    raise ExecutorClosed
                if not self._idle:
                    return None
                worker = self._idle.pop()
            if not worker.speaks:
                return worker
            self.retire(worker)

    def start(self) -> Worker:
        """A new worker, otherwise as ``take_idle`` has it.

        Raises:
            WorkersUnavailable: none can be started.
        """
        with self._lock:
            self._alive += 1
        return self._forked()

    def give_back(self, worker: Worker) -> None:
        """Take back a worker that is ready for another query."""
        with self._lock:
            if not self._closed and self._alive <= self._target and (worker.has_copy or not self._has_copy):
                self._idle.append(worker)
                return
        self.retire(worker)

    def retire(self, worker: Worker) -> None:
        """Kill and replace a worker in the background."""
        with self._lock:
            if not self._closed:
                self._done_for.put(worker)
                return
        self._zygote.bury(worker)

    def bury(self, worker: Worker) -> int | None:
        """Kill a worker now and replace it in the background; how it had ended, as ``Zygote.bury`` has it."""
        ended_by = self._zygote.bury(worker)
        with self._lock:
            self._alive -= 1
            self.replaced += 1
            if not self._closed:
                self._done_for.put(None)
        return ended_by

    def close(self) -> None:
        """Stop all workers; queries under way lose theirs."""
        with self._lock:
            self._closed = True
            self._done_for.put(None)
        self._keeper.join()
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            self._zygote.bury(worker)
        self._zygote.close()

    def _keep(self) -> None:
        """Work through what is done for, and restock after each; None stands for a worker already buried."""
        while not self._closed or not self._done_for.empty():
            self._restock()
            try:
                worker = self._done_for.get(timeout=_LOOK_SECONDS if self._copy_may_come else None)
            except queue.Empty:
                self._renew()
                continue
            if worker is not None:
                self._zygote.bury(worker)
                with self._lock:
                    self._alive -= 1
                    self.replaced += 1

    def _renew(self) -> None:
        """Once the store is in memory, replace the idle workers that were forked before; others are as they come."""
        has_copy = self._zygote.has_copy()
        if has_copy is None:
            return
        self._has_copy = has_copy
        while has_copy and (worker := self._take_stale()) is not None:
            self._zygote.bury(worker)
            with self._lock:
                self._alive -= 1
            self._restock()
        self._copy_may_come = False

    def _take_stale(self) -> Worker | None:
        with self._lock:
            stale = next((worker for worker in self._idle if not worker.has_copy), None)
            if stale is not None:
                self._idle.remove(stale)
            return stale

    def _restock(self) -> None:
        while True:
            with self._lock:
                if self._closed or self._alive >= self._target:
                    return
                self._alive += 1
            try:
                worker = self._forked()
            except WorkersUnavailable:
                logger.exception("a worker could not be replaced; the next query tries again")
                return
            self.give_back(worker)

    def _forked(self) -> Worker:
        try:
            worker = self._zygote.fork()
        except WorkersUnavailable:
            with self._lock:
                self._alive -= 1
            raise
        if self._has_copy and not worker.has_copy:
            # The zygote is another one, which has begun anew.
            self._has_copy, self._copy_may_come = False, True
        return worker
