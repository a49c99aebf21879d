"""What can go wrong with bibliographic metadata."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class SnapshotError(MedsynthError):
    """A file under ``data/metadata`` isn't what it should be; the message names the file and the field."""


class FetchError(MedsynthError):
    """A service's answer can't be used, and asking again now wouldn't help; the message says what it answered."""


class ServiceBusyError(FetchError):
    """A service gave no answer, or asked to be left alone for a while.

    ``retry_after`` is the pause in seconds that it asked for, None where it named none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BudgetSpentError(MedsynthError):
    """The run has used up what it was given, or what a service allows for now; the next run goes on from here."""


class EnrichmentRunningError(MedsynthError):
    """Another run writes into the same data directory; the message names its process."""


class MappingsUnreadable(MedsynthError):
    """A SSSOM file under ``data/links`` has not the form in which mappings are read; ``line`` is None for all of it."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = f", line {line}" if line is not None else ""
        super().__init__(f"{path}{place}: {reason}")


class MetadataNotWritten(MedsynthError):
    """The disk refused what a run learnt; what was kept before is whole, and the next run goes on from there."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"{directory}: the answers can't be kept ({reason}); repair that, then run the command again")
