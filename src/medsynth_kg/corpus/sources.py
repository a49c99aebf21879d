"""The publishers of bulk files, and what their records say in common."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from medsynth_kg.enrichment.crossref_work import cited_dois, read_work, work_address
from medsynth_kg.enrichment.json_fields import Fields
from medsynth_kg.enrichment.openalex_work import cited_works, openalex_doi, read_openalex_work, work_iri
from medsynth_kg.enrichment.stated_identifiers import stated_doi
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.settings import CROSSREF_URL


@dataclass(frozen=True, slots=True)
class BulkRecord:
    """One work: ``key`` names it among the references of its source; ``doi`` is None where it has none."""

    source: Source
    key: str
    doi: str | None
    references: frozenset[str]
    title: str
    content: Mapping[str, Any]


def read_crossref(content: Mapping[str, Any]) -> BulkRecord | str:
    """A record of Crossref's public data file, or why it is none; its key is its DOI."""
    work = Fields(content)
    doi = stated_doi(work.text("DOI"))
    if doi is None:
        return "the record has no valid DOI"
    title = work.first_text("title") or ""
    return BulkRecord(Source.CROSSREF, doi, doi, frozenset(cited_dois(work)), title, content)


def read_openalex(content: Mapping[str, Any]) -> BulkRecord | str:
    """A record of OpenAlex's works, or why it is none; its key is OpenAlex's IRI, and not every work has a DOI."""
    work = Fields(content)
    key = work_iri(work)
    if key is None:
        return "the record has no OpenAlex id of a work"
    title = work.text("title") or ""
    return BulkRecord(Source.OPENALEX, key, openalex_doi(work), cited_works(work), title, content)


READERS: Mapping[Source, Callable[[Mapping[str, Any]], BulkRecord | str]] = {
    Source.CROSSREF: read_crossref,
    Source.OPENALEX: read_openalex,
}
"""How the records of each source are read."""


def describe(record: BulkRecord, doi: str, paper: str, date: datetime.date) -> tuple[Metadata, bool]:
    """The record's metadata as of ``date``, and whether fields of it had to be left out because of their shape."""
    work = Fields(record.content)
    if record.source is Source.CROSSREF:
        metadata = read_work(work, doi, work_address(CROSSREF_URL, doi), paper, date)
    else:
        metadata = read_openalex_work(work, doi, record.key, paper, date)
    return metadata, bool(work.problems)
