"""The executor that runs queries in worker processes over a store on disk."""

import logging
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medsynth_kg.query.addresses import check_addresses
from medsynth_kg.query.channel import ChannelClosed
from medsynth_kg.query.conversation import Overstayed, WorkerAnswer, converse
from medsynth_kg.query.errors import (
    EvaluationFailed,
    ExecutorClosed,
    QueryCancelled,
    QueryCrashed,
    QueryError,
    QueryMemoryExceeded,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    ServiceFailed,
    WorkersUnavailable,
)
from medsynth_kg.query.experience import Experience
from medsynth_kg.query.guard import QUICKLY_READ, QueryProfile, inspect_query
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.pool import WorkerPool
from medsynth_kg.query.processes import Worker, Zygote
from medsynth_kg.query.request import QueryAnswer, QueryRequest
from medsynth_kg.query.scheduling import Lane, Scheduler, Ticket
from medsynth_kg.query.steps import BLOCKING, Steps, finish

logger = logging.getLogger(__name__)

_MOST_KILLS = 3
"""How often a query starts again whose worker was killed by nobody here: the kernel may do so for want of memory."""


class _WorkerKilled(Exception):
    """Someone else killed the worker, by no fault of the query as far as is known."""


class EmbeddedExecutor:
    """Runs queries in worker processes over one store; see ``Executor``.

    Queries that ask no service run in workers without network; those that ask allowed services, in workers of their
    own that are used once.
    """

    def __init__(
        self, store: Path, limits: QueryLimits, prefixes: Mapping[str, str] | None = None, in_memory: int = 0
    ) -> None:
        """Start the workers. ``prefixes`` shorten the IRIs of graph answers.

        A store of at most ``in_memory`` bytes on disk is read into memory, where queries take a fraction of the time;
        until that is done, they are asked of the disk.

        Raises:
            WorkersUnavailable: the store can't be opened.
        """
        self._store = store
        self._in_memory = in_memory
        self._limits = limits
        self._prefixes = dict(prefixes or {})
        self._scheduler = Scheduler(limits.workers, limits.queue, limits.queue_seconds)
        self._experience = Experience(limits.short)
        self._opening = threading.Lock()
        self._federating: WorkerPool | None = None
        self._pool = self._open_pool(offline=True, ready=limits.workers, spare=1 if limits.workers > 1 else 0)

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return self._scheduler.waiting

    @property
    def replaced(self) -> int:
        """How many workers have been replaced."""
        return self._pool.replaced

    @property
    def is_in_memory(self) -> bool:
        """Whether the store is in memory, for queries that ask no other service."""
        return self._pool.is_in_memory

    def execute(self, request: QueryRequest) -> QueryAnswer:
        """Answer a query; raises the errors of ``medsynth_kg.query.errors``."""
        return finish(self.steps(request))

    def steps(self, request: QueryRequest) -> Steps[QueryAnswer]:
        """Answer a query as ``execute`` does, in steps."""
        started = time.monotonic()
        if len(request.query) > QUICKLY_READ:
            yield BLOCKING
        profile = inspect_query(request.query, self._limits)
        if profile.services:
            yield BLOCKING
            check_addresses(profile.services)
        length = self._experience.length(request)
        ticket = yield from self._scheduler.acquire_in_steps(request.client, length, request.cancellation)
        try:
            answer = yield from self._answer(request, profile, ticket)
        finally:
            self._scheduler.release(ticket)
        if not answer.header.get("ok"):
            raise self._error(answer.header)
        return QueryAnswer(answer.body, answer.size, request.media_type, time.monotonic() - started)

    def close(self) -> None:
        """Stop all workers; queries under way end in ``ExecutorClosed``."""
        self._pool.close()
        with self._opening:
            if self._federating is not None:
                self._federating.close()

    def _open_pool(self, *, offline: bool, ready: int, spare: int) -> WorkerPool:
        # Those that ask other services wait for these most of the time.
        zygote = Zygote(self._store, self._limits, offline=offline, in_memory=self._in_memory if offline else 0)
        try:
            return WorkerPool(zygote, ready=ready, spare=spare)
        except WorkersUnavailable:
            zygote.close()
            raise

    def _pool_for(self, profile: QueryProfile) -> WorkerPool:
        if not profile.services:
            return self._pool
        with self._opening:
            if self._pool.closed:
                raise ExecutorClosed
            if self._federating is None:
                self._federating = self._open_pool(offline=False, ready=0, spare=0)
            return self._federating

    def _answer(self, request: QueryRequest, profile: QueryProfile, ticket: Ticket) -> Steps[WorkerAnswer]:
        """Run a query in the ticket's lane: again on an ordinary one if it overstays, again if its worker is killed."""
        pool = self._pool_for(profile)
        kills = 0
        while True:
            try:
                return (yield from self._run(request, profile, ticket, pool))
            except Overstayed:
                self._experience.note(request, self._limits.timeout)
                yield from self._scheduler.requeue(ticket)
            except _WorkerKilled as error:
                kills += 1
                if kills == _MOST_KILLS:
                    raise QueryMemoryExceeded(self._limits.memory) from error
                logger.warning("a query worker was killed from outside; its query starts again")

    def _run(
        self, request: QueryRequest, profile: QueryProfile, ticket: Ticket, pool: WorkerPool
    ) -> Steps[WorkerAnswer]:
        timeout = min(self._limits.timeout, request.timeout or self._limits.timeout)
        worker = pool.take_idle()
        if worker is None:
            yield BLOCKING
            worker = pool.start()
        started = time.monotonic()
        try:
            with request.cancellation.interrupts(worker.interrupt):
                answer = yield from converse(
                    worker,
                    self._header(request, profile, timeout),
                    request.query,
                    timeout=timeout,
                    moment=self._limits.short if ticket.lane is Lane.EXPRESS else timeout,
                    may_continue=lambda: self._scheduler.may_continue(ticket),
                )
        except ChannelClosed as error:
            if request.cancellation.cancelled:
                pool.retire(worker)
                raise QueryCancelled from error
            ended_by = yield from _bury(worker, pool)
            raise self._cause_of_death(pool, ended_by, timeout) from error
        except TimeoutError as error:
            pool.retire(worker)
            self._experience.note(request, timeout)
            raise QueryTimeout(timeout) from error
        except BaseException:
            pool.retire(worker)
            raise
        self._experience.note(request, time.monotonic() - started)
        self._put_back(worker, pool, answer)
        return answer

    def _put_back(self, worker: Worker, pool: WorkerPool, answer: WorkerAnswer) -> None:
        worker.queries += 1
        if worker.queries >= self._limits.queries_per_worker or answer.header.get("error") in ("memory", "size"):
            pool.retire(worker)
        else:
            pool.give_back(worker)

    def _header(self, request: QueryRequest, profile: QueryProfile, timeout: float) -> dict[str, Any]:
        return {
            "media_type": request.media_type,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "substitutions": dict(request.substitutions),
            "base_iri": request.base_iri,
            "services": bool(profile.services),
            "prefixes": self._prefixes if profile.form.is_graph else {},
            "seconds": timeout,
        }

    def _cause_of_death(self, pool: WorkerPool, ended_by: int | None, timeout: float) -> Exception:
        if pool.closed:
            return ExecutorClosed()
        if ended_by is None or ended_by == -signal.SIGKILL:
            return _WorkerKilled()
        if ended_by == -signal.SIGABRT:
            return QueryMemoryExceeded(self._limits.memory)
        return QueryTimeout(timeout) if ended_by == -signal.SIGXCPU else QueryCrashed()

    def _error(self, header: dict[str, Any]) -> QueryError:
        match header["error"]:
            case "syntax":
                return QuerySyntaxError(header["message"], header["line"], header["column"])
            case "size":
                return ResultTooLarge(self._limits.result_size)
            case "memory":
                return QueryMemoryExceeded(self._limits.memory)
            case "service":
                return ServiceFailed()
            case _:
                return EvaluationFailed(header["message"])


def _bury(worker: Worker, pool: WorkerPool) -> Steps[int | None]:
    """How a worker had ended, as ``WorkerPool.bury`` has it."""
    try:
        yield BLOCKING
    except BaseException:
        pool.retire(worker)
        raise
    return pool.bury(worker)
