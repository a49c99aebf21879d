"""Citations as CSL-JSON (https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from medsynth_kg.endpoint.citing.citation import Author, Citation, distinct_keys

_TYPES = {
    "journal": "article-journal",
    "proceedings": "paper-conference",
    "workshop": "paper-conference",
    "book": "chapter",
    "preprint-server": "article",
    "dataset": "dataset",
}


def as_csl_json(citations: Iterable[Citation]) -> str:
    """A JSON array with an item a citation."""
    items = [_item(key, citation) for key, citation in distinct_keys(citations)]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _item(key: str, citation: Citation) -> Mapping[str, Any]:
    fields: dict[str, Any] = {
        "title": citation.title,
        "author": [_name(author) for author in citation.authors],
        "issued": {"date-parts": [[int(part) for part in citation.date_parts]]} if citation.date_parts else None,
        "container-title": citation.venue,
        "publisher": citation.publisher,
        "volume": citation.volume,
        "issue": citation.issue,
        "page": citation.pages,
        "version": citation.version,
        "ISSN": ", ".join(citation.issns),
        "DOI": citation.doi,
        "number": f"arXiv:{citation.arxiv_id}" if citation.arxiv_id else "",
        "status": "retracted" if citation.retraction else "",
        "note": citation.retraction,
        "URL": citation.url,
    }
    present = {name: value for name, value in fields.items() if value}
    return {"id": key, "type": _TYPES.get(citation.kind, "document")} | present


def _name(author: Author) -> dict[str, str]:
    if not author.family:
        return {"literal": author.literal}
    return {"family": author.family} | ({"given": author.given} if author.given else {})
