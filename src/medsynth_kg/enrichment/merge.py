"""One description of a paper out of what every source says of it, with the source of each field.

Precedence: Crossref (what the publisher registered) before arXiv (what the authors deposited) before OpenAlex
(what an index gathered) before curated facts (what somebody read elsewhere). Some fields need more than that:

- Where and when a work appeared (``PUBLICATION_FIELDS``) belongs together. A published version goes before a
  preprint whatever the source, and a gap is filled only by a source that speaks of the same venue.
- Identifiers of other versions, and notices such as retractions, are collected from all sources.
- A work is withdrawn as soon as one source says so.
- Authors come from a source that tells family names from given names, where it names the same people as the most
  trusted one does. A preprint that no source dates was published with its first version.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from medsynth_kg.enrichment.snapshots import canonical_json
from medsynth_kg.records.metadata import Author, Metadata, Source
from medsynth_kg.records.names import names_agree, normalised_text
from medsynth_kg.records.papers import Paper, Work

PRECEDENCE = (Source.CROSSREF, Source.ARXIV, Source.OPENALEX, Source.CURATED)
"""Sources, the most trusted first."""

PUBLICATION_FIELDS = ("venue", "volume", "issue", "pages", "type", "published", "published_online", "published_print")
"""Fields that say where and when a work appeared, taken from sources that mean the same publication."""

COLLECTED_FIELDS = ("preprint_dois", "version_dois", "updates")
"""Fields whose values from all sources are united, sorted."""

_DESCRIBING_FIELDS = frozenset({"source", "paper", "retrieved"})
_SINGLE_FIELDS = tuple(
    name
    for name in Metadata.model_fields
    if name not in _DESCRIBING_FIELDS and name not in PUBLICATION_FIELDS and name not in COLLECTED_FIELDS
)


def merge_metadata(records: Iterable[Metadata]) -> Work:
    """Merge what the sources say of one paper; the order of ``records`` doesn't matter.

    The result's ``facts`` carry ``source`` and ``paper`` of the record with the highest precedence, and the
    latest ``retrieved`` of all.

    Raises:
        ValueError: ``records`` is empty.
    """
    ranked = ranked_records(records)
    if not ranked:
        raise ValueError("nothing to merge: no source says anything of this paper")
    publication = _same_publication(ranked)
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for name in (*_SINGLE_FIELDS, *PUBLICATION_FIELDS, *COLLECTED_FIELDS):
        candidates = publication if name in PUBLICATION_FIELDS else ranked
        if tellers := [record for record in candidates if getattr(record, name)]:
            values[name], teller = _value(name, tellers)
            sources[name] = teller.source
    first = ranked[0]
    retrieved = max(record.retrieved for record in ranked)
    facts = Metadata(source=first.source, paper=first.paper, retrieved=retrieved, **values)
    if facts.is_preprint and facts.published is None and facts.first_version:
        facts = facts.model_copy(update={"published": facts.first_version})
        sources["published"] = sources["first_version"]
    return Work(facts=facts, sources=dict(sorted(sources.items())), metadata=ranked)


def ranked_records(records: Iterable[Metadata]) -> tuple[Metadata, ...]:
    """The records without repetitions, the most trusted first.

    Crossref's record of a deposited manuscript goes last where any source knows a published version.
    """
    distinct = set(records)
    published = not all(record.is_preprint for record in distinct)

    def rank(record: Metadata) -> tuple[bool, int, str, str]:
        superseded = published and record.source is Source.CROSSREF and record.is_preprint
        return (superseded, PRECEDENCE.index(record.source), record.paper, canonical_json(record))

    return tuple(sorted(distinct, key=rank))


def _same_publication(ranked: Sequence[Metadata]) -> list[Metadata]:
    """The records that mean one publication: that of the first with a venue, published before preprint."""
    leader = min(ranked, key=lambda record: (record.is_preprint, record.venue is None))
    return [record for record in ranked if _agree(leader, record)]


def _agree(leader: Metadata, other: Metadata) -> bool:
    if leader.is_preprint != other.is_preprint:
        return False
    if leader.venue is None or other.venue is None:
        return True
    same_title = normalised_text(leader.venue.title) == normalised_text(other.venue.title)
    return same_title or not set(leader.venue.issns).isdisjoint(other.venue.issns)


def _value(name: str, tellers: Sequence[Metadata]) -> tuple[Any, Metadata]:
    """A field's value, and the most trusted record that it comes from; ``tellers`` all have one."""
    if name in COLLECTED_FIELDS:
        found = {value for record in tellers for value in getattr(record, name)}
        return tuple(sorted(found, key=repr)), tellers[0]
    teller = _best_teller_of_authors(tellers) if name == "authors" else tellers[0]
    return getattr(teller, name), teller


def _best_teller_of_authors(tellers: Sequence[Metadata]) -> Metadata:
    trusted = tellers[0]
    if any(author.family for author in trusted.authors):
        return trusted
    same_people = (record for record in tellers if _same_people(record.authors, trusted.authors))
    return next((record for record in same_people if all(author.family for author in record.authors)), trusted)


def _same_people(authors: Sequence[Author], others: Sequence[Author]) -> bool:
    return len(authors) == len(others) and all(map(names_agree, authors, others))


def describe_papers(papers: Iterable[Paper], metadata: Iterable[Metadata]) -> tuple[Paper, ...]:
    """Give each paper the work merged from all that the sources say under any of its identifiers."""
    records_of: dict[str, list[Metadata]] = {}
    for record in metadata:
        records_of.setdefault(record.paper, []).append(record)
    return tuple(_described(paper, records_of) for paper in papers)


def _described(paper: Paper, records_of: Mapping[str, Sequence[Metadata]]) -> Paper:
    local_parts = {identifier.local_part for identifier in paper.identifiers}
    records = [record for local_part in local_parts for record in records_of.get(local_part, ())]
    return paper.model_copy(update={"work": merge_metadata(records)}) if records else paper
