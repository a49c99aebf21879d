"""Failures that only the command line can explain, since it knows which option leads out of them."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class ShippedQueryFailed(MedsynthError):
    """A saved query that ships with medsynth-kg has no answer over data that don't; ``reason`` names the query."""

    def __init__(self, reason: str, data: Path) -> None:
        super().__init__(
            f"{reason}. The shipped queries ask about the survey of medical data; where {data} holds another, name a "
            "directory of queries for it with --queries, which may be empty (docs/mapping.md)"
        )


class NoTemporaryDirectory(MedsynthError):
    """The machine has no place for files that are thrown away again."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"no temporary directory can be made to build in ({reason}); name one that can be written in TMPDIR"
        )
