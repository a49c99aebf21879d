"""What Crossref says of a work, as its public data file and its API hold it.

Source: Crossref REST API (api.crossref.org), message type "work", version 1.0.0.
"""

import datetime
import re
from collections.abc import Iterator
from urllib.parse import quote

from medsynth_kg.enrichment.json_fields import Fields
from medsynth_kg.enrichment.stated_identifiers import arxiv_doi, stated_arxiv, stated_doi
from medsynth_kg.identifiers.issn import normalise_issn
from medsynth_kg.identifiers.orcid import normalise_orcid
from medsynth_kg.records.metadata import Author, Funder, Metadata, Source, Update, Venue

_VENUE_KINDS = {
    "journal-article": "journal",
    "proceedings-article": "proceedings",
    "book-chapter": "book",
    "posted-content": "preprint-server",
}
_PREPRINT_RELATIONS = ("has-preprint",)
_VERSION_RELATIONS = ("is-preprint-of", "is-version-of", "has-version")
_LICENCE_VERSIONS = ("vor", "unspecified", "am")
"""Crossref's content versions, the version of record first; "tdm" licences don't license the article."""

_OPEN_LICENCE = re.compile(r"https?://creativecommons\.org/(licenses/by(-sa)?|publicdomain/zero)/")
"""Licences under which an abstract may be passed on, also in changed form."""

_ADDRESS = re.compile(r"https?://(?:[^\s%<>\"{}|\\^`]|%[0-9A-Fa-f]{2})+")
"""A web address that is a valid IRI as it stands."""

_RETRACTED_TITLE = re.compile(
    r"\W*(?P<kind>retracted|withdrawn|removed)(?:\s+(?:article|chapter|paper))?\s*[:\]]", re.IGNORECASE
)
"""How publishers mark the title of what they took back."""
_KINDS_IN_TITLES = {"retracted": "retraction", "withdrawn": "withdrawal", "removed": "removal"}


def work_address(base: str, doi: str) -> str:
    """The address of a work; a DOI may hold any character, so all but the safe ones are quoted."""
    return f"{base.rstrip('/')}/works/{quote(doi, safe='')}"


def read_work(work: Fields, doi: str, address: str, paper: str, retrieved: datetime.date) -> Metadata:
    """Read a work as the API and the public data file alike hold it; ``work.problems`` then names what was left out.

    ``doi`` is the work's own, in lower case; ``address`` is where Crossref tells of it; ``paper`` is the local part of
    the paper's IRI.
    """
    licence = _licence(work, retrieved)
    return Metadata(
        source=Source.CROSSREF,
        paper=paper,
        retrieved=retrieved,
        address=address,
        doi=doi,
        preprint_dois=tuple(sorted(_related(work, _PREPRINT_RELATIONS))),
        version_dois=tuple(sorted(_related(work, _VERSION_RELATIONS))),
        title=work.first_text("title"),
        subtitle=work.first_text("subtitle"),
        authors=tuple(_authors(work)),
        venue=_venue(work),
        volume=work.text("volume"),
        issue=work.text("issue"),
        pages=work.text("page") or work.text("article-number"),
        type=work.text("type"),
        published=_published(work),
        published_online=_iso(work.date("published-online")),
        published_print=_iso(work.date("published-print")),
        created=_iso(work.date("created")),
        licence=licence,
        funders=tuple(_funders(work)),
        subjects=tuple(sorted(set(work.texts("subject")))),
        references=tuple(sorted(cited_dois(work) - {doi})),
        citation_count=work.number("is-referenced-by-count"),
        updates=tuple(sorted(set(_updates(work)), key=repr)),
        abstract=work.text("abstract") if licence and _OPEN_LICENCE.match(licence) else None,
    )


