"""Which rows of the survey become one paper, and under which IRI."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.metadata import Metadata
from medsynth_kg.records.papers import Paper, assemble_papers
from medsynth_kg.survey.entries import SurveyEntry

EntryFactory = Callable[..., SurveyEntry]
MetadataFactory = Callable[..., Metadata]

PREPRINT = "arxiv/2303.04839"
PUBLISHED = "10.3390/electronics13020395"
BOTH = frozenset({PREPRINT, PUBLISHED})


def local_parts(paper: Paper) -> list[str]:
    return [identifier.local_part for identifier in paper.identifiers]


def test_rows_of_different_papers_stay_apart_in_the_survey_s_order(make_entry: EntryFactory) -> None:
    entries = [make_entry(PUBLISHED), make_entry("10.1000/a", 3), make_entry(PREPRINT, 4)]
    papers = assemble_papers(entries, (), Decisions())
    assert [local_parts(paper) for paper in papers] == [[PUBLISHED], ["10.1000/a"], [PREPRINT]]
    assert all(paper.work is None for paper in papers)


def test_rows_with_the_same_identifier_are_one_paper_with_both_entries(make_entry: EntryFactory) -> None:
    entries = [make_entry(PUBLISHED, 2), make_entry(PUBLISHED, 7, table="eeg")]
    (paper,) = assemble_papers(entries, (), Decisions())
    assert paper.entries == tuple(entries)


def test_identifiers_in_one_cell_are_one_paper(make_entry: EntryFactory) -> None:
    entries = [make_entry(PREPRINT, others=(PUBLISHED,)), make_entry(PUBLISHED, 9)]
    (paper,) = assemble_papers(entries, (), Decisions())
    assert local_parts(paper) == [PREPRINT, PUBLISHED]


def test_a_preprint_joins_the_published_version_that_its_metadata_names(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = [make_entry(PUBLISHED, 2), make_entry(PREPRINT, 3)]
    (paper,) = assemble_papers(entries, [make_metadata(PREPRINT, doi=PUBLISHED)], Decisions())
    assert [entry.row.line for entry in paper.entries] == [2, 3]
    assert local_parts(paper) == [PUBLISHED, PREPRINT]


def test_the_first_row_s_identifier_mints_the_iri_whatever_metadata_adds(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    metadata = [make_metadata(PREPRINT, doi=PUBLISHED, pmid="37662618", preprint_dois=("10.1101/2023.08.23.554148",))]
    (paper,) = assemble_papers([make_entry(PREPRINT)], metadata, Decisions())
    assert paper.identifier.local_part == PREPRINT
    assert local_parts(paper) == [PREPRINT, "10.1101/2023.08.23.554148", PUBLISHED, "pmid/37662618"]


def test_a_publisher_s_page_joins_the_row_with_the_doi_that_was_found_for_it(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = [make_entry("pii/S0022073621001850"), make_entry("10.1016/j.jelectrocard.2021.08.019", 3)]
    metadata = [make_metadata("pii/S0022073621001850", doi="10.1016/j.jelectrocard.2021.08.019")]
    assert len(assemble_papers(entries, metadata, Decisions())) == 1


def test_the_survey_rows_of_a_preprint_server_s_doi_join_through_crossref_s_relation(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = [make_entry("10.1101/2023.08.23.554148"), make_entry("10.1016/j.patter.2024.101047", 3)]
    metadata = [make_metadata("10.1016/j.patter.2024.101047", preprint_dois=("10.1101/2023.08.23.554148",))]
    assert len(assemble_papers(entries, metadata, Decisions())) == 1


def test_a_decision_joins_two_papers_that_nothing_else_joins(make_entry: EntryFactory) -> None:
    entries = [make_entry(PREPRINT, 2), make_entry(PUBLISHED, 3)]
    assert len(assemble_papers(entries, (), Decisions(same_papers=frozenset({BOTH})))) == 1


def test_a_decision_keeps_two_papers_apart_against_the_sources(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = [make_entry(PREPRINT, 2), make_entry(PUBLISHED, 3)]
    metadata = [make_metadata(PREPRINT, doi=PUBLISHED)]
    papers = assemble_papers(entries, metadata, Decisions(different_papers=frozenset({BOTH})))
    assert [local_parts(paper) for paper in papers] == [[PREPRINT], [PUBLISHED]]


def test_a_decision_keeps_two_papers_apart_though_a_third_identifier_would_join_them(
    make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = [make_entry(PREPRINT, 2), make_entry(PUBLISHED, 3)]
    metadata = [make_metadata(PREPRINT, pmid="1"), make_metadata(PUBLISHED, pmid="1")]
    papers = assemble_papers(entries, metadata, Decisions(different_papers=frozenset({BOTH})))
    assert len(papers) == 2


def test_metadata_of_a_paper_that_the_survey_does_not_name_makes_no_paper(make_metadata: MetadataFactory) -> None:
    assert assemble_papers((), [make_metadata(PREPRINT, doi=PUBLISHED)], Decisions()) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), links=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8))
def test_every_entry_lands_in_exactly_one_paper_whatever_order_metadata_comes_in(
    make_entry: EntryFactory, make_metadata: MetadataFactory, data: st.DataObject, links: list[tuple[int, int]]
) -> None:
    entries = [make_entry(f"10.1000/{number}", number + 2) for number in range(8)]
    metadata = [make_metadata(f"10.1000/{one}", doi=f"10.1000/{other}") for one, other in links]
    papers = assemble_papers(entries, metadata, Decisions())
    assert sorted(entry.row.line for paper in papers for entry in paper.entries) == list(range(2, 10))
    assert [paper.entries[0].row.line for paper in papers] == sorted(paper.entries[0].row.line for paper in papers)
    assert assemble_papers(entries, data.draw(st.permutations(metadata)), Decisions()) == papers
