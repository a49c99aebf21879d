"""A source's answer about one paper, read."""

from dataclasses import dataclass

from medsynth_kg.records.metadata import Metadata


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """The metadata, and the names of the fields that had to be left out because their shape is wrong."""

    metadata: Metadata
    problems: tuple[str, ...] = ()
