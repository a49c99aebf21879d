"""What the curators' decisions turn into, and which of them are about nothing."""

from collections.abc import Callable

from medsynth_kg.records.curation import Decisions, Doubt, RepositoryRole
from medsynth_kg.records.decision_checks import check_decisions
from medsynth_kg.records.metadata import Metadata
from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.entries import SurveyEntry

EntryFactory = Callable[..., SurveyEntry]
MetadataFactory = Callable[..., Metadata]
PaperFactory = Callable[..., Paper]

DOI = "10.1000/a"
PREPRINT = "arxiv/2303.04839"


def test_a_doubt_becomes_a_finding_at_the_cell_of_every_row_of_the_paper(
    make_paper: PaperFactory, make_entry: EntryFactory
) -> None:
    paper = make_paper(DOI, entries=(make_entry(DOI, 2, date="2023-10"), make_entry(DOI, 9, date="2023-11")))
    doubt = Doubt(paper=DOI, column="date", reason="It appeared in April.")
    findings = check_decisions([paper], Decisions(doubts=(doubt,)))
    assert [(finding.kind, finding.line, finding.column, finding.value) for finding in findings] == [
        ("row-contradicts-evidence", 2, "date", "2023-10"),
        ("row-contradicts-evidence", 9, "date", "2023-11"),
    ]
    assert {finding.message for finding in findings} == {"It appeared in April."}


def test_a_doubt_may_name_the_paper_by_any_of_its_identifiers(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    doubt = Doubt(paper=DOI, column="date", reason="It appeared in April.")
    paper = make_paper(PREPRINT, make_metadata(PREPRINT, doi=DOI))
    (finding,) = check_decisions([paper], Decisions(doubts=(doubt,)))
    assert finding.paper == PREPRINT


def test_doubts_come_in_the_survey_s_order(make_paper: PaperFactory) -> None:
    papers = [make_paper("10.1000/z"), make_paper(DOI)]
    doubts = tuple(Doubt(paper=paper, column="date", reason="why") for paper in (DOI, "10.1000/z"))
    findings = check_decisions(papers, Decisions(doubts=doubts))
    assert [finding.paper for finding in findings] == ["10.1000/z", DOI]


def test_decisions_about_what_the_survey_does_not_name_are_told(make_paper: PaperFactory) -> None:
    decisions = Decisions(
        doubts=(Doubt(paper=PREPRINT, column="date", reason="why"),),
        same_papers=frozenset({frozenset({PREPRINT, "10.1000/b"}), frozenset({PREPRINT, DOI})}),
        repository_roles={"github.com/a/b": RepositoryRole.AUTHORS},
    )
    findings = check_decisions([make_paper(DOI)], decisions)
    assert [(finding.kind, finding.file, finding.value) for finding in findings] == [
        ("stray-decision", "curation/survey-doubt.csv", PREPRINT),
        ("stray-decision", "curation/same-paper.csv", f"10.1000/b {PREPRINT}"),
        ("stray-decision", "curation/repository-role.csv", "github.com/a/b"),
    ]
