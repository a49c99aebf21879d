"""Citations as RIS, the tagged format of reference managers (https://en.wikipedia.org/wiki/RIS_(file_format))."""

import re
from collections.abc import Iterable, Iterator

from medsynth_kg.endpoint.citing.citation import Citation

_TYPES = {
    "journal": "JOUR",
    "proceedings": "CPAPER",
    "workshop": "CPAPER",
    "book": "CHAP",
    "preprint-server": "UNPB",
    "dataset": "DATA",
}
_RANGE = re.compile(r"\s*(\w+)\s*[-\u2013]+\s*(\w+)\s*$")


def as_ris(citations: Iterable[Citation]) -> str:
    """A ``.ris`` file; lines end in CR LF, as the format asks."""
    return "".join(f"{tag}  - {value}\r\n" for citation in citations for tag, value in _fields(citation))


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(citation.kind, "GEN")
    fields = [
        ("TI", citation.title),
        *(("AU", author.inverted) for author in citation.authors),
        ("PY", "".join(citation.date_parts[:1])),
        ("DA", "/".join((*citation.date_parts, "", "", "")[:3]) + "/" if citation.date_parts else ""),
        ("T2", citation.venue),
        ("VL", citation.volume),
        ("IS", citation.issue),
        *_pages(citation.pages),
        ("PB", citation.publisher),
        ("ET", citation.version),
        *(("SN", issn) for issn in citation.issns),
        ("DO", citation.doi),
        ("M1", f"arXiv:{citation.arxiv_id}" if citation.arxiv_id else ""),
        ("N1", citation.retraction),
        ("UR", citation.url),
    ]
    yield from ((tag, " ".join(value.split())) for tag, value in fields if value)
    yield "ER", ""


def _pages(pages: str) -> tuple[tuple[str, str], ...]:
    found = _RANGE.match(pages)
    return (("SP", found[1]), ("EP", found[2])) if found else (("SP", pages),)
