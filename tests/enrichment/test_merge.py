"""Which source is believed in what, and that merging loses and invents nothing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.enrichment.merge import COLLECTED_FIELDS, PUBLICATION_FIELDS, describe_papers, merge_metadata
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Author, Metadata, Source, Update, Venue
from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.rows import SurveyRow

ARXIV = Venue(title="arXiv", kind="preprint-server")
ACCESS = Venue(title="IEEE Access", kind="journal")


def said(source: Source, paper: str = "arxiv/2303.02475", **facts: Any) -> Metadata:
    return Metadata(source=source, paper=paper, retrieved=facts.pop("retrieved", date(2026, 11, 23)), **facts)


def test_crossref_goes_before_arxiv_and_arxiv_before_curated_facts() -> None:
    work = merge_metadata(
        [
            said(Source.CURATED, title="curated", pmid="1", comment="curated"),
            said(Source.ARXIV, title="arxiv", comment="arxiv"),
            said(Source.CROSSREF, title="crossref"),
        ]
    )
    assert (work.facts.title, work.facts.comment, work.facts.pmid) == ("crossref", "arxiv", "1")
    assert work.sources == {"title": Source.CROSSREF, "comment": Source.ARXIV, "pmid": Source.CURATED}


def test_an_empty_value_never_wins_over_a_known_one() -> None:
    author = Author(name="Edmond Adib")
    work = merge_metadata([said(Source.CROSSREF, title="", authors=()), said(Source.CURATED, authors=(author,))])
    assert work.facts.authors == (author,)
    assert work.sources == {"authors": Source.CURATED}


def test_a_published_version_goes_before_a_preprint_whatever_the_source() -> None:
    arxiv = said(Source.ARXIV, venue=ARXIV, published="2023-03-04", doi="10.1109/access.2023.1")
    curated = said(Source.CURATED, venue=ACCESS, volume="11", pages="75818-75828", published="2023")
    facts = merge_metadata([arxiv, curated]).facts
    assert (facts.venue, facts.volume, facts.published) == (ACCESS, "11", "2023")
    assert facts.doi == "10.1109/access.2023.1"


def test_volume_and_pages_come_only_from_a_source_that_means_the_same_venue() -> None:
    crossref = said(Source.CROSSREF, venue=Venue(title="Sensors", issns=("1424-8220",)), volume="23")
    same = said(Source.CURATED, venue=Venue(title="SENSORS"), pages="8328")
    other = said(Source.CURATED, venue=ACCESS, pages="1-5", issue="2")
    facts = merge_metadata([crossref, same, other]).facts
    assert (facts.volume, facts.pages, facts.issue) == ("23", "8328", None)


def test_a_publication_without_a_venue_still_goes_first_and_takes_the_venue_from_another() -> None:
    crossref = said(Source.CROSSREF, type="journal-article", published="2023-07-24")
    curated = said(Source.CURATED, venue=ACCESS, published="2023")
    work = merge_metadata([curated, crossref])
    assert (work.facts.venue, work.facts.published) == (ACCESS, "2023-07-24")
    assert work.sources["venue"] is Source.CURATED


def test_crossref_s_record_of_the_preprint_goes_last_where_a_published_version_is_known() -> None:
    preprint = said(Source.CROSSREF, type="posted-content", doi="10.1101/x", title="Preprint", pmid="1")
    curated = said(Source.CURATED, venue=ACCESS, doi="10.1016/y", title="Published")
    facts = merge_metadata([preprint, curated]).facts
    assert (facts.doi, facts.title, facts.pmid) == ("10.1016/y", "Published", "1")
    assert merge_metadata([preprint]).facts.doi == "10.1101/x"


def test_names_split_into_family_and_given_are_taken_where_they_are_the_same_people_s() -> None:
    arxiv = said(Source.ARXIV, authors=(Author(name="Amanda Fernandez"), Author(name="Fatemeh Afghah")))
    split = (Author(family="Fernandez", given="Amanda S."), Author(family="Afghah", given="Fatemeh"))
    work = merge_metadata([arxiv, said(Source.CURATED, authors=split)])
    assert (work.facts.authors, work.sources["authors"]) == (split, Source.CURATED)
    assert merge_metadata([arxiv, said(Source.CURATED, authors=split[::-1])]).facts.authors == arxiv.authors
    assert merge_metadata([arxiv, said(Source.CURATED, authors=split[:1])]).facts.authors == arxiv.authors


def test_a_preprint_that_nobody_dates_was_published_with_its_first_version() -> None:
    arxiv = said(Source.ARXIV, venue=ARXIV, first_version="2023-03-04")
    work = merge_metadata([arxiv])
    assert (work.facts.published, work.sources["published"]) == ("2023-03-04", Source.ARXIV)
    assert merge_metadata([arxiv, said(Source.CURATED, venue=ACCESS)]).facts.published is None


def test_a_retraction_that_any_source_knows_is_not_lost() -> None:
    retraction, correction = Update(kind="retraction"), Update(kind="correction")
    work = merge_metadata(
        [said(Source.CROSSREF, updates=(retraction,)), said(Source.CURATED, updates=(correction,), withdrawn=True)]
    )
    assert set(work.facts.updates) == {retraction, correction}
    assert work.facts.withdrawn


def test_nothing_to_merge_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to merge"):
        merge_metadata([])


def test_a_paper_is_described_by_what_is_said_under_any_of_its_identifiers() -> None:
    arxiv = PaperIdentifier(scheme="arxiv", value="2303.04839")
    doi = PaperIdentifier(scheme="doi", value="10.3390/electronics13020395")
    entry = SurveyEntry(row=SurveyRow(table="dermoscopy", file="survey/dermoscopy.csv", line=2), paper=arxiv)
    paper = Paper(identifier=arxiv, identifiers=(arxiv, doi), entries=(entry,))
    metadata = [
        said(Source.CURATED, arxiv.local_part, pmid="1"),
        said(Source.CROSSREF, doi.local_part, title="Rosacea"),
        said(Source.CROSSREF, "10.1000/unrelated", title="Unrelated"),
    ]
    (described,) = describe_papers([paper], metadata)
    assert described.work is not None
    assert (described.work.facts.title, described.work.facts.pmid) == ("Rosacea", "1")
    assert describe_papers([paper], ()) == (paper,)


TEXTS = st.none() | st.sampled_from(["", "a", "b"])
RECORDS = st.lists(
    st.builds(
        Metadata,
        source=st.sampled_from(Source),
        paper=st.sampled_from(["10.1000/a", "arxiv/2303.04839"]),
        retrieved=st.dates(),
        doi=TEXTS,
        title=TEXTS,
        authors=st.lists(st.builds(Author, name=st.sampled_from("ab")), max_size=2).map(tuple),
        venue=st.none() | st.sampled_from([ARXIV, ACCESS, Venue(title="Sensors")]),
        volume=TEXTS,
        published=TEXTS,
        first_version=TEXTS,
        type=st.sampled_from([None, "posted-content", "journal-article"]),
        preprint_dois=st.lists(st.sampled_from(["10.1101/a", "10.1101/b"]), max_size=2).map(tuple),
        withdrawn=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(RECORDS, st.data())
def test_the_order_of_the_records_does_not_matter(records: list[Metadata], data: st.DataObject) -> None:
    assert merge_metadata(data.draw(st.permutations(records))) == merge_metadata(records)


@given(RECORDS)
def test_merging_what_was_merged_changes_nothing(records: list[Metadata]) -> None:
    facts = merge_metadata(records).facts
    assert merge_metadata([facts]).facts == facts
    assert merge_metadata(records + records).facts == facts


@given(RECORDS)
def test_every_value_comes_from_the_source_that_is_named_for_it(records: list[Metadata]) -> None:
    work = merge_metadata(records)
    for field, source in work.sources.items():
        told = [getattr(record, field) for record in records if record.source is source]
        value = getattr(work.facts, field)
        if field == "published":
            told += [record.first_version for record in records if record.source is source]
        if field in COLLECTED_FIELDS:
            assert any(set(some) <= set(value) for some in told if some)
        else:
            assert value in told


@given(RECORDS)
def test_a_fact_that_any_source_knows_is_known_afterwards(records: list[Metadata]) -> None:
    facts = merge_metadata(records).facts
    for field in set(Metadata.model_fields) - set(PUBLICATION_FIELDS):
        assert bool(getattr(facts, field)) == any(getattr(record, field) for record in records)
    for field in COLLECTED_FIELDS:
        assert set(getattr(facts, field)) == {value for record in records for value in getattr(record, field)}
