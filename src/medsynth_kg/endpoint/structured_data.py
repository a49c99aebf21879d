"""What a page is about as schema.org in JSON-LD, for search engines (https://schema.org/docs/gs.html).

Pages embed it as a data block, which browsers never execute and the content security policy therefore doesn't concern.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from medsynth_kg.endpoint.signposting import LICENCE
from medsynth_kg.endpoint.tables import Cell
from medsynth_kg.release.description import KEYWORDS, MAKERS, SUMMARY, TITLE
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.reading import Release

Document = Mapping[str, Any]

_CONTEXT = "https://schema.org"
_FACTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "ScholarlyArticle": {
        "bibo:doi": ("identifier", "DOI"),
        "msk:venue": ("isPartOf", "CreativeWork"),
        "msk:modality": ("about", "DefinedTerm"),
        "msk:modelFamily": ("about", "DefinedTerm"),
        "msk:architecture": ("about", "DefinedTerm"),
        "msk:application": ("about", "DefinedTerm"),
        "msk:codeRepository": ("mentions", "SoftwareSourceCode"),
    },
    "DefinedTerm": {
        "skos:definition": ("description", ""),
        "skos:altLabel": ("alternateName", ""),
        "skos:inScheme": ("inDefinedTermSet", "DefinedTermSet"),
    },
    "SoftwareSourceCode": {"schema:codeRepository": ("codeRepository", "")},
    "Periodical": {"schema:issn": ("issn", "")},
}
"""What the graph's properties are in schema.org, by the type of the thing: the property, and the type of its values."""


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
        "creator": {"@type": "Organization", "name": MAKERS, "url": base},
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
    iri: str,
    schema_type: str,
    name: str,
    authors: Sequence[Cell],
    values: Mapping[str, Sequence[Cell]],
    base: str,
    code: Mapping[str, str],
) -> Document:
    """An entity of the graph whose IRIs start with ``base``; ``values`` are what it states, by prefixed names.

    ``code`` has the web address of each repository that it names, by the repository's IRI.
    """
    document: dict[str, Any] = {"@context": _CONTEXT, "@type": schema_type, "@id": iri, "url": iri, "name": name}
    if schema_type == "ScholarlyArticle":
        document["headline"] = name
    if authors:
        document["author"] = [_named("Person", author, base) for author in authors]
    if published := min((cell.text for cell in values.get("schema:datePublished", ())), default=""):
        document["datePublished"] = published
    if addresses := [cell.href for cell in values.get("owl:sameAs", ()) if cell.href]:
        document["sameAs"] = addresses
    for property_name, (key, value_type) in _FACTS.get(schema_type, {}).items():
        found = [_value(value_type, cell, base, code) for cell in values.get(property_name, ())]
        if found:
            document[key] = [*document.get(key, ()), *found]
    return document


def _value(value_type: str, cell: Cell, base: str, code: Mapping[str, str]) -> object:
    if value_type == "DOI":
        return {"@type": "PropertyValue", "propertyID": "DOI", "value": cell.text}
    if value_type:
        document = _named(value_type, cell, base)
        address = code.get(document.get("@id", ""))
        return {**document, "codeRepository": address} if address else document
    return cell.href or cell.text


def _named(value_type: str, cell: Cell, base: str) -> Document:
    document = {"@type": value_type, "name": cell.text}
    return document | {"@id": base + cell.href.removeprefix("/")} if cell.href and cell.href[0] == "/" else document
