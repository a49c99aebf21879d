"""The executor that has queries run by another SPARQL 1.1 store, to which the release was pushed."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO

from medsynth_kg.query.abandoning import AbandonedQueries
from medsynth_kg.query.addresses import check_addresses
from medsynth_kg.query.binding import bind_terms
from medsynth_kg.query.dataset import Dataset, requested_dataset, without_dataset
from medsynth_kg.query.errors import (
    EvaluationFailed,
    ExecutorClosed,
    PoolBusy,
    QueryCancelled,
    QueryTimeout,
    ReleaseReplaced,
    ResultTooLarge,
    StoreFailed,
    StoreUnavailable,
)
from medsynth_kg.query.exchange import Exchange, StoreAnswer, broken_off_by
from medsynth_kg.query.experience import Experience
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.guard import inspect_query
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.portable import portable_query
from medsynth_kg.query.products import (
    StoreProduct,
    limit_parameters,
    limited_query,
    most_rows,
    ran_out_of_time,
    takes_time_limit,
)
from medsynth_kg.query.request import QueryAnswer, QueryRequest
from medsynth_kg.query.scheduling import Scheduler
from medsynth_kg.query.serialising import LargerThanAllowed, NotSerialisable
from medsynth_kg.query.spilling import IN_MEMORY, spill
from medsynth_kg.query.steps import BLOCKING, Steps
from medsynth_kg.query.syntax import SyntaxCheck
from medsynth_kg.query.terms import read_term
from medsynth_kg.query.transcoding import CutOff, Unreadable, asked_format, transcode
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import Credentials, StoreAddresses, StoreClient
from medsynth_kg.stores.errors import StoreAddressInvalid, StoreRefused, StoreUnreachable
from medsynth_kg.stores.holding import held_release_id, named_graphs, union_graph

_CHECK_SECONDS = (5.0, 10.0)
_RETRY_SECONDS = 2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """A store to ask: the address that takes its queries, its maker, and who asks."""

    address: str
    product: StoreProduct = StoreProduct.SPARQL
    credentials: Credentials | None = None


class RemoteExecutor:
    """Has queries run by a store; see ``Executor``.

    The store is held to the release's graphs, and asked after each answer whether it still holds this release: nothing
    that came from another is passed on. Memory is for the store itself to limit.
    """

    def __init__(
        self, store: RemoteStore, release: Release, limits: QueryLimits, prefixes: Mapping[str, str] | None = None
    ) -> None:
        """Start the workers that check queries. ``prefixes`` shorten the IRIs of graph answers.

        Raises:
            StoreAddressInvalid: the store's address is none.
            WorkersUnavailable: the workers can't be started.
        """
        self._store = store
        self._release_id = release.id
        self._base = release.manifest.base_iri
        self._graphs = tuple(sorted(named_graphs(release)))
        self._limits = limits
        self._prefixes = dict(prefixes or {})
        addresses = StoreAddresses(store.address, store.address)
        self._client = StoreClient(addresses, store.credentials, _CHECK_SECONDS)
        self._exchange = Exchange(store.address, store.credentials, limits.workers)
        self._scheduler = Scheduler(limits.workers, limits.queue, limits.queue_seconds)
        self._experience = Experience(limits.short)
        self._syntax = SyntaxCheck(limits)
        self._abandoned = AbandonedQueries(limits.workers)
        self._closed = False

    @property
    def _product(self) -> StoreProduct:
        """What the operator named, or what the store said that it is when it was last asked."""
        named = self._store.product
        return StoreProduct.VIRTUOSO if named is StoreProduct.SPARQL and self._client.is_virtuoso else named

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        return self._scheduler.waiting

    @property
    def replaced(self) -> int:
        """No process of ours runs queries here."""
        return 0

    @property
    def is_in_memory(self) -> bool:
        """No process of ours has the store."""
        return False

    def execute(self, request: QueryRequest) -> QueryAnswer:
        """Answer a query; raises the errors of ``medsynth_kg.query.errors``."""
        started = time.monotonic()
        if self._closed:
            raise ExecutorClosed
        profile = inspect_query(request.query, self._limits)
        self._syntax.check(request, profile.form)
        check_addresses(profile.services)
        ticket = self._scheduler.acquire(request.client, self._experience.length(request), request.cancellation)
        timeout = min(self._limits.timeout, request.timeout or self._limits.timeout)
        release = partial(self._scheduler.release, ticket)
        try:
            content = self._answer(request, profile.form, timeout)
        except TimeoutError as error:
            self._experience.note(request, timeout)
            self._abandoned.abandon(self._seconds_of_work(timeout), release)
            raise QueryTimeout(timeout) from error
        except QueryCancelled:
            self._abandoned.abandon(self._seconds_of_work(timeout), release)
            raise
        except BaseException:
            release()
            raise
        release()
        return QueryAnswer(_body(content), len(content), request.media_type, time.monotonic() - started)

    def steps(self, request: QueryRequest) -> Steps[QueryAnswer]:
        """Answer a query as ``execute`` does, in a thread."""
        yield BLOCKING
        return self.execute(request)

    def close(self) -> None:
        """Close the connections and stop the workers that check queries."""
        self._closed = True
        self._abandoned.close()
        self._exchange.close()
        self._client.close()
        self._syntax.close()

    def _answer(self, request: QueryRequest, form: QueryForm, timeout: float) -> bytes | memoryview:
        started = time.monotonic()
        parameters = self._parameters(request, timeout)
        limit = self._limits.result_size
        answer = self._exchange.ask(parameters, asked_format(form), started + timeout, limit, request.cancellation)
        self._experience.note(request, time.monotonic() - started)
        with answer.body:
            self._check_status(answer, timeout)
            with broken_off_by(request.cancellation):
                self._check_release()
            return self._transcode(answer, request, form)

    def _seconds_of_work(self, timeout: float) -> float:
        """How long the store may go on with a query that we have left, as far as that can be known."""
        return timeout if takes_time_limit(self._product) else self._limits.timeout

    def _parameters(self, request: QueryRequest, timeout: float) -> list[tuple[str, str]]:
        everything = Dataset((union_graph(self._base),), self._graphs)
        stated = requested_dataset(request)
        dataset = stated.within(self._graphs, f"{self._base}graph/none") if stated else everything
        text = portable_query(bind_terms(without_dataset(request.query), request.substitutions), request.base_iri)
        return [
            ("query", limited_query(self._product, text, timeout)),
            *(("default-graph-uri", graph) for graph in dataset.default),
            *(("named-graph-uri", graph) for graph in dataset.named),
            *limit_parameters(self._product, timeout).items(),
        ]

    def _check_status(self, answer: StoreAnswer, timeout: float) -> None:
        beginning = b"" if answer.status < 300 else answer.body.read()
        if ran_out_of_time(self._product, answer.status, answer.headers, beginning):
            raise QueryTimeout(timeout)
        if answer.status == 200:
            return
        logger.warning(
            "the store answered a query with status %d: %.1000s", answer.status, beginning.decode(errors="replace")
        )
        if answer.status == 400:
            raise EvaluationFailed(
                "the query is valid SPARQL 1.1, but the store behind this endpoint can't evaluate it; write it in "
                "another way, or run it over a dump"
            )
        if answer.status in (429, 503):
            stated = answer.headers.get("Retry-After", "")
            raise PoolBusy(min(int(stated), 600) if stated.isdigit() else _RETRY_SECONDS)
        raise StoreFailed

    def _check_release(self) -> None:
        try:
            held = held_release_id(self._client, self._base)
        except (StoreUnreachable, StoreRefused, StoreAddressInvalid) as error:
            raise StoreUnavailable from error
        if held != self._release_id:
            raise ReleaseReplaced

    def _transcode(self, answer: StoreAnswer, request: QueryRequest, form: QueryForm) -> bytes | memoryview:
        prefixes = self._prefixes if form.is_graph else {}
        rows = most_rows(answer.headers)
        limit = self._limits.result_size
        about = map(read_term, request.substitutions.values())
        try:
            return transcode(answer.body, form, request.media_type, prefixes, limit, rows, about)
        except NotSerialisable as error:
            raise EvaluationFailed(str(error)) from error
        except LargerThanAllowed as error:
            raise ResultTooLarge(limit) from error
        except CutOff as error:
            raise EvaluationFailed(
                f"the store behind this endpoint cuts answers off at {rows:,} rows; add a LIMIT below that"
            ) from error
        except Unreadable as error:
            logger.warning("the store's answer can't be read: %s", error)
            raise StoreFailed from error


def _body(content: bytes | memoryview) -> bytes | IO[bytes]:
    return bytes(content) if len(content) <= IN_MEMORY else spill([content])
