"""What a citation needs of a paper, read from the query ``citation-facts``."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from medsynth_kg.endpoint.links import PATH_CHARACTERS
from medsynth_kg.endpoint.results import Row
from medsynth_kg.identifiers.arxiv import DOI_PREFIX

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
_FIRST_WORDS = {"a", "an", "and", "for", "from", "in", "of", "on", "the", "to", "towards", "using", "with"}


@dataclass(frozen=True, slots=True)
class Author:
    """A person by family and given name, or, where these are not known apart, by a ``literal`` name."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @property
    def inverted(self) -> str:
        """``Family, Given``, or the literal name."""
        return ", ".join(part for part in (self.family, self.given) if part) or self.literal


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper for a list of references; absent facts are empty.

    ``kind`` is the venue's: ``journal``, ``proceedings``, ``workshop``, ``book``, ``preprint-server`` or
    ``dataset``. ``date`` is ISO 8601 of any precision. ``retraction`` says that and by which notices it was taken back.
    """

    iri: str
    title: str = ""
    authors: tuple[Author, ...] = ()
    date: str = ""
    kind: str = ""
    venue: str = ""
    publisher: str = ""
    issns: tuple[str, ...] = ()
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    arxiv_id: str = ""
    address: str = ""
    version: str = ""
    retraction: str = ""

    @property
    def date_parts(self) -> tuple[str, ...]:
        """Year, month and day, as far as they are known."""
        found = _DATE.match(self.date)
        return tuple(part for part in found.groups() if part) if found else ()

    @property
    def url(self) -> str:
        """Where the work can be read: its DOI at doi.org, else its landing page, else its page in the graph."""
        return "https://doi.org/" + quote(self.doi, safe=PATH_CHARACTERS) if self.doi else self.address or self.iri

    @property
    def key(self) -> str:
        """A name for the entry in ASCII: family name, year and first word of the title that carries meaning."""
        author = self.authors[0].family or self.authors[0].literal.rpartition(" ")[2] if self.authors else ""
        words = [_ascii(word) for word in self.title.split()]
        word = next((word for word in words if word and word not in _FIRST_WORDS), "")
        key = "".join((_ascii(author), *self.date_parts[:1], word))
        return key or _ascii(self.iri.rpartition("/paper/")[2]) or "paper"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def distinct_keys(citations: Iterable[Citation]) -> list[tuple[str, Citation]]:
    """The citations with their keys, those that are already taken with ``-2``, ``-3`` and so on."""
    taken: set[str] = set()
    keyed = []
    for citation in citations:
        key, number = citation.key, 2
        while key in taken:
            key, number = f"{citation.key}-{number}", number + 1
        taken.add(key)
        keyed.append((key, citation))
    return keyed


def read_citations(rows: Iterable[Row]) -> Mapping[str, Citation]:
    """The citations of papers by their IRIs."""
    rows_by_paper: dict[str, list[Row]] = {}
    for row in rows:
        rows_by_paper.setdefault(row["paper"].value, []).append(row)
    return {iri: _citation(iri, found) for iri, found in rows_by_paper.items()}


def _citation(iri: str, rows: Sequence[Row]) -> Citation:
    values: dict[str, list[str]] = {}
    for row in rows:
        values.setdefault(row["field"].value, []).append(" ".join(row["value"].value.split()))

    def least(field: str) -> str:
        return min(values.get(field, ()), default="")

    return Citation(
        iri,
        title=least("title"),
        authors=_authors(row for row in rows if row["field"].value == "author"),
        date=least("issued") or least("listed"),
        kind=least("kind"),
        venue=least("venue"),
        publisher=least("publisher"),
        issns=tuple(sorted(set(values.get("issn", ())))),
        volume=least("volume"),
        issue=least("issue"),
        pages=least("pages"),
        doi=_published_doi(values.get("published doi") or values.get("doi") or ()),
        arxiv_id=least("arxiv"),
        address=least("address"),
        retraction=_retraction(values.get("retracted", ())),
    )


def _retraction(notices: Collection[str]) -> str:
    if not notices:
        return ""
    return ": ".join(part for part in ("Retracted or withdrawn", "; ".join(sorted(filter(None, notices)))) if part)


def _published_doi(dois: Iterable[str]) -> str:
    """The DOI to cite: that of a publication before that of a preprint at arXiv."""
    return min(dois, key=lambda doi: (doi.startswith(DOI_PREFIX), doi), default="")


def _authors(rows: Iterable[Row]) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    for row in sorted(rows, key=lambda row: int(row["position"].value)):
        names = {name: " ".join(row[name].value.split()) for name in ("value", "family", "given") if name in row}
        author = Author(names.get("family", ""), names.get("given", ""))
        found.setdefault(row["position"].value, author if author.family else Author(literal=names["value"]))
    return tuple(found.values())
