"""Failures of the release package."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class NoRelease(MedsynthError):
    """A directory holds no current release."""

    def __init__(self, releases: Path) -> None:
        super().__init__(f"{releases}: there is no release yet; run `medsynth-kg build`")


class DamagedRelease(MedsynthError):
    """A file of a release is missing or is not what the release was published with."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


class BuildRunning(MedsynthError):
    """Another process writes to the same directory of releases."""

    def __init__(self, releases: Path) -> None:
        super().__init__(f"{releases}: another build is running; wait for it to end, then try again")


class ReleaseNotWritten(MedsynthError):
    """The disk refused a release; the current one stays as it was."""

    def __init__(self, releases: Path, reason: str) -> None:
        super().__init__(f"{releases}: the release could not be written ({reason}); the current release is unchanged")


class NotCompressed(MedsynthError):
    """What should be compressed is not."""

    def __init__(self, extension: str, reason: str) -> None:
        super().__init__(f"the content is no .{extension}: {reason}")


class SupplementUnreadable(MedsynthError):
    """A file of statements can't be taken into a release."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: can't be taken into a release ({reason}); make it anew with `medsynth-kg corpus`")


class StatementNotPublishable(MedsynthError):
    """A statement has a form that a release can't hold: a blank node, a quoted triple, or no named graph."""

    def __init__(self, statement: str, reason: str) -> None:
        super().__init__(f"{statement}: {reason}")


class ReleaseNotRemoved(MedsynthError):
    """The disk refused to remove an old release."""

    def __init__(self, releases: Path, reason: str) -> None:
        super().__init__(f"{releases}: an old release could not be removed ({reason})")


class SearchIndexNotWritten(MedsynthError):
    """SQLite could not write the search index of a release; the current release stays as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: the search index could not be written ({reason}); it needs room on the disk, and a Python whose "
            "SQLite has FTS5 (3.34 or newer)"
        )
