"""What can go wrong with the survey's files; a problem inside a row is a finding, not an error."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class SurveyFileError(MedsynthError):
    """A file can't be read as what it should be; the message names the file, where possible the line, and the cure."""


class MappingError(MedsynthError):
    """A mapping file is not as docs/mapping.md describes it; the message names file and key."""


class ImportRefusedError(MedsynthError):
    """An import would destroy something, or there is nothing to import; nothing was written."""


class SurveyNotWritten(MedsynthError):
    """The disk refused a table of the survey, or the state of the import; the next import completes this one."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"{directory}: the tables can't be written ({reason}); repair that, then import again")
