"""The release that is served, and moving over to a newer one without dropping a request."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property

from flask import has_request_context, request
from pyoxigraph import Literal

from medsynth_kg.endpoint.answering import Answering
from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.citing.citation import Citation, read_citations
from medsynth_kg.endpoint.endpoint_queries import query_text
from medsynth_kg.endpoint.executors import open_executor
from medsynth_kg.endpoint.exploring.papers import Papers, read_papers
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.places import ReleasePlace, release_place
from medsynth_kg.endpoint.results import Row, read_rows
from medsynth_kg.endpoint.search.index import open_search_index
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.limits import query_limits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import SavedQuery, load_saved_queries
from medsynth_kg.release.leasing import Lease
from medsynth_kg.release.reading import Release, read_prefixes
from medsynth_kg.settings import Settings

KEPT_IN_MEMORY, KEPT_IN_FILES = 48 * 2**20, 128 * 2**20
"""Bytes of answers that are kept for each release: those up to 1 MiB, and larger ones."""
JSON_RESULTS = "application/sparql-results+json"
SPARQL_ADDRESS = "/sparql"
"""The path at which the current release is asked."""

logger = logging.getLogger(__name__)


class ServedRelease:
    """An open release: its saved queries and prefixes, and workers that answer queries over it.

    ``address`` is the path of its SPARQL endpoint; ``search`` is None where the release was built without an index;
    ``place`` says whether it may be asked.

    Raises:
        DamagedRelease: its prefixes can't be read, its search index can't be opened, or it is being removed.
        SavedQueryUnreadable: one of its saved queries can't be read.
        MedsynthError: what ``open_executor`` raises.
    """

    def __init__(
        self,
        release: Release,
        settings: Settings,
        metrics: Metrics,
        address: str = SPARQL_ADDRESS,
        place: ReleasePlace | None = None,
    ) -> None:
        self.release = release
        self.address = address
        self.base = release.manifest.base_iri
        self.limits = query_limits(settings)
        self.saved_queries = {query.slug: query for query in load_saved_queries(release.queries)}
        self.prefixes = read_prefixes(release)
        with ExitStack() as opened:
            opened.callback(Lease(release.path).release)
            self.search = open_search_index(release.path, self.base)
            if self.search is not None:
                opened.callback(self.search.close)
            self.executor = open_executor(release, settings, self.limits, self.prefixes)
            opened.callback(self.executor.close)
            self._opened = opened.pop_all()
        self.answering = Answering(
            release.id, self.executor, metrics, in_memory=KEPT_IN_MEMORY, in_files=KEPT_IN_FILES, place=place
        )

    def close(self) -> None:
        """Stop the workers, close the search index, and let the release be removed; nobody may be asking any more."""
        self._opened.close()

    def ask(self, name: str, media_type: str = JSON_RESULTS, **values: str | float) -> Answer:
        """Answer one of the endpoint's own queries, by its file's name; ``values`` are IRIs and numbers to bind."""
        bound = {variable: _term(value) for variable, value in values.items()}
        return self.answering.answer(
            QueryRequest(query_text(name), media_type, substitutions=bound, base_iri=self.base, client=_reader())
        )

    def rows(self, name: str, **terms: str) -> tuple[Row, ...]:
        """The solutions of one of the endpoint's own SELECT queries."""
        return read_rows(self.ask(name, **terms))

    @cached_property
    def papers(self) -> Papers:
        """The papers with all that facets need of them, kept for as long as the release is open."""
        return read_papers(self.rows("paper-facts"), self.base)

    @cached_property
    def citations(self) -> Mapping[str, Citation]:
        """How to cite each paper, by its IRI; kept for as long as the release is open."""
        return read_citations(self.rows("citation-facts"))

    def answer_saved(self, query: SavedQuery, media_type: str) -> Answer:
        """Answer a saved query, whose parameters have their values already."""
        return self.answering.answer(QueryRequest(query.text, media_type, base_iri=self.base, client=_reader()))


def _reader() -> str:
    """Who reads the page that asks, so that readers wait in turn; empty where the site asks for itself."""
    return (request.remote_addr or "") if has_request_context() else ""


def _term(value: str | float) -> str:
    return f"<{value}>" if isinstance(value, str) else str(Literal(value))


class Releases:
    """Hands out the current release; notices a new one, and closes the old one after its last request.

    Safe to use from threads.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the current release.

        Raises:
            NoRelease: there is none yet.
            DamagedRelease: it is not whole.
            WorkersUnavailable: its store can't be opened.
            MedsynthError: the settings name a store that does not hold one of the releases kept here.
        """
        self._settings = settings
        self.metrics = Metrics()
        self._place = release_place(settings)
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._users: dict[ServedRelease, int] = {}
        self._seen = self._place.target()
        self._current = self._open()

    @property
    def is_behind(self) -> bool:
        """Whether a newer release is to be opened, which takes a moment."""
        return self._place.target() != self._seen

    def is_current(self, served: ServedRelease) -> bool:
        """Whether that is the release which requests are answered from now."""
        return served is self._current

    def catch_up(self) -> None:
        """Open the newer release, if there is one, and close the one before after its last request."""
        if not self.is_behind or not self._opening.acquire(blocking=False):
            return
        try:
            self._seen = self._place.target()
            opened = self._open()
            with self._lock:
                previous, self._current = self._current, opened
                unused = previous not in self._users
        except MedsynthError:
            logger.exception("the new release can't be served; release %s stays", self._current.release.id)
            return
        finally:
            # After the swap, or whoever is held up between the two undoes that of somebody who opened a newer one.
            self._opening.release()
        if unused:
            previous.close()

    @contextmanager
    def lease(self) -> Iterator[ServedRelease]:
        """The current release, kept open for as long as the request takes."""
        with self._lock:
            served = self._current
            self._users[served] = self._users.get(served, 0) + 1
        try:
            yield served
        finally:
            with self._lock:
                self._users[served] -= 1
                idle = not self._users[served]
                if idle:
                    del self._users[served]
                retired = idle and served is not self._current
            if retired:
                # Whoever had it last may be the event loop, and closing waits for processes to end.
                threading.Thread(target=served.close, name="closing").start()

    def close(self) -> None:
        """Stop the workers."""
        self._current.close()
        self._place.close()

    def _open(self) -> ServedRelease:
        return ServedRelease(self._place.open(), self._settings, self.metrics, place=self._place)
