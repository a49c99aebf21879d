"""What can go wrong with records."""

from medsynth_kg.errors import MedsynthError


class CurationError(MedsynthError):
    """A file under ``data/curation`` isn't what it should be; the message names the file and the line."""
