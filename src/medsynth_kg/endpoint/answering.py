"""Answering queries over one release, from its cache where they were asked before.

Answers of one release never change, except those of queries that ask for the time or for chance.
"""

import hashlib
import re
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from gzip import compress
from typing import IO

import medsynth_kg
from medsynth_kg.endpoint.cache import Cache
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.problems import problem_of
from medsynth_kg.query.errors import QueryError
from medsynth_kg.query.request import Executor, QueryRequest

_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)
GZIP_LEVEL = 5
_OVERHEAD = 500
"""Roughly what an entry of the cache takes besides its texts, in bytes."""

Key = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...], str | None]


@dataclass(frozen=True)
class Answer:
    """A complete answer; ``entity_tag`` is None where the next answer to the same query may be another."""

    body: bytes | IO[bytes]
    size: int
    media_type: str
    entity_tag: str | None

    @cached_property
    def compressed(self) -> bytes:
        """The body with gzip; only for one in memory."""
        if not isinstance(self.body, bytes):
            raise TypeError("an answer in a file is compressed as it is sent")
        return compress(self.body, GZIP_LEVEL, mtime=0)


class Answering:
    """Answers queries over one release. Safe to use from threads."""

    def __init__(self, release_id: str, executor: Executor, metrics: Metrics, cache_size: int) -> None:
        self._release_id = release_id
        self._executor = executor
        self._metrics = metrics
        self.cache: Cache[Key, Answer] = Cache(cache_size)
        self._running: dict[tuple[Key, float | None], Future[Answer]] = {}
        self._lock = threading.Lock()

    def answer(self, request: QueryRequest) -> Answer:
        """Answer a query; raises the errors of ``medsynth_kg.query.errors``.

        A query that is asked again while it runs is not run twice: whoever asks waits for the one that runs.
        """
        key = _key(request)
        if known := self.cache.get(key):
            self._metrics.count_hit()
            return known
        if _CHANGING.search(request.query):
            return self._compute(request, entity_tag=None)
        with self._lock:
            running = self._running.get((key, request.timeout))
            if running is None:
                own = self._running[key, request.timeout] = Future()
        if running is None:
            return self._compute_for_all(request, own)
        answer = running.result()
        if isinstance(answer.body, bytes):
            self._metrics.count_hit()
            return answer
        return self._compute(request, self.entity_tag(request))

    def _compute_for_all(self, request: QueryRequest, running: Future[Answer]) -> Answer:
        """Compute an answer, cache it, and hand it, or the error, to everybody who waits for it."""
        key = _key(request)
        try:
            answer = self._compute(request, self.entity_tag(request))
            if isinstance(answer.body, bytes):
                # The compressed copy joins the body in the cache, hence the half on top.
                self.cache.put(key, answer, answer.size + answer.size // 2 + len(request.query) + _OVERHEAD)
        except BaseException as error:
            running.set_exception(error)
            raise
        else:
            running.set_result(answer)
            return answer
        finally:
            with self._lock:
                del self._running[key, request.timeout]

    def _compute(self, request: QueryRequest, entity_tag: str | None) -> Answer:
        started = time.monotonic()
        try:
            result = self._executor.execute(request)
        except QueryError as error:
            self._metrics.count_query(problem_of(error).kind.slug, time.monotonic() - started)
            raise
        self._metrics.count_query("answered", result.seconds)
        return Answer(result.body, result.size, result.media_type, entity_tag)

    def entity_tag(self, request: QueryRequest) -> str:
        """A weak entity tag (RFC 9110, section 8.8.3).

        It names the release, the query and the format rather than the bytes, since the engine may order solutions
        differently each time where the query leaves the order open.
        """
        content = repr((self._release_id, medsynth_kg.__version__, _key(request)))
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
