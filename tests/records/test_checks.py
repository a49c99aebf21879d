"""What is found when the survey is held beside what the sources know of its papers."""

from collections.abc import Callable
from typing import Any

import pytest

from medsynth_kg.records.checks import check_papers, months_apart
from medsynth_kg.records.curation import Decisions, Doubt
from medsynth_kg.records.metadata import Author, Metadata, Source, Update
from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.findings import Finding, Severity

EntryFactory = Callable[..., SurveyEntry]
MetadataFactory = Callable[..., Metadata]
PaperFactory = Callable[..., Paper]

DOI = "10.1000/a"


def kinds(*papers: Paper) -> list[str]:
    return [finding.kind for finding in check_papers(papers, Decisions())]


def only(*papers: Paper, decisions: Decisions | None = None) -> Finding:
    (finding,) = check_papers(papers, decisions or Decisions())
    return finding


@pytest.mark.parametrize(
    ("one", "other", "months"),
    [
        ("2023-06", "2023-06", 0),
        ("2021-02-28", "2023-06", 28),
        ("2023-06", "2021-02", -28),
        ("2023", "2023-10", 0),
        ("2021", "2023-02", 14),
        ("2023-02", "2021", -14),
        ("2021", "2023", 13),
        ("2023-10-09", "2023", 0),
    ],
)
def test_dates_are_only_as_far_apart_as_they_certainly_are(one: str, other: str, months: int) -> None:
    assert months_apart(one, other) == months


def test_a_paper_that_agrees_with_its_sources_gives_no_findings(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    assert kinds(make_paper(DOI, make_metadata(DOI, title="A", published="2023-10-09"), date="2023-09")) == []


def test_a_paper_whose_title_no_source_gives_is_found_where_the_survey_links_it(make_paper: PaperFactory) -> None:
    finding = only(make_paper(DOI, line=5))
    assert (finding.kind, finding.severity) == ("title-unknown", Severity.NOTICE)
    assert (finding.file, finding.line, finding.column, finding.paper) == ("survey/ecg.csv", 5, "paper", DOI)


@pytest.mark.parametrize(
    ("survey", "facts", "found"),
    [
        ("2023-06", {"published": "2021-02"}, True),
        ("2023-06", {"published": "2021-12"}, False),
        ("2021-06", {"published": "2023-02"}, True),
        ("2022-09", {"published": "2023"}, False),
        ("2022-08", {"first_version": "2020-01", "published": "2025-03-25"}, False),
        ("2023-06", {"first_version": "2020-01", "latest_version": "2020-03"}, True),
    ],
)
def test_a_survey_s_date_far_outside_all_known_dates_is_doubtful(
    make_paper: PaperFactory, make_metadata: MetadataFactory, survey: str, facts: dict[str, Any], found: bool
) -> None:
    paper = make_paper(DOI, make_metadata(DOI, title="A", **facts), date=survey)
    assert kinds(paper) == (["date-contradicts-metadata"] if found else [])


def test_the_date_of_a_row_that_links_arxiv_is_left_to_the_survey_s_own_check(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    metadata = make_metadata("arxiv/2103.00006", title="A", first_version="2021-02-28")
    assert kinds(make_paper("arxiv/2103.00006", metadata, date="2023-06")) == []


def test_a_doi_inferred_for_a_publisher_s_page_is_told(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    pii = "pii/S0022073621001850"
    finding = only(make_paper(pii, make_metadata(pii, title="A", doi="10.1016/j.jelectrocard.2021.08.019")))
    assert finding.kind == "identity-inferred"
    assert "https://doi.org/10.1016/j.jelectrocard.2021.08.019" in finding.advice


def test_a_preprint_that_has_been_published_since_is_told(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    paper = make_paper("arxiv/2303.04839", make_metadata("arxiv/2303.04839", title="A", doi=DOI))
    assert kinds(paper) == ["published-version-exists"]


def test_two_rows_joined_into_one_paper_are_told_at_the_second(
    make_paper: PaperFactory, make_entry: EntryFactory, make_metadata: MetadataFactory
) -> None:
    entries = (make_entry(DOI, 2), make_entry("arxiv/2303.04839", 8), make_entry(DOI, 9))
    metadata = make_metadata("arxiv/2303.04839", title="A", doi=DOI)
    finding = only(make_paper(DOI, metadata, entries=entries))
    assert (finding.kind, finding.line) == ("rows-joined", 8)


@pytest.mark.parametrize(
    "facts", [{"withdrawn": True}, {"updates": (Update(kind="retraction", doi="10.1000/notice"),)}]
)
def test_a_paper_taken_back_is_a_warning(
    make_paper: PaperFactory, make_metadata: MetadataFactory, facts: dict[str, Any]
) -> None:
    finding = only(make_paper(DOI, make_metadata(DOI, title="A", **facts)))
    assert (finding.kind, finding.severity) == ("paper-withdrawn", Severity.WARNING)


def test_a_corrected_paper_is_not_taken_back(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    assert kinds(make_paper(DOI, make_metadata(DOI, title="A", updates=(Update(kind="correction"),)))) == []


def test_an_orcid_beside_two_authors_is_told(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    authors = tuple(Author(name=name, orcid="0000-0002-1825-0097") for name in ("A", "B"))
    assert kinds(make_paper(DOI, make_metadata(DOI, title="A", authors=authors))) == ["orcid-repeated"]


def test_curators_doubts_are_among_the_findings(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    doubt = Doubt(paper=DOI, column="date", reason="It appeared in April.")
    finding = only(make_paper(DOI, make_metadata(DOI, title="A")), decisions=Decisions(doubts=(doubt,)))
    assert finding.message == "It appeared in April."


def test_disagreements_between_sources_are_among_the_findings(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    paper = make_paper(DOI, make_metadata(DOI, title="A"), make_metadata(DOI, Source.CROSSREF, title="B"))
    assert kinds(paper) == ["sources-disagree-on-title"]
