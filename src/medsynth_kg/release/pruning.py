"""Removing old releases."""

import shutil
from pathlib import Path

from medsynth_kg.release.errors import NoRelease, ReleaseNotRemoved
from medsynth_kg.release.leasing import unused
from medsynth_kg.release.locking import lock_releases
from medsynth_kg.release.publishing import UNFINISHED, clear_leftovers
from medsynth_kg.release.reading import current_release, release_directories
from medsynth_kg.writing import disk_failures_named


def prune_releases(releases: Path, keep: int) -> tuple[str, ...]:
    """Remove all but the ``keep`` newest releases, never the current one nor one that a server has open.

    Answers the ids of those removed.

    Each is renamed before it is emptied, so that nobody finds half a release; what a killed pruning leaves behind, the
    next build clears. ``keep`` counts the current release.

    Raises:
        ValueError: ``keep`` is less than 1.
        BuildRunning: another process writes to the directory.
        DamagedRelease: the current release is not whole, so that an older one may be needed.
        ReleaseNotRemoved: the disk refused.
    """
    if keep < 1:
        raise ValueError(f"keep must be 1 or more, not {keep}")
    if not releases.is_dir():
        return ()
    with disk_failures_named(ReleaseNotRemoved, releases), lock_releases(releases):
        clear_leftovers(releases)
        removed = tuple(directory for directory in _superfluous(releases, keep) if _remove(directory))
    return tuple(directory.name for directory in removed)


def _superfluous(releases: Path, keep: int) -> tuple[Path, ...]:
    try:
        current = current_release(releases).id
    except NoRelease:
        return ()
    others = [directory for directory in release_directories(releases) if directory.name != current]
    return tuple(others[keep - 1 :])


def _remove(directory: Path) -> bool:
    with unused(directory) as is_unused:
        if is_unused:
            doomed = directory.with_name(f"{UNFINISHED}removed-{directory.name}")
            directory.rename(doomed)
            shutil.rmtree(doomed)
    return is_unused
