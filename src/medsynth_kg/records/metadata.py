"""What one source says of one paper, in the shape that all sources share."""

import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Source(StrEnum):
    """Where a bibliographic fact comes from; also the name of the graph that its statements go into."""

    CURATED = "curated"
    CROSSREF = "crossref"
    ARXIV = "arxiv"
    OPENALEX = "openalex"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


PREPRINT_SERVER = "preprint-server"
"""The kind of a venue that takes manuscripts without review."""

_PREPRINT_TYPES = frozenset({"posted-content", "preprint"})


class Author(_Frozen):
    """An author as the source prints the name; ``name`` only where it is not split (a consortium, say)."""

    family: str | None = None
    given: str | None = None
    name: str | None = None
    orcid: str | None = None
    affiliations: tuple[str, ...] = ()


class Venue(_Frozen):
    """Where a work appeared; ``issns`` in the form 1234-567X, ``issn_l`` the linking one where known."""

    title: str
    kind: str | None = None
    """One of ``journal``, ``proceedings``, ``book``, ``workshop``, ``preprint-server``."""
    issns: tuple[str, ...] = ()
    issn_l: str | None = None
    publisher: str | None = None


class Evidence(_Frozen):
    """A place where a curated fact can be seen."""

    address: str = Field(pattern=r"^https?://\S+$")
    shows: str


class Funder(_Frozen):
    """A funder of the work; ``identifier`` a DOI of the Open Funder Registry or a ROR address."""

    name: str
    identifier: str | None = None


class Update(_Frozen):
    """A notice about the work: ``kind`` such as ``correction`` or ``retraction``, ``doi`` of the notice."""

    kind: str
    doi: str | None = None
    date: str | None = None


class Metadata(_Frozen):
    """Everything that one source says of one paper; an absent fact is None or empty, never invented.

    Dates are ISO 8601 of any precision (2023, 2023-10, 2023-10-09). ``references`` are DOIs in lower case.
    ``paper`` is the local part of the IRI of the paper described (see ``PaperIdentifier.local_part``).
    """

    source: Source
    paper: str
    retrieved: datetime.date
    address: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    openreview_id: str | None = None
    preprint_dois: tuple[str, ...] = ()
    version_dois: tuple[str, ...] = ()
    title: str | None = None
    subtitle: str | None = None
    authors: tuple[Author, ...] = ()
    venue: Venue | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    type: str | None = None
    published: str | None = None
    """The earliest date of publication that the source gives."""
    published_online: str | None = None
    published_print: str | None = None
    created: str | None = None
    first_version: str | None = None
    latest_version: str | None = None
    version_count: int | None = None
    licence: str | None = None
    funders: tuple[Funder, ...] = ()
    subjects: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    citation_count: int | None = None
    updates: tuple[Update, ...] = ()
    withdrawn: bool = False
    comment: str | None = None
    journal_reference: str | None = None
    abstract: str | None = None
    confidence: str | None = None
    evidence: tuple[Evidence, ...] = ()
    notes: str | None = None

    @property
    def is_preprint(self) -> bool:
        """Whether this describes a deposited manuscript rather than a publication."""
        if self.venue is not None:
            return self.venue.kind == PREPRINT_SERVER
        return self.source is Source.ARXIV or self.type in _PREPRINT_TYPES
