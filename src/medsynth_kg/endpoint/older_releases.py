"""Older releases, opened when somebody asks one, closed when nobody has for a while."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from medsynth_kg.endpoint.errors import ReleaseDamaged
from medsynth_kg.endpoint.kept_releases import find_release
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.problems import RETRY_SECONDS
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.query.errors import PoolBusy, SavedQueryUnreadable, WorkersUnavailable
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.settings import Settings

MOST_OPEN = 3
"""Older releases that are open at once; each has one worker."""
PATIENCE = 2.0
"""Seconds that a request waits for one of them to be closed."""
IDLE_SECONDS = 300.0
"""How long an older release stays open after its last request."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Opened:
    served: ServedRelease
    users: int = 0
    last_used: float = 0.0


class OlderReleases:
    """Hands out releases by their ids. Safe to use from threads."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        """Open nothing yet; ``settings`` say where releases lie and what a query may use.

        Older releases are asked here even where a store runs the queries of the one that it holds.
        """
        self._settings = settings.model_copy(update={"query_workers": 1, "store": None, "in_memory": 0})
        self._metrics = metrics
        self._changed = threading.Condition()
        self._opened: dict[str, _Opened] = {}

    @property
    def open_ids(self) -> tuple[str, ...]:
        """The ids of the releases that are open, sorted."""
        return tuple(sorted(self._opened))

    @contextmanager
    def lease(self, release_id: str) -> Iterator[ServedRelease]:
        """A release, kept open for as long as the request takes.

        Raises:
            NotFound: no such release is kept.
            ReleaseDamaged: it is kept, but not whole.
            PoolBusy: as many as can be open are being asked.
        """
        with self._changed:
            opened = self._opened.get(release_id) or self._open(release_id)
            opened.users += 1
        try:
            yield opened.served
        finally:
            with self._changed:
                opened.users -= 1
                opened.last_used = time.monotonic()
                self._changed.notify_all()

    @property
    def has_idle(self) -> bool:
        """Whether there is anything for ``close_idle`` to close."""
        return bool(self._opened) and bool(self._idle(IDLE_SECONDS))

    def close_idle(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Close what nobody has asked for so long; costs nothing where nothing is open."""
        if not self._opened or not self._changed.acquire(blocking=False):
            return
        try:
            closing = [self._opened.pop(key) for key in self._idle(idle_seconds)]
        finally:
            self._changed.release()
        for opened in closing:
            opened.served.close()

    def close(self) -> None:
        """Stop all workers."""
        with self._changed:
            closing = list(self._opened.values())
            self._opened.clear()
        for opened in closing:
            opened.served.close()

    def _idle(self, seconds: float) -> list[str]:
        latest = time.monotonic() - seconds
        opened = list(self._opened.items())
        return [key for key, release in opened if not release.users and release.last_used <= latest]

    def _open(self, release_id: str) -> _Opened:
        release = find_release(self._settings.releases, release_id)
        if not self._changed.wait_for(lambda: self._has_room(release_id), PATIENCE):
            raise PoolBusy(RETRY_SECONDS)
        if opened_meanwhile := self._opened.get(release_id):
            return opened_meanwhile
        if len(self._opened) >= MOST_OPEN:
            self._close_longest_idle()
        address = f"/releases/{release_id}/sparql"
        try:
            served = ServedRelease(release, self._settings, self._metrics, address)
        except (SavedQueryUnreadable, WorkersUnavailable, DamagedRelease) as error:
            logger.exception("release %s can't be served", release_id)
            raise ReleaseDamaged(release_id) from error
        opened = self._opened[release_id] = _Opened(served)
        return opened

    def _has_room(self, release_id: str) -> bool:
        is_idle = any(not opened.users for opened in self._opened.values())
        return is_idle or release_id in self._opened or len(self._opened) < MOST_OPEN

    def _close_longest_idle(self) -> None:
        idle = [(opened.last_used, key) for key, opened in self._opened.items() if not opened.users]
        self._opened.pop(min(idle)[1]).served.close()
