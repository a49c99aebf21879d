"""Runs of ``link``: nothing is lost, nothing asked twice, and an interrupted run goes on where it stopped."""

import datetime
import os
from pathlib import Path

import pytest
from tests.enrichment.linking.conftest import SUBJECTS, Run
from tests.enrichment.linking.graph_server import ARXIV, DOI, SECOND_DOI, GraphServer, Reply

from medsynth_kg.enrichment.errors import EnrichmentRunningError, MappingsUnreadable
from medsynth_kg.enrichment.kept_findings import read_kept_findings
from medsynth_kg.enrichment.linking.linking import link
from medsynth_kg.enrichment.linking.mappings import COLUMNS
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.linking.subjects import LinkSubject
from medsynth_kg.enrichment.linking.target import Question
from medsynth_kg.enrichment.linking.targets import TARGETS
from medsynth_kg.enrichment.politeness import only_run
from medsynth_kg.enrichment.progress import Silence
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.papers import Paper
from medsynth_kg.settings import BASE_IRI

TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


def outcomes(report: EnrichmentReport) -> dict[str, Outcome]:
    return {f"{outcome.source} {outcome.identifier}": outcome.outcome for outcome in report.outcomes}


def files(links: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in links.glob("*.sssom.tsv")}


def test_every_target_is_asked_what_it_can_know_and_in_batches(run: Run, server: GraphServer) -> None:
    report = run()
    papers = {target.name: 1 for target in TARGETS}
    assert server.counts == papers
    assert report.requests == len(server.asked) == len(TARGETS)
    asked = {key for key in outcomes(report) if key.startswith("orkg ")}
    assert asked == {f"orkg doi:{DOI}", f"orkg doi:{SECOND_DOI}"}


def test_the_client_says_who_it_is(run: Run, server: GraphServer) -> None:
    run(contact="maintainer@example.org")
    assert all("mailto:maintainer@example.org" in asked.user_agent for asked in server.asked)


def test_a_second_run_asks_nothing_and_changes_nothing(run: Run, server: GraphServer, links: Path) -> None:
    run()
    before, asked = files(links), len(server.asked)
    assert set(outcomes(run(today=TODAY + DAY)).values()) == {Outcome.FRESH}
    assert (files(links), len(server.asked)) == (before, asked)


def test_what_is_old_is_asked_again_and_keeps_its_date_while_it_stays_true(
    run: Run, server: GraphServer, links: Path
) -> None:
    run()
    before = files(links)
    report = run(today=TODAY + 30 * DAY)
    assert set(outcomes(report).values()) == {Outcome.UNCHANGED, Outcome.NOT_FOUND}
    assert files(links) == before


def test_what_a_target_has_dropped_is_dropped_unless_somebody_reviewed_it(
    run: Run, server: GraphServer, links: Path
) -> None:
    run("wikidata", "orkg")
    reviewed = links / "orkg.sssom.tsv"
    reviewed.write_text(reviewed.read_text().replace("\tfalse\n", "\ttrue\n"))
    for target in ("wikidata", "orkg"):
        server.stores[target].clear()
    report = run("wikidata", "orkg", today=TODAY + 30 * DAY)
    assert set(outcomes(report).values()) == {Outcome.NOT_FOUND}
    assert "Q1" not in (links / "wikidata.sssom.tsv").read_text()
    assert "orkg:R123" in reviewed.read_text()


def test_what_somebody_denied_stays_denied(run: Run, links: Path) -> None:
    run("orkg")
    file = links / "orkg.sssom.tsv"
    denied = file.read_text().replace("schema:sameAs\t\t", "schema:sameAs\tNot\t").replace("\tfalse\n", "\ttrue\n")
    file.write_text(denied)
    run("orkg", today=TODAY + 30 * DAY)
    assert file.read_text() == denied


def test_links_of_a_paper_that_left_the_survey_go_with_it(run: Run, links: Path) -> None:
    run("orkg")
    run("orkg", subjects=SUBJECTS[1:])
    assert "R123" not in (links / "orkg.sssom.tsv").read_text()


def test_a_clone_without_the_notes_goes_by_the_dates_of_the_mappings(
    run: Run, server: GraphServer, links: Path
) -> None:
    run("wikidata")
    (links / ".cache" / "checks.jsonl").unlink()
    assert outcomes(run("wikidata")) == {
        f"wikidata doi:{DOI}": Outcome.FRESH,
        f"wikidata arxiv:{ARXIV}": Outcome.FRESH,
        f"wikidata doi:{SECOND_DOI}": Outcome.NOT_FOUND,
    }


def test_what_failed_is_kept_as_a_finding_of_its_papers_until_it_is_answered(
    run: Run, server: GraphServer, links: Path
) -> None:
    identifiers = [PaperIdentifier(scheme="doi", value=f"10.1000/{name}") for name in "ab"]
    survey = [Paper(identifier=identifier, identifiers=(identifier,), entries=()) for identifier in identifiers]
    code = LinkSubject(
        iri=f"{BASE_IRI}repository/github.com/o/n",
        questions=(Question("repository", "https://github.com/o/n"),),
        papers=("10.1000/a", "10.1000/b"),
    )
    server.always["software-heritage"] = Reply(500, "text/plain", b"")
    report = run("software-heritage", subjects=[code], attempts=1)
    assert [(finding.kind, finding.paper) for finding in report.findings] == [
        ("software-heritage-failed", "10.1000/a"),
        ("software-heritage-failed", "10.1000/b"),
    ]
    assert set(read_kept_findings(links, survey)) == set(report.findings)
    del server.always["software-heritage"]
    assert run("software-heritage", subjects=[code]).findings == ()
    assert read_kept_findings(links, survey) == ()


