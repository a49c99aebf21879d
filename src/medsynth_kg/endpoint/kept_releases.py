"""The releases that are kept here, by their ids, and what changed from each to the next."""

import datetime
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from medsynth_kg.endpoint.errors import NotFound, ReleaseDamaged
from medsynth_kg.release.difference import diff_releases
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release, open_release, release_directories

RELEASE_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Change:
    """How many entities a release changed, and the triples that they gained and lost, its own description aside."""

    entities: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Edition:
    """A release among the others: ``release`` is None where it is damaged, ``previous`` where it is the first.

    ``change`` is None where there is none before it, or where one of the two is damaged.
    """

    id: str
    release: Release | None
    previous: str | None
    change: Change | None


def find_release(releases: Path, release_id: str) -> Release:
    """Open the release of an id that a stranger wrote.

    Raises:
        NotFound: no such release is kept.
        ReleaseDamaged: it is kept, but not whole.
    """
    if not RELEASE_ID.fullmatch(release_id) or not (releases / release_id).is_dir():
        raise NotFound(f"release {release_id[:40]} is not kept here; /releases/ lists those that are")
    try:
        return open_release(releases / release_id)
    except DamagedRelease as error:
        raise ReleaseDamaged(release_id) from error


class ReleaseHistory:
    """The kept releases, newest first. Releases never change, so their differences are computed once.

    Those of one day are in the order in which their manifests were written. Safe to use from threads.
    """

    def __init__(self, releases: Path) -> None:
        """``releases`` is the directory that they lie in."""
        self._releases = releases
        self._changes: dict[tuple[str, str], Change] = {}
        self._published: dict[str, datetime.datetime] = {}
        self._comparing = threading.Lock()

    def ids(self) -> tuple[str, ...]:
        """The ids of all releases, damaged ones included."""
        names = (path.name for path in release_directories(self._releases))
        return tuple(name for name in names if RELEASE_ID.fullmatch(name))

    def whole(self) -> tuple[Release, ...]:
        """The releases that can be opened."""
        opened = (self._open(release_id) for release_id in self.ids())
        return tuple(release for release in opened if release is not None)

    def editions(self, start: int = 0, count: int | None = None) -> tuple[Edition, ...]:
        """Releases with what they changed: ``count`` of them, or all, from the one at ``start``."""
        ids = self.ids()
        stop = len(ids) if count is None else start + count
        return tuple(self._edition(release_id, ids) for release_id in ids[start:stop])

    def edition(self, release: Release) -> Edition:
        """One release among the others."""
        return self._edition(release.id, self.ids())

    def published(self, release: Release) -> datetime.datetime:
        """When a release was published, in UTC; the same for as long as the server runs, whatever touches the files.

        Its inputs may be older: releases that differ in code alone are of one day.
        """
        return self._published.setdefault(release.id, release.published)

    def _edition(self, release_id: str, ids: tuple[str, ...]) -> Edition:
        release = self._open(release_id)
        before = ids[ids.index(release_id) + 1 :] if release_id in ids else ()
        previous = next(iter(before), None)
        older = self._open(previous) if previous else None
        change = self._compare(older, release) if older and release else None
        return Edition(release_id, release, previous, change)

    def _open(self, release_id: str) -> Release | None:
        try:
            return open_release(self._releases / release_id)
        except DamagedRelease:
            return None

    def _compare(self, old: Release, new: Release) -> Change | None:
        with self._comparing:
            if known := self._changes.get((old.id, new.id)):
                return known
            try:
                entities = diff_releases(old, new).by_entity()
            except DamagedRelease:
                return None
            change = Change(
                len(entities), sum(len(one.added) for one in entities), sum(len(one.removed) for one in entities)
            )
            self._changes[old.id, new.id] = change
            return change
