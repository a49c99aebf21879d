"""Where it is said which release to serve: the link of the builds, or the store that a release was pushed to."""

import logging
import os
import threading
import time
from pathlib import Path
from typing import Protocol

from medsynth_kg.endpoint.executors import store_credentials
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.errors import StoreIncomplete
from medsynth_kg.release.reading import CURRENT, Release, current_release, open_release
from medsynth_kg.settings import Settings
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.errors import CountsDiffer, NothingHeld
from medsynth_kg.stores.holding import find_held_release, held_release_id

POLL_SECONDS = 2.0
"""How long a newer release in a store may go unnoticed."""
COUNT_SECONDS = 300.0
"""How long the counts of a store's graphs are trusted while it says that it holds the same release, and answers."""
MEND_SECONDS = 10.0
"""How long to wait before graphs are counted again whose counts were wrong."""
_SHARE_OF_COUNTING = 0.05
"""Of the time, at most, in which a store counts for us while nothing is wrong."""
_PATIENCE = (5.0, 60.0)
"""Seconds to wait for the store's connection, and for an answer; large graphs are given longer."""

logger = logging.getLogger(__name__)


class ReleasePlace(Protocol):
    """Says which release to serve; safe to use from threads."""

    def target(self) -> str | None:
        """What changes when another release is to be served; quick enough to be asked with each request."""

    def open(self) -> Release:
        """Open the release; raises what is wrong with it."""

    @property
    def mended(self) -> int:
        """How often the release was found to have been incomplete; answers from before may be wrong."""

    def check(self) -> None:
        """Raise ``StoreIncomplete`` while answers would not be those of the release; quick."""

    def doubt(self) -> None:
        """Look closely at the next occasion: a query was not answered."""

    def close(self) -> None:
        """Stop looking."""


class CurrentLink:
    """The link that a build swaps when its release is whole."""

    def __init__(self, releases: Path) -> None:
        self._releases = releases
        self._link = str(releases / CURRENT)

    def target(self) -> str | None:
        """Where the link leads."""
        try:
            return os.readlink(self._link)  # noqa: PTH115  # a Path made answers from memory a third slower
        except OSError:
            return None

    def open(self) -> Release:
        """Open the current release; raises ``NoRelease`` and ``DamagedRelease``."""
        return current_release(self._releases)

    @property
    def mended(self) -> int:
        """A release that is read here is whole."""
        return 0

    def check(self) -> None:
        """A release that is read here is whole."""

    def doubt(self) -> None:
        """A release that is read here stays as it is."""

    def close(self) -> None:
        """Nothing is open."""


class HeldByStore:
    """The release that a store holds, whole, and that is kept here too.

    The store is asked beside the requests, so none waits for it. While it can't say, the last release stays; while it
    has less of it than it should, or more, nobody is answered. Graphs are counted seldom, as that reads all of them:
    at the start, when the store names another release or after it gave no answer, and else every few minutes.
    """

    def __init__(self, settings: Settings, address: str) -> None:
        """Ask the store; raises as ``find_held_release`` does."""
        self._base_iri = settings.base_iri
        self._releases = settings.releases
        self._client = StoreClient(StoreAddresses(address, address), store_credentials(settings), _PATIENCE)
        self._asking = threading.Lock()
        self._trouble = ""
        self._is_incomplete = False
        self.mended = 0
        self._counted: str | None = None
        self._count_again = 0.0
        self._path = self._look()
        self._look_at = time.monotonic() + POLL_SECONDS

    def target(self) -> str | None:
        """Where the release lies that the store held when it was last asked, and how often that was mended since.

        What a release keeps that was read before the store was seen to be incomplete may be wrong, hence the latter.
        """
        if time.monotonic() > self._look_at and self._asking.acquire(blocking=False):
            threading.Thread(target=self._look_again, name="store", daemon=True).start()
        return f"{self._path} {self.mended}"

    def open(self) -> Release:
        """Open the release; raises ``DamagedRelease``."""
        return open_release(self._path)

    def check(self) -> None:
        """Refuse while the store has not what it should; raises ``StoreIncomplete``."""
        if self._is_incomplete:
            raise StoreIncomplete

    def doubt(self) -> None:
        """Have the graphs counted at the next occasion: the store may have been restarted with less."""
        self._counted = None

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _look(self) -> Path:
        held = held_release_id(self._client, self._base_iri)
        if held is not None and held == self._counted and time.monotonic() < self._count_again:
            return self._path
        # Doubt that comes up while the graphs are being counted is about what was counted first, and so it stays.
        self._counted = held
        started = time.monotonic()
        path = find_held_release(self._client, self._base_iri, self._releases).path
        ended = time.monotonic()
        self._count_again = ended + max(COUNT_SECONDS, (ended - started) / _SHARE_OF_COUNTING)
        return path

    def _look_again(self) -> None:
        pause, started = POLL_SECONDS, time.monotonic()
        try:
            self._path = self._look()
            self._trouble = ""
            if self._is_incomplete:
                self.mended += 1
                self._is_incomplete = False
                logger.warning("the store holds the whole release again")
        except MedsynthError as error:
            self._counted = None
            if isinstance(error, CountsDiffer | NothingHeld):
                self._is_incomplete = True
            if isinstance(error, CountsDiffer):
                pause = MEND_SECONDS
            if str(error) != self._trouble:
                kept = "nothing is answered" if self._is_incomplete else "the former release stays"
                logger.warning("%s: %s", kept, error)
            self._trouble = str(error)
        finally:
            # A store that was given up may go on counting for as long again.
            ended = time.monotonic()
            self._look_at = ended + max(pause, ended - started)
            self._asking.release()


def release_place(settings: Settings) -> ReleasePlace:
    """The place that the settings name; raises as ``find_held_release`` does where that is a store."""
    return CurrentLink(settings.releases) if settings.store is None else HeldByStore(settings, settings.store)
