"""Making a written release the current one, so that whoever looks sees the old one whole or the new one whole."""

import os
import shutil
import time
from pathlib import Path

from medsynth_kg.release.reading import CURRENT

UNFINISHED = ".building-"
"""What the names of everything start with that a build has not published yet."""
_ATTEMPTS, _PAUSE = 20, 0.1


def clear_leftovers(releases: Path) -> None:
    """Remove what a killed build has left behind; the caller holds the lock."""
    for leftover in releases.glob(f"{UNFINISHED}*"):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def remove_unfinished(unfinished: Path) -> None:
    """Remove what a build has written in vain; what can't be removed is left to the next build.

    The engine's own threads may still write there: it closes a store when nothing refers to it any more, and a failure
    on its way up does.
    """
    for _ in range(_ATTEMPTS):
        shutil.rmtree(unfinished, ignore_errors=True)
        if not unfinished.exists():
            return
        time.sleep(_PAUSE)


def publish(unfinished: Path, finished: Path) -> None:
    """Bring a written release to the disk, then give it its name; a damaged one of that name makes way.

    Raises:
        OSError: the disk refused; the directory of releases is as it was.
    """
    for path in (*unfinished.rglob("*"), unfinished):
        _bring_to_disk(path)
    damaged = unfinished.with_name(f"{UNFINISHED}damaged")
    if finished.is_dir():
        finished.rename(damaged)
    unfinished.rename(finished)
    _bring_to_disk(finished.parent)
    if damaged.is_dir():
        shutil.rmtree(damaged)


def make_current(releases: Path, release_id: str) -> None:
    """Point ``releases/current`` to a published release in one step.

    Raises:
        OSError: the disk refused; the link is as it was.
    """
    link = releases / f"{UNFINISHED}{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(releases / CURRENT)
    _bring_to_disk(releases)


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
