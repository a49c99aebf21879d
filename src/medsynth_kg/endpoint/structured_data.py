"""What a page is about as schema.org in JSON-LD, for search engines (https://schema.org/docs/gs.html).

Pages embed it as a data block, which browsers never execute and the content security policy therefore doesn't concern.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from medsynth_kg.endpoint.signposting import LICENCE
from medsynth_kg.endpoint.tables import Cell
from medsynth_kg.release.description import KEYWORDS, SUMMARY, TITLE
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.reading import Release

Document = Mapping[str, Any]

_CONTEXT = "https://schema.org"


def describe_dataset(release: Release, files: Sequence[tuple[str, FileEntry, str]]) -> Document:
    """A release as schema.org/Dataset; ``files`` are its dumps: name, size and hash, media type."""
    base, manifest = release.manifest.base_iri, release.manifest
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": f"{base}releases/{release.id}",
        "name": TITLE,
        "description": SUMMARY,
        "url": f"{base}releases/{release.id}/",
        "identifier": release.id,
        "version": release.id,
        "dateModified": manifest.newest_input.isoformat(),
        "license": LICENCE,
        "keywords": list(KEYWORDS),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "medsynth-kg contributors", "url": base},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "contentUrl": f"{base}dumps/{release.id}/{name}",
                "encodingFormat": media_type,
                "contentSize": str(entry.size),
                "sha256": entry.sha256,
            }
            for name, entry, media_type in files
        ],
    }


def describe_thing(
    iri: str, schema_type: str, name: str, *, authors: Sequence[Cell], published: str, addresses: Sequence[str]
) -> Document:
    """An entity of the graph; ``addresses`` are those under which others know it, ``published`` a date or empty."""
    document: dict[str, Any] = {"@context": _CONTEXT, "@type": schema_type, "@id": iri, "url": iri, "name": name}
    if schema_type == "ScholarlyArticle":
        document["headline"] = name
    if authors:
        document["author"] = [{"@type": "Person", "name": author.text} for author in authors]
    if published:
        document["datePublished"] = published
    if addresses:
        document["sameAs"] = list(addresses)
    return document