def _authors(work: Fields) -> Iterator[Author]:
    for item in work.objects("author"):
        family, given, name = item.text("family"), item.text("given"), item.text("name")
        suffix = item.text("suffix")
        if not (family or given or name):
            continue
        yield Author(
            family=f"{family} {suffix}" if family and suffix else family,
            given=given,
            name=None if family else name,
            orcid=normalise_orcid(item.text("ORCID") or ""),
            affiliations=tuple(place for field in item.objects("affiliation") if (place := field.text("name"))),
        )


def _venue(work: Fields) -> Venue | None:
    title = work.first_text("container-title") or _institution(work)
    kind = _VENUE_KINDS.get(work.text("type") or "")
    if title is None:
        return None
    return Venue(
        title=title,
        kind=kind,
        issns=tuple(sorted({issn for text in work.texts("ISSN") if (issn := normalise_issn(text))})),
        publisher=work.text("publisher"),
    )


def _institution(work: Fields) -> str | None:
    """The preprint server, which Crossref names as the institution of posted content."""
    names = (institution.text("name") for institution in work.objects("institution"))
    return next(filter(None, names), None) if work.text("type") == "posted-content" else None


def _published(work: Fields) -> str | None:
    """The earliest of the dates of publication; of two that agree as far as they go, the more precise one."""
    names = ("published-online", "published-print", "published", "posted", "issued")
    dates = [date for name in names if (date := work.date(name))]
    return _iso(min(dates, key=lambda parts: (*parts, 13, 32)[:3])) if dates else None


def _iso(parts: tuple[int, ...] | None) -> str | None:
    if parts is None:
        return None
    return "-".join(f"{part:0{width}d}" for part, width in zip(parts, (4, 2, 2), strict=False))


def _licence(work: Fields, today: datetime.date) -> str | None:
    """The licence that holds today; after an embargo, a publisher's often begins later."""
    addresses: dict[str, str] = {}
    for item in work.objects("license"):
        address, start = item.text("URL"), item.date("start") or ()
        begun = start <= (today.year, today.month, today.day)
        if begun and address and _ADDRESS.fullmatch(address):
            addresses.setdefault(item.text("content-version") or "unspecified", address)
    known = (addresses.get(version) for version in _LICENCE_VERSIONS)
    return next(filter(None, known), None)


def _funders(work: Fields) -> Iterator[Funder]:
    seen: set[Funder] = set()
    for item in work.objects("funder"):
        name = item.text("name")
        if name is None:
            continue
        funder = Funder(name=name, identifier=stated_doi(item.text("DOI")) or _ror(item))
        if funder not in seen:
            seen.add(funder)
            yield funder


def _ror(funder: Fields) -> str | None:
    identifiers = [item.text("id") for item in funder.objects("id")]
    return next((text for text in identifiers if text and text.startswith("https://ror.org/")), None)


def cited_dois(work: Fields) -> set[str]:
    """The DOIs of the works that a work cites, in lower case."""
    return {doi for item in work.objects("reference") if (doi := stated_doi(item.text("DOI")))}


def _related(work: Fields, relations: tuple[str, ...]) -> set[str]:
    """DOIs of related works; an arXiv identifier becomes arXiv's DOI for it."""
    found: set[str] = set()
    related = work.nested("relation")
    for name in relations:
        for item in related.objects(name):
            identifier = item.text("id")
            preprint = stated_arxiv(identifier)
            doi = arxiv_doi(preprint.identifier) if preprint else stated_doi(identifier)
            found.update([doi] if doi else [])
    return found


def _updates(work: Fields) -> Iterator[Update]:
    kinds = set()
    for item in work.objects("updated-by"):
        kind = item.text("type")
        if kind:
            kinds.add(kind)
            yield Update(kind=kind, doi=stated_doi(item.text("DOI")), date=_iso(item.date("updated")))
    marked = _RETRACTED_TITLE.match(work.first_text("title") or "")
    if marked and kinds.isdisjoint(_KINDS_IN_TITLES.values()):
        yield Update(kind=_KINDS_IN_TITLES[marked["kind"].lower()])
