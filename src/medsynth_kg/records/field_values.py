"""Values that a person decided on, put over what the sources say."""

from collections.abc import Iterable

from medsynth_kg.records.curation import Decisions, FieldValue
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.records.papers import Paper, Work


def decide_fields(papers: Iterable[Paper], decisions: Decisions) -> tuple[Paper, ...]:
    """Give each described paper the values that were decided for it under any of its identifiers.

    Such a value goes before every source and counts as curated. What the sources said stays in ``Work.metadata``.
    """
    return tuple(_decided(paper, decisions) for paper in papers)


def _decided(paper: Paper, decisions: Decisions) -> Paper:
    names = {identifier.local_part for identifier in paper.identifiers}
    values = [value for value in decisions.field_values if value.paper in names]
    if not values:
        return paper
    work = paper.work or _empty_work(paper, values)
    fields = {value.field: value.value for value in values}
    facts = work.facts.model_copy(update=fields)
    sources = {**work.sources, **dict.fromkeys(fields, Source.CURATED)}
    return paper.model_copy(
        update={"work": work.model_copy(update={"facts": facts, "sources": dict(sorted(sources.items()))})}
    )


def _empty_work(paper: Paper, values: Iterable[FieldValue]) -> Work:
    date = max(value.date for value in values)
    facts = Metadata(source=Source.CURATED, paper=paper.identifier.local_part, retrieved=date)
    return Work(facts=facts, sources={}, metadata=())
