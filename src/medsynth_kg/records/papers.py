"""Papers with everything that the survey and the bibliographic sources say of them."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.identity import Identity, metadata_identifiers, paper_identity
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.survey.entries import SurveyEntry


class Work(BaseModel):
    """The merged metadata of a paper: each field's value from the most trusted source that has it.

    ``facts`` holds the winning values; ``sources`` names, for each field set in it, the source it was taken
    from; ``metadata`` keeps what each source said.
    """

    model_config = ConfigDict(frozen=True)

    facts: Metadata
    sources: Mapping[str, Source]
    metadata: tuple[Metadata, ...]


class Paper(BaseModel):
    """A paper: the identifier that mints its IRI, all identifiers known, its entries in the survey, its work.

    ``entries`` are in the survey's order, and empty only for a paper of the corpus beyond the survey. ``identifiers``
    starts with ``identifier``.
    """

    model_config = ConfigDict(frozen=True)

    identifier: PaperIdentifier
    identifiers: tuple[PaperIdentifier, ...]
    entries: tuple[SurveyEntry, ...]
    work: Work | None = None


def assemble_papers(
    entries: Sequence[SurveyEntry], metadata: Sequence[Metadata], decisions: Decisions
) -> tuple[Paper, ...]:
    """Join the entries of each paper, in the order in which the survey first names the papers.

    Entries are of one paper where their identifiers meet: in a cell of the survey, in what a source says (a
    preprint whose metadata names the DOI of the published version), or by decision. The first entry's
    identifier mints the paper's IRI. ``work`` stays empty: ``enrichment.merge.describe_papers`` fills it.
    """
    identity = paper_identity(entries, metadata, decisions)
    known = _identifiers_by_local_part(entries, metadata)
    entries_of: dict[int, list[SurveyEntry]] = {}
    for entry in entries:
        entries_of.setdefault(id(identity.group(entry.paper.local_part)), []).append(entry)
    return tuple(_paper(tuple(group), identity, known) for group in entries_of.values())


def _identifiers_by_local_part(
    entries: Sequence[SurveyEntry], metadata: Sequence[Metadata]
) -> dict[str, PaperIdentifier]:
    of_entries = (identifier for entry in entries for identifier in (entry.paper, *entry.other_papers))
    of_metadata = (identifier for record in metadata for identifier in metadata_identifiers(record))
    return {identifier.local_part: identifier for identifier in (*of_entries, *of_metadata)}


def _paper(entries: tuple[SurveyEntry, ...], identity: Identity, known: Mapping[str, PaperIdentifier]) -> Paper:
    first = entries[0].paper
    members = identity.group(first.local_part) - {first.local_part}
    others = (known[member] for member in sorted(members) if member in known)
    return Paper(identifier=first, identifiers=(first, *others), entries=entries)
