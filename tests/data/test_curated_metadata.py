"""The curated facts and decisions that ship: complete, canonical, and about the survey's papers only."""

from pathlib import Path

import pytest

from medsynth_kg.enrichment.merge import describe_papers
from medsynth_kg.enrichment.snapshots import canonical_json, read_snapshot
from medsynth_kg.records.curation import Decisions, read_decisions
from medsynth_kg.records.decision_checks import check_decisions
from medsynth_kg.records.metadata import PREPRINT_SERVER, Metadata
from medsynth_kg.records.papers import Paper, assemble_papers
from medsynth_kg.records.repositories import collect_repositories
from medsynth_kg.survey.reading import read_survey

DATA = Path(__file__).parents[2] / "data"
FILES = sorted((DATA / "metadata" / "curated").glob("*.json"))

NOTHING_KNOWN = {
    "10.1109/tencon54134.2021.9707291",
    "10.1145/3477314.3507300",
    "10.1155/2022/7028517",
    "10.23919/eusipco54536.2021.9616079",
}
"""Papers of which nothing could be shown beyond the DOI that the survey links."""


@pytest.fixture(scope="module")
def curated() -> tuple[Metadata, ...]:
    return tuple(map(read_snapshot, FILES))


@pytest.fixture(scope="module")
def decisions() -> Decisions:
    return read_decisions(DATA / "curation")


@pytest.fixture(scope="module")
def papers(curated: tuple[Metadata, ...], decisions: Decisions) -> tuple[Paper, ...]:
    return describe_papers(assemble_papers(read_survey(DATA).entries, curated, decisions), curated)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_in_canonical_form(path: Path) -> None:
    canonical = canonical_json(read_snapshot(path))
    assert path.read_text(encoding="utf-8") == canonical, (
        f"{path.name} is not in canonical form; repair it with: python -c 'from pathlib import Path; "
        "from medsynth_kg.enrichment.snapshots import read_snapshot, write_snapshot; "
        f'write_snapshot(Path("data/metadata"), read_snapshot(Path("data/metadata/curated/{path.name}")))\''
    )


def test_the_survey_and_the_curated_files_name_the_same_papers(
    curated: tuple[Metadata, ...], papers: tuple[Paper, ...]
) -> None:
    in_survey = {paper.identifier.local_part for paper in papers}
    assert {metadata.paper for metadata in curated} == in_survey - NOTHING_KNOWN
    assert in_survey >= NOTHING_KNOWN
    assert len(in_survey) == 41


def test_36_papers_have_a_title_and_32_their_authors(papers: tuple[Paper, ...]) -> None:
    works = [paper.work.facts for paper in papers if paper.work]
    assert sum(facts.title is not None for facts in works) == 36
    assert sum(bool(facts.authors) for facts in works) == 32


def test_a_title_is_given_only_with_evidence_of_it(curated: tuple[Metadata, ...]) -> None:
    without = [metadata.paper for metadata in curated if metadata.title and not metadata.evidence]
    assert without == []


def test_a_deposited_manuscript_is_curated_as_a_preprint_and_nothing_more(curated: tuple[Metadata, ...]) -> None:
    preprints = [metadata for metadata in curated if metadata.venue and metadata.venue.kind == PREPRINT_SERVER]
    assert {metadata.venue.title for metadata in preprints if metadata.venue} == {"arXiv"}
    assert all(metadata.arxiv_id and not metadata.doi and not metadata.volume for metadata in preprints)


def test_every_decision_is_about_something_that_the_survey_names(
    papers: tuple[Paper, ...], decisions: Decisions
) -> None:
    assert [finding for finding in check_decisions(papers, decisions) if finding.kind == "stray-decision"] == []
    assert len(collect_repositories(papers, decisions)) == 16
