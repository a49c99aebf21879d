"""Answering queries over one release, from its cache where they were asked before.

Answers of one release never change, except those of queries that ask for time, for chance, or other services.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import medsynth_kg
from medsynth_kg.endpoint.answers import Answer, FileBody
from medsynth_kg.endpoint.cache import Cache
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.places import ReleasePlace
from medsynth_kg.endpoint.problems import problem_of
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.errors import PoolBusy, QueryCancelled, QueryError, ReleaseReplaced, StoreUnavailable
from medsynth_kg.query.repeating import repeats
from medsynth_kg.query.request import Executor, QueryRequest
from medsynth_kg.query.steps import BLOCKING, Steps, finish

_OVERHEAD = 900
"""Roughly what an entry of the cache takes besides its texts, in bytes."""

_ONCE_IN_MEMORY, _ONCE_IN_FILES = 8, 2
"""Answers that were asked for once have this part of the room: one by so many."""

_FILES = 4
"""How many of the largest answers that are kept in files there is room for."""

MOST_JOINED = 64
"""How many requests may wait for a query that another one asked, in all; each of them holds a thread."""

Key = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...], str | None]
Shared = tuple[Key, float | None]
"""Requests that are the same, their time-outs too, share one answer."""


@dataclass(slots=True, eq=False)
class _Run:
    """A query under way, and the requests that want its answer; it is taken back when none does."""

    shared: Shared
    cancellation: Cancellation = field(default_factory=Cancellation)
    wanted: set[object] = field(default_factory=set)
    awaited: Future[Answer] | None = None
    """What those wait for who joined it."""


class Answering:
    """Answers queries over one release. Safe to use from threads."""

    def __init__(
        self,
        release_id: str,
        executor: Executor,
        metrics: Metrics,
        *,
        in_memory: int,
        in_files: int,
        place: ReleasePlace | None = None,
    ) -> None:
        """``in_memory`` and ``in_files`` are how many bytes of answers are kept there.

        ``place`` may forbid all answers for a while.
        """
        self._place = place
        self._release_id = release_id
        self._executor = executor
        self._metrics = metrics
        self._in_memory: Cache[Key, Answer] = Cache(in_memory, once=in_memory // _ONCE_IN_MEMORY)
        self._in_files: Cache[Key, Answer] = Cache(in_files, once=in_files // _ONCE_IN_FILES)
        self._largest_file = in_files // _FILES
        self._running: dict[Shared, _Run] = {}
        self.joined = 0
        """How many requests wait for what another one asked."""
        self._lock = threading.Lock()
        self._mended = self._times_mended

    @property
    def kept_bytes(self) -> int:
        """How many bytes the kept answers take, in memory and in files."""
        return self._in_memory.bytes + self._in_files.bytes

    def known(self, request: QueryRequest) -> Answer | None:
        """The answer of a query that was asked before, if it is still kept; raises as ``check`` does."""
        self.check()
        key = _key(request)
        known = self._in_memory.get(key) or self._in_files.get(key)
        if known is not None:
            self._metrics.count_hit()
        return known

    def check(self) -> None:
        """Refuse while the store behind has not the whole release, and forget what it said before it was mended.

        Raises:
            StoreIncomplete: it has not the whole release.
        """
        if self._place is None:
            return
        self._place.check()
        if self._mended != self._times_mended:
            self._mended = self._times_mended
            self._in_memory.clear()
            self._in_files.clear()

    @property
    def _times_mended(self) -> int:
        return 0 if self._place is None else self._place.mended

    def try_executor(self, request: QueryRequest) -> None:
        """Have a query answered past the cache, which would answer for the executor; raises as ``answer`` does."""
        self.check()
        try:
            self._executor.execute(request)
        except QueryError as error:
            self._doubt_after(error)
            raise

    def _doubt_after(self, error: QueryError) -> None:
        """A store that did not answer, or names another release, may come back with less than it had."""
        if self._place is not None and isinstance(error, (StoreUnavailable, ReleaseReplaced)):
            self._place.doubt()

    def answer(self, request: QueryRequest) -> Answer:
        """Answer a query; raises the errors of ``medsynth_kg.query.errors``."""
        return finish(self.steps(request))

    def steps(self, request: QueryRequest) -> Steps[Answer]:
        """Answer a query as ``answer`` does, in steps."""
        if known := self.known(request):
            return known
        return (yield from self.run(request))

    def run(self, request: QueryRequest) -> Steps[Answer]:
        """Answer a query whose answer is not known, in steps; raises as ``answer`` does.

        A query that is asked again while it runs is not run twice: whoever asks waits for the one that runs.
        """
        if not repeats(request.query):
            return (yield from self._compute(request, None))
        shared = _key(request), request.timeout
        while True:
            share = object()
            run, awaited = self._take_part(shared, share)
            if run is None:
                return (yield from self._compute(request, self._entity_tag(shared[0])))
            leave = partial(self._leave, run, share)
            with request.cancellation.interrupts(leave):
                if awaited is None:
                    return (yield from self._compute_for_all(request, run))
                answer = yield from self._join(request, awaited, leave)
            if answer is not None:
                return answer

    def _take_part(self, shared: Shared, share: object) -> tuple[_Run | None, Future[Answer] | None]:
        """A run for a request, and what to wait for if another one began it; no run where too many wait."""
        with self._lock:
            run = self._running.get(shared)
            if run is None:
                run = self._running[shared] = _Run(shared, wanted={share})
                return run, None
            if self.joined == MOST_JOINED:
                return None, None
            self.joined += 1
            run.wanted.add(share)
            run.awaited = run.awaited or Future()
            return run, run.awaited

    def _leave(self, run: _Run, share: object) -> None:
        with self._lock:
            run.wanted.discard(share)
            if run.wanted:
                return
            self._forget(run)
        run.cancellation.cancel()

    def _forget(self, run: _Run) -> None:
        if self._running.get(run.shared) is run:
            del self._running[run.shared]

    def _join(self, request: QueryRequest, awaited: Future[Answer], leave: Callable[[], None]) -> Steps[Answer | None]:
        """The answer to somebody else's request, or None if that one was given up: one of those who wait is next."""
        gone: Future[Any] = Future()
        try:
            yield BLOCKING
            with request.cancellation.interrupts(partial(gone.set_result, None)):
                wait((awaited, gone), return_when=FIRST_COMPLETED)
        except GeneratorExit:
            leave()
            raise
        finally:
            with self._lock:
                self.joined -= 1
        if gone.done():
            raise QueryCancelled
        try:
            answer = awaited.result()
        except QueryCancelled:
            return None
        except PoolBusy as busy:
            if busy.turned_away:
                return None
            raise
        self._metrics.count_hit()
        return answer

    def _compute_for_all(self, request: QueryRequest, run: _Run) -> Steps[Answer]:
        """Compute an answer, keep it, and hand it, or the error, to everybody who waits for it."""
        key, _ = run.shared
        mended = self._mended
        try:
            for_all = request.asked_by(request.client, run.cancellation)
            answer = yield from self._compute(for_all, self._entity_tag(key))
            if mended == self._times_mended:
                self._keep(key, answer)
        except BaseException as error:
            if awaited := self._end(run):
                awaited.set_exception(error if isinstance(error, Exception) else QueryCancelled())
            raise
        if awaited := self._end(run):
            awaited.set_result(answer)
        return answer

    def _end(self, run: _Run) -> Future[Answer] | None:
        """Let nobody join a run any more; what those wait for who did, if any: they may begin another one now."""
        with self._lock:
            self._forget(run)
            return run.awaited

    def _keep(self, key: Key, answer: Answer) -> None:
        # The compressed copy joins the body, hence the half on top.
        size = answer.size + answer.size // 2
        if isinstance(answer.body, bytes):
            self._in_memory.put(key, answer, size + len(key[0]) + _OVERHEAD)
        elif size <= self._largest_file:
            self._in_files.put(key, answer, size)

    def _compute(self, request: QueryRequest, entity_tag: str | None) -> Steps[Answer]:
        started = time.monotonic()
        try:
            result = yield from self._executor.steps(request)
        except QueryError as error:
            self._doubt_after(error)
            self._metrics.count_query(problem_of(error).kind.slug, time.monotonic() - started)
            raise
        self._metrics.count_query("answered", result.seconds)
        body = result.body if isinstance(result.body, bytes) else FileBody(result.body)
        return Answer(body, result.size, result.media_type, entity_tag)

    def entity_tag(self, request: QueryRequest) -> str | None:
        """A weak entity tag (RFC 9110, section 8.8.3); None where the next answer to the query may be another.

        It names the release, the query and the format rather than the bytes, since the engine may order solutions
        differently each time where the query leaves the order open. So it is known before the answer is.
        """
        return self._entity_tag(_key(request)) if repeats(request.query) else None

    def _entity_tag(self, key: Key) -> str:
        content = repr((self._release_id, self._mended, medsynth_kg.__version__, key))
        return f'W/"{hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()[:24]}"'


def _key(request: QueryRequest) -> Key:
    return (
        request.query,
        request.media_type,
        request.default_graphs,
        request.named_graphs,
        tuple(sorted(request.substitutions.items())),
        request.base_iri,
    )
