"""Factories for the records that these tests speak of; every argument left out is of no interest to the test."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from medsynth_kg.enrichment.merge import describe_papers
from medsynth_kg.identifiers.paper import parse_local_part
from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.records.papers import Paper, assemble_papers
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.rows import SurveyRow

EntryFactory = Callable[..., SurveyEntry]
MetadataFactory = Callable[..., Metadata]
PaperFactory = Callable[..., Paper]


@pytest.fixture
def make_entry() -> EntryFactory:
    def make(paper: str, line: int = 2, table: str = "ecg", others: tuple[str, ...] = (), **more: Any) -> SurveyEntry:
        return SurveyEntry(
            row=SurveyRow(table=table, file=f"survey/{table}.csv", line=line, date=more.get("date") or ""),
            paper=parse_local_part(paper),
            other_papers=tuple(map(parse_local_part, others)),
            **more,
        )

    return make


@pytest.fixture
def make_metadata() -> MetadataFactory:
    def make(paper: str, source: Source = Source.CURATED, **facts: Any) -> Metadata:
        return Metadata(source=source, paper=paper, retrieved=date(2026, 11, 23), **facts)

    return make


@pytest.fixture
def make_paper(make_entry: EntryFactory) -> PaperFactory:
    """One described paper, from one row unless ``entries`` are given."""

    def make(paper: str, *metadata: Metadata, entries: tuple[SurveyEntry, ...] = (), **more: Any) -> Paper:
        assembled = assemble_papers(entries or (make_entry(paper, **more),), metadata, Decisions())
        (described,) = describe_papers(assembled, metadata)
        return described

    return make
