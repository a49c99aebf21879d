"""What earlier runs tell of the time that a query takes; the store never changes, so it takes about as long again."""

import threading
from collections import OrderedDict

from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.scheduling import Length

_MOST = 20_000
"""How many queries are remembered, by a hash of their text; those not asked for longest are forgotten."""
_DOUBT = 2
"""A query is known to be long past this multiple of the moment: a busy machine makes short ones look longer."""


class Experience:
    """Remembers which queries were short and which were long; thread-safe."""

    def __init__(self, moment: float) -> None:
        """``moment`` is the most seconds that a short query takes."""
        self._moment = moment
        self._known: OrderedDict[int, Length] = OrderedDict()
        self._lock = threading.Lock()

    def length(self, request: QueryRequest) -> Length:
        """What is known of a query."""
        with self._lock:
            return self._known.get(_key(request), Length.UNKNOWN)

    def note(self, request: QueryRequest, seconds: float) -> None:
        """Remember that a query ran for some seconds."""
        if self._moment < seconds <= self._moment * _DOUBT:
            return
        key = _key(request)
        with self._lock:
            self._known[key] = Length.SHORT if seconds <= self._moment else Length.LONG
            self._known.move_to_end(key)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)


def _key(request: QueryRequest) -> int:
    substitutions = tuple(sorted(request.substitutions.items()))
    return hash((request.query, substitutions, request.default_graphs, request.named_graphs))
