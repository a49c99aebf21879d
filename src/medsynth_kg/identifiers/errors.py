"""What can go wrong with identifiers."""

from medsynth_kg.errors import MedsynthError


class LocalPartError(MedsynthError):
    """A text is not what follows ``paper/`` in the IRI of any paper; the message shows the text."""
