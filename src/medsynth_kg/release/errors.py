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


class BuildRunning(MedsynthError):
    """Another build writes to the same directory of releases."""

    def __init__(self, releases: Path) -> None:
        super().__init__(f"{releases}: another build is running; wait for it to end, then build again")


class ReleaseNotWritten(MedsynthError):
    """The disk refused a release; the current one stays as it was."""

    def __init__(self, releases: Path, reason: str) -> None:
        super().__init__(f"{releases}: the release could not be written ({reason}); the current release is unchanged")
