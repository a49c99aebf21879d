"""Where it is said which release to serve: the link of the builds, or the store that a release was pushed to."""

import logging
import os
import threading
import time
from pathlib import Path
from typing import Protocol

from medsynth_kg.endpoint.executors import store_credentials
from medsynth_kg.errors import MedsynthError
from medsynth_kg.release.reading import CURRENT, Release, current_release, open_release
from medsynth_kg.settings import Settings
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.holding import find_held_release

POLL_SECONDS = 2.0
"""How long a newer release in a store may go unnoticed."""
_PATIENCE = (5.0, 60.0)
"""Seconds to wait for the store's connection, and for it to count a graph."""

logger = logging.getLogger(__name__)


class ReleasePlace(Protocol):
    """Says which release to serve; safe to use from threads."""

    def target(self) -> str | None:
        """What changes when another release is to be served; quick enough to be asked with each request."""

    def open(self) -> Release:
        """Open the release; raises what is wrong with it."""

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

    def close(self) -> None:
        """Nothing is open."""


class HeldByStore:
    """The release that a store holds, whole, and that is kept here too.

    The store is asked beside the requests, so none waits for it. While it can't say, the last release stays.
    """

    def __init__(self, settings: Settings, address: str) -> None:
        """Ask the store; raises as ``find_held_release`` does."""
        self._base_iri = settings.base_iri
        self._releases = settings.releases
        self._client = StoreClient(StoreAddresses(address, address), store_credentials(settings), _PATIENCE)
        self._asking = threading.Lock()
        self._trouble = ""
        self._path = self._find()
        self._asked = time.monotonic()

    def target(self) -> str | None:
        """Where the release lies that the store held when it was last asked."""
        if time.monotonic() - self._asked > POLL_SECONDS and self._asking.acquire(blocking=False):
            threading.Thread(target=self._look_again, name="store", daemon=True).start()
        return str(self._path)

    def open(self) -> Release:
        """Open the release; raises ``DamagedRelease``."""
        return open_release(self._path)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _find(self) -> Path:
        return find_held_release(self._client, self._base_iri, self._releases).path

    def _look_again(self) -> None:
        try:
            self._path = self._find()
            self._trouble = ""
        except MedsynthError as error:
            if str(error) != self._trouble:
                logger.warning("the former release stays: %s", error)
            self._trouble = str(error)
        finally:
            self._asked = time.monotonic()
            self._asking.release()


def release_place(settings: Settings) -> ReleasePlace:
    """The place that the settings name; raises as ``find_held_release`` does where that is a store."""
    return CurrentLink(settings.releases) if settings.store is None else HeldByStore(settings, settings.store)
