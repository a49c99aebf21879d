"""The dumps of a release: their names, sizes, hashes and media types.

A compressed dump is a file of type ``application/gzip`` or ``application/zstd`` and no content coding of another: who
asks for it gets it as it is, with the hash that the release states, whatever ``Accept-Encoding`` says.
"""

from pathlib import PurePosixPath

from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.release.distributions import COMPRESSED_TYPES, MEDIA_TYPES
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.reading import Release

DUMPS = "dumps/"
"""Where dumps lie in a release."""
_MEDIA_TYPES = {f".{extension}": known for extension, known in MEDIA_TYPES.items()} | COMPRESSED_TYPES


def media_type(name: str) -> str:
    """The media type of a dump by its name."""
    return _MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def dumps_of(release: Release) -> list[tuple[str, FileEntry]]:
    """All dumps by their names below /dumps/<release>/, sorted; those of one named graph have a ``/``."""
    return [
        (path.removeprefix(DUMPS), entry)
        for path, entry in sorted(release.manifest.files.items())
        if path.startswith(DUMPS)
    ]


def dump_documents(release: Release) -> list[tuple[str, FileEntry, str]]:
    """The dumps of everything, with their media types."""
    return [(name, entry, media_type(name)) for name, entry in dumps_of(release) if "/" not in name]


def dump_alternates(release: Release) -> list[Alternate]:
    """The addresses of the dumps of everything."""
    return [Alternate(known, f"/dumps/{release.id}/{name}", name) for name, _, known in dump_documents(release)]
