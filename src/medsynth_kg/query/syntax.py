"""Whether a text is a query at all, before it goes to another store.

Stores have dialects: what one of them reads as an extension, perhaps with a look at files or at the network, is no
SPARQL 1.1. So each query is first run over an empty store, in a confined worker, by the parser that judges queries
everywhere else here; a text that can crash a parser crashes that worker.
"""

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Store

from medsynth_kg.query.binding import apply_edits
from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import QueryTimeout, ResultTooLarge
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.tokens import Token, tokens
from medsynth_kg.query.transcoding import asked_format

_SECONDS = 1.0
_WORKERS = 2
_REMEMBERED = 4096
"""How many queries are remembered to be fine, by a hash of their text."""


class SyntaxCheck:
    """Checks queries; thread-safe."""

    def __init__(self, limits: QueryLimits) -> None:
        """Start the workers.

        Raises:
            WorkersUnavailable: they can't be started.
        """
        self._directory = tempfile.TemporaryDirectory()
        path = Path(self._directory.name) / "empty"
        Store(str(path)).flush()
        workers = min(_WORKERS, limits.workers)
        confined = replace(limits, timeout=min(_SECONDS, limits.timeout), workers=workers, services=())
        self._executor = EmbeddedExecutor(path, confined)
        self._fine: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, request: QueryRequest, form: QueryForm) -> None:
        """Raises the errors of ``medsynth_kg.query.errors`` that concern the text: its syntax, unknown functions.

        Raises:
            QueryCancelled: the query was taken back meanwhile.
        """
        key = hashlib.sha256(repr((request.query, request.base_iri)).encode()).digest()
        with self._lock:
            if key in self._fine:
                self._fine.move_to_end(key)
                return
        self._run(request, form)
        with self._lock:
            self._fine[key] = None
            if len(self._fine) > _REMEMBERED:
                self._fine.popitem(last=False)

    def close(self) -> None:
        """Stop the workers."""
        self._executor.close()
        self._directory.cleanup()

    def _run(self, request: QueryRequest, form: QueryForm) -> None:
        text = _without_services(request.query)
        try:
            self._executor.execute(
                QueryRequest(
                    text,
                    asked_format(form),
                    base_iri=request.base_iri,
                    client=request.client,
                    cancellation=request.cancellation,
                )
            )
        except (QueryTimeout, ResultTooLarge):
            return


def _without_services(query: str) -> str:
    """The query with GRAPH in the place of SERVICE, each token where it was, so that nobody is asked."""
    found = tuple(tokens(query))
    return apply_edits(
        query, [edit for index, token in enumerate(found) if _is(token, "SERVICE") for edit in _as_graph(found, index)]
    )


def _as_graph(found: Sequence[Token], index: int) -> list[tuple[int, int, str]]:
    edits = [(found[index].start, found[index].start + len("SERVICE"), "GRAPH  ")]
    if index + 1 < len(found) and _is(found[index + 1], "SILENT"):
        start = found[index + 1].start
        edits.append((start, start + len("SILENT"), " " * len("SILENT")))
    return edits


def _is(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word
