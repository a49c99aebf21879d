"""What arXiv says of its papers: fetch a feed, and read it.

Source: arXiv API User's Manual (info.arxiv.org/help/api/user-manual.html): ``id_list``, Atom 1.0 (RFC 4287)
with arXiv's extension elements, errors as entries titled "Error".
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.session import Answer, ServiceSession
from medsynth_kg.enrichment.source_answer import SourceAnswer
from medsynth_kg.enrichment.stated_identifiers import stated_arxiv, stated_doi
from medsynth_kg.enrichment.text import plain_text
from medsynth_kg.records.metadata import Author, Metadata, Source, Venue

IDENTIFIERS_AT_ONCE: Final = 100
"""How many identifiers one request may name."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_MEDIA_TYPES = ("application/atom+xml", "application/xml", "text/xml")
_ERROR_ADDRESS = re.compile(r"https?://arxiv\.org/api/errors\b")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})")
_WITHDRAWN_COMMENT = re.compile(r"\bwithdrawn\b(?!\s+from\b(?!\s+(?:the\s+)?arxiv\b))", re.IGNORECASE)
_WITHDRAWN_SUMMARY = re.compile(
    r"this (?:article|manuscript|paper|preprint|submission|work) (?:has been|is|was) withdrawn\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """The papers of a feed by identifier (without version). ``error`` is arXiv's message where it refused."""

    entries: Mapping[str, Element]
    address: str
    error: str | None = None


def fetch_feed(session: ServiceSession, address: str, identifiers: Sequence[str]) -> Feed:
    """Ask arXiv for up to ``IDENTIFIERS_AT_ONCE`` papers at once.

    Raises:
        FetchError: see ``ServiceSession.get`` and ``parse_feed``.
        BudgetSpentError: see ``ServiceSession.get``.
    """
    parameters = {"id_list": ",".join(identifiers), "max_results": str(len(identifiers))}
    return parse_feed(session.get(address, _MEDIA_TYPES[0], parameters))


def parse_feed(answer: Answer) -> Feed:
    """Read a feed; entries without identifier, title or date stand for papers that arXiv doesn't have.

    Raises:
        FetchError: the answer is no Atom feed, or holds a document type declaration.
    """
    refused = answer.status == 400
    body = answer.body if refused else answer.require(*_MEDIA_TYPES)
    root = _parse_xml(body, answer.address)
    if root.tag != f"{_ATOM}feed":
        raise FetchError(f"{answer.address} answered with XML that is no Atom feed")
    entries: dict[str, Element] = {}
    for entry in root.iterfind(f"{_ATOM}entry"):
        if _ERROR_ADDRESS.match(_text(entry, f"{_ATOM}id") or ""):
            return Feed({}, answer.address, _text(entry, f"{_ATOM}summary") or "no reason given")
        stated = stated_arxiv(_text(entry, f"{_ATOM}id"))
        if stated and _text(entry, f"{_ATOM}title") and _text(entry, f"{_ATOM}published"):
            entries[stated.identifier] = entry
    if refused:
        raise FetchError(f"{answer.address} answered with status {answer.status}")
    return Feed(entries, answer.address)


def parse_entry(entry: Element, service: str, paper: str, retrieved: datetime.date) -> SourceAnswer:
    """Read one paper of a feed; ``service`` is the API's address, ``paper`` the local part of its IRI.

    Raises:
        FetchError: the entry names no paper.
    """
    stated = stated_arxiv(_text(entry, f"{_ATOM}id"))
    if stated is None:
        raise FetchError(f"{service} answered with an entry that names no arXiv paper")
    problems: set[str] = set()
    comment = _text(entry, f"{_ARXIV}comment")
    metadata = Metadata(
        source=Source.ARXIV,
        paper=paper,
        retrieved=retrieved,
        address=f"{service}?id_list={stated.identifier}",
        doi=_doi(entry, problems),
        arxiv_id=stated.identifier,
        title=_text(entry, f"{_ATOM}title"),
        authors=_authors(entry),
        venue=Venue(title="arXiv", kind="preprint-server"),
        first_version=_date(entry, "published", problems),
        latest_version=_date(entry, "updated", problems),
        version_count=stated.version,
        subjects=_categories(entry),
        withdrawn=_is_withdrawn(entry, comment),
        comment=comment,
        journal_reference=_text(entry, f"{_ARXIV}journal_ref"),
    )
    return SourceAnswer(metadata, tuple(sorted(problems)))


def _parse_xml(body: bytes, address: str) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FetchError(f"{address} answered with XML that declares a document type or entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FetchError(f"{address} answered with something that is no well-formed XML ({error})") from error
    return root


def _text(entry: Element, path: str) -> str | None:
    element = entry.find(path)
    return None if element is None else plain_text("".join(element.itertext())) or None


def _authors(entry: Element) -> tuple[Author, ...]:
    """The authors by the whole name that arXiv prints; where family names begin, it doesn't say."""
    authors = []
    for element in entry.iterfind(f"{_ATOM}author"):
        name = _text(element, f"{_ATOM}name")
        places = (plain_text("".join(place.itertext())) for place in element.iterfind(f"{_ARXIV}affiliation"))
        if name:
            authors.append(Author(name=name, affiliations=tuple(place for place in places if place)))
    return tuple(authors)


def _categories(entry: Element) -> tuple[str, ...]:
    """The categories, the primary one first."""
    primary = [element.get("term") for element in entry.iterfind(f"{_ARXIV}primary_category")]
    others = sorted(element.get("term", "") for element in entry.iterfind(f"{_ATOM}category"))
    return tuple(dict.fromkeys(plain_text(term) for term in (*primary, *others) if term))


def _date(entry: Element, name: str, problems: set[str]) -> str | None:
    text = _text(entry, f"{_ATOM}{name}")
    if text is None:
        return None
    match = _DATE.fullmatch(text)
    try:
        return datetime.date.fromisoformat(match.group(1) if match else text).isoformat()
    except ValueError:
        problems.add(name)
        return None


def _doi(entry: Element, problems: set[str]) -> str | None:
    """The DOI of the published version; authors type it in, and some name several."""
    text = _text(entry, f"{_ARXIV}doi")
    dois = [doi for word in (text or "").replace(",", " ").split() if (doi := stated_doi(word))]
    published = [doi for doi in dois if stated_arxiv(doi) is None]
    if text and not dois:
        problems.add("doi")
    return published[0] if published else None


def _is_withdrawn(entry: Element, comment: str | None) -> bool:
    summary = _text(entry, f"{_ATOM}summary") or ""
    return bool(_WITHDRAWN_COMMENT.search(comment or "") or _WITHDRAWN_SUMMARY.match(summary))
