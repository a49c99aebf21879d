"""What OpenAlex says of a work, as its snapshot and its API hold it.

Source: docs.openalex.org, "Work object", "Authorship object" and "Location object".
"""

import datetime
import re
from collections.abc import Iterator

from medsynth_kg.enrichment.json_fields import Fields
from medsynth_kg.enrichment.stated_identifiers import stated_arxiv, stated_doi
from medsynth_kg.identifiers.issn import normalise_issn
from medsynth_kg.identifiers.orcid import normalise_orcid
from medsynth_kg.records.metadata import Author, Metadata, Source, Update, Venue

_WORK = re.compile(r"https://openalex\.org/W[0-9]+")
_PUBMED = re.compile(r"(?:https?://(?:www\.|pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?)?([1-9][0-9]{0,8})/?")
_VENUE_KINDS = {
    "journal": "journal",
    "conference": "proceedings",
    "book series": "book",
    "repository": "preprint-server",
}


def work_iri(work: Fields) -> str | None:
    """The work's own IRI, ``https://openalex.org/W...``."""
    identifier = work.text("id") or ""
    return identifier if _WORK.fullmatch(identifier) else None


def cited_works(work: Fields) -> frozenset[str]:
    """The IRIs of the works that a work cites."""
    return frozenset(iri for iri in work.texts("referenced_works") if _WORK.fullmatch(iri))


def read_openalex_work(work: Fields, doi: str, address: str, paper: str, retrieved: datetime.date) -> Metadata:
    """Read a work; ``work.problems`` then names the fields that were left out because of their shape.

    ``doi`` is the work's own, in lower case, ``address`` its IRI; ``paper`` is the local part of the paper's IRI. What
    it cites has no DOI here: see ``cited_works``.
    """
    preprint = stated_arxiv(doi)
    biblio = work.nested("biblio")
    return Metadata(
        source=Source.OPENALEX,
        paper=paper,
        retrieved=retrieved,
        address=address,
        doi=doi,
        arxiv_id=preprint.identifier if preprint else None,
        pmid=_pmid(work),
        title=work.text("title") or work.text("display_name"),
        authors=tuple(_authors(work)),
        venue=_venue(work),
        volume=biblio.text("volume"),
        issue=biblio.text("issue"),
        pages=_pages(biblio),
        type=work.text("type"),
        published=_published(work),
        citation_count=work.number("cited_by_count"),
        updates=(Update(kind="retraction"),) if work.flag("is_retracted") else (),
    )


def openalex_doi(work: Fields) -> str | None:
    """The work's DOI in lower case."""
    return stated_doi(work.text("doi"))


def _pmid(work: Fields) -> str | None:
    match = _PUBMED.fullmatch(work.nested("ids").text("pmid") or "")
    return match[1] if match else None


def _authors(work: Fields) -> Iterator[Author]:
    for authorship in work.objects("authorships"):
        author = authorship.nested("author")
        name = authorship.text("raw_author_name") or author.text("display_name")
        if name:
            yield Author(
                name=name,
                orcid=normalise_orcid(author.text("orcid") or ""),
                affiliations=authorship.texts("raw_affiliation_strings"),
            )


def _venue(work: Fields) -> Venue | None:
    source = work.nested("primary_location").nested("source")
    title = source.text("display_name")
    if title is None:
        return None
    return Venue(
        title=title,
        kind=_VENUE_KINDS.get(source.text("type") or ""),
        issns=tuple(sorted({issn for text in source.texts("issn") if (issn := normalise_issn(text))})),
        issn_l=normalise_issn(source.text("issn_l") or ""),
        publisher=source.text("host_organization_name"),
    )


def _pages(biblio: Fields) -> str | None:
    first, last = biblio.text("first_page"), biblio.text("last_page")
    return f"{first}-{last}" if first and last and first != last else first


def _published(work: Fields) -> str | None:
    """The date of publication; the year alone where the date is none."""
    try:
        return datetime.date.fromisoformat(work.text("publication_date") or "").isoformat()
    except ValueError:
        year = work.number("publication_year")
        return str(year) if year and 1400 <= year <= 2200 else None
