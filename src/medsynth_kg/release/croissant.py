"""The release in Croissant 1.0, JSON-LD for tools of machine learning (http://mlcommons.org/croissant/1.0).

It names the dumps with their checksums, but for those of single graphs, which hold nothing more. It has no record sets:
a graph is not made of records, and saved queries give the tables that somebody may want to learn from.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from medsynth_kg.release.description import CC_BY, KEYWORDS, MAKERS, SUMMARY, TITLE, Edition
from medsynth_kg.release.distributions import COMPRESSED_TYPES, MEDIA_TYPES
from medsynth_kg.release.manifest import FileEntry

CROISSANT = "croissant.json"
MEDIA_TYPE = "application/ld+json"
SPECIFICATION = "http://mlcommons.org/croissant/1.0"
_DUMPS = "dumps/"
_GRAPHS = "dumps/graphs/"
"""Where the files of single graphs lie, whose statements the dumps of everything have too."""
# fmt: off
_OWN_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)
# fmt: on
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _OWN_TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
"""The context that the specification gives (its appendix 1), whole, since readers compare it."""


def describe_in_croissant(edition: Edition, files: Mapping[str, FileEntry]) -> bytes:
    """A release as a ``sc:Dataset``; ``files`` gives each of its files by its path, of which only dumps count."""
    address = f"{edition.base}releases/{edition.id}/"
    day = edition.newest_input
    makers = {"@type": "Organization", "name": MAKERS, "url": edition.base}
    document = {
        "@context": dict(sorted(_CONTEXT.items())),
        "@type": "sc:Dataset",
        "@id": f"{edition.base}releases/{edition.id}",
        "conformsTo": SPECIFICATION,
        "name": TITLE,
        "description": SUMMARY,
        "url": address,
        "license": CC_BY.value,
        "creator": makers,
        "publisher": makers,
        "datePublished": day.isoformat(),
        "dateModified": day.isoformat(),
        "identifier": edition.id,
        # Croissant asks for a semantic version; its build metadata are the id's digits.
        "version": f"{day.year}.{day.month}.{day.day}+{edition.id.rsplit('-', 1)[1]}",
        "isLiveDataset": False,
        "inLanguage": "en",
        "keywords": list(KEYWORDS),
        "citeAs": f"@misc{{medsynth-kg, title = {{{TITLE}}}, author = {{{{{MAKERS}}}}}, "
        f"year = {{{day.year}}}, version = {{{edition.id}}}, url = {{{address}}}}}",
        "distribution": [
            _describe_file(f"{edition.base}{_DUMPS}{edition.id}/", path.removeprefix(_DUMPS), entry)
            for path, entry in sorted(files.items())
            if path.startswith(_DUMPS) and not path.startswith(_GRAPHS)
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def _describe_file(directory: str, name: str, entry: FileEntry) -> dict[str, str]:
    suffix = PurePosixPath(name).suffix
    return {
        "@type": "cr:FileObject",
        "@id": directory + name,
        "name": name,
        "contentUrl": directory + name,
        "contentSize": f"{entry.size} B",
        "encodingFormat": COMPRESSED_TYPES.get(suffix) or MEDIA_TYPES[suffix.removeprefix(".")],
        "sha256": entry.sha256,
    }