def many_papers(count: int) -> list[LinkSubject]:
    dois = [f"10.1000/{number:03}" for number in range(count)]
    return [LinkSubject(iri=f"{BASE_IRI}paper/{doi}", questions=(Question("doi", doi),)) for doi in dois]


def test_a_run_out_of_budget_is_continued_without_asking_again(run: Run, server: GraphServer) -> None:
    papers = many_papers(30)
    report = run("opencitations", subjects=papers, request_budget=2)
    assert report.counts[Outcome.POSTPONED] == 10
    report = run("opencitations", subjects=papers)
    assert (report.counts[Outcome.FRESH], report.counts[Outcome.NOT_FOUND]) == (20, 10)
    asked = [doi for one in server.asked for doi in one.path.removeprefix("/metadata/").split("__")]
    assert sorted(asked) == [f"doi:10.1000/{number:03}" for number in range(30)]


class Interruption(Silence):
    """Stops the run, as a person does, after some questions."""

    def __init__(self, after: int) -> None:
        self._left = after

    def advance(self, outcome: Outcome) -> None:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt


def test_a_killed_run_is_continued_without_asking_for_what_it_had(run: Run, server: GraphServer, links: Path) -> None:
    options = LinkingOptions(
        today=TODAY,
        addresses={target.name: server.address(target.name) for target in TARGETS},
        slowness=0.0001,
        max_age=datetime.timedelta(),
    )
    with pytest.raises(KeyboardInterrupt):
        link(SUBJECTS, TARGETS, links, options, options.new_budget(), Interruption(after=4))
    first = server.counts
    report = run(max_age=datetime.timedelta())
    assert first["openalex"] == server.counts["openalex"] == 1
    assert Outcome.FRESH in outcomes(report).values()
    whole = links.parent / "whole"
    run(directory=whole)
    assert files(links) == files(whole)


def test_one_question_that_a_target_can_not_take_does_not_spoil_the_others(
    run: Run, server: GraphServer, links: Path
) -> None:
    error = Reply(400, "text/plain", b"no")
    server.once["wikidata"] = [error, error]
    report = run("wikidata")
    assert report.counts[Outcome.FAILED] == 1
    assert server.counts["wikidata"] == 3
    assert run("wikidata").counts[Outcome.FAILED] == 0
    assert "wikidata:Q1" in (links / "wikidata.sssom.tsv").read_text()
    assert "wikidata:Q2" in (links / "wikidata.sssom.tsv").read_text()


def test_a_busy_target_is_asked_again_within_the_run(run: Run, server: GraphServer) -> None:
    server.once["openalex"] = [Reply(429, "text/plain", b"", "0"), Reply(503, "text/plain", b"")]
    assert not run("openalex").failed
    assert server.counts["openalex"] == 3


def test_a_target_that_is_down_is_left_alone_soon(run: Run, server: GraphServer) -> None:
    server.always["opencitations"] = Reply(503, "text/plain", b"")
    report = run("opencitations", subjects=many_papers(200), attempts=1)
    assert report.counts[Outcome.FAILED] == 200
    assert server.counts["opencitations"] == 10


def test_the_one_question_that_spoils_the_largest_batch_is_singled_out(run: Run, server: GraphServer) -> None:
    server.once["semantic-scholar"] = [Reply(400, "text/plain", b"no")] * 8
    report = run("semantic-scholar", subjects=many_papers(100))
    assert (report.counts[Outcome.FAILED], report.counts[Outcome.NOT_FOUND]) == (1, 99)


def test_two_runs_do_not_write_into_one_directory(run: Run, links: Path) -> None:
    with only_run(links / ".cache" / "lock", os.getpid()), pytest.raises(EnrichmentRunningError):
        run()


TABLE = "\t".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"subject_id\tobject_id\n", "line 1: the column confidence is missing"),
        (TABLE.encode() + b"# who\npaper:caf\xe9\n", "line 3: not UTF-8; save the file as UTF-8"),
        (TABLE.encode() + b'"paper:x\n', "line 2: .*check its quotes"),
        (TABLE.encode() + b"# when\np\t\t\t\t\tsoon\n", "line 3: “soon” is no date"),
    ],
)
def test_a_file_that_a_hand_has_spoilt_is_named_and_left_alone(
    run: Run, links: Path, content: bytes, message: str
) -> None:
    links.mkdir()
    file = links / "orkg.sssom.tsv"
    file.write_bytes(content)
    with pytest.raises(MappingsUnreadable, match=rf"orkg\.sssom\.tsv, {message}"):
        run("orkg")
    assert file.read_bytes() == content


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no address of a service"):
        LinkingOptions(today=TODAY, addresses={"orkg": "orkg.org/sparql"})
