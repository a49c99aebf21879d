"""The scripts and styles that npm bundles from ``frontend/``: the SPARQL editor and interactive charts.

They are an addition: where they have not been built, pages do without them. A bundle's file name carries a hash of
its content, so that browsers may keep it for good; ``manifest.json`` maps plain names to those.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from medsynth_kg.endpoint.codings import ContentCoding

BUNDLES = Path(__file__).with_name("static") / "frontend"
"""Where ``make frontend`` writes."""
CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
FOREVER = "public, max-age=31536000, immutable"
"""A year without asking again (RFC 8246): another content has another name."""


class Bundle:
    """A file that a browser loads, as it is and compressed. Safe to use from threads."""

    def __init__(self, path: Path) -> None:
        self.content_type = CONTENT_TYPES[path.suffix]
        self.content = path.read_bytes()

        self.compressed = cache(self._compressed)

    def _compressed(self, coding: ContentCoding) -> bytes:
        return coding.compress(self.content)


class Frontend:
    """The bundles of a folder; none where it does not exist.

    ``addresses`` are the paths of scripts and styles by their plain names, such as ``sparql-editor.js``.
    """

    def __init__(self, folder: Path = BUNDLES) -> None:
        manifest = folder / "manifest.json"
        names: Mapping[str, str] = json.loads(manifest.read_bytes()) if manifest.is_file() else {}
        self.addresses = {name: f"/static/frontend/{file}" for name, file in names.items()}
        self._paths = {path.name: path for path in sorted(folder.glob("*")) if path.suffix in CONTENT_TYPES}
        self._loaded: dict[str, Bundle] = {}

    def bundle(self, name: str) -> Bundle | None:
        """The file of a name, or None; it is read when it is first asked for."""
        if name not in self._loaded and name in self._paths:
            self._loaded[name] = Bundle(self._paths[name])
        return self._loaded.get(name)
