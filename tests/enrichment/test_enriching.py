import datetime
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.enrichment.scholarly_server import (
    ATOM_HEADERS,
    CROSSREF_HEADERS,
    Reply,
    ScholarlyServer,
    entry,
    envelope,
    error_feed,
    feed,
    gzip_bomb,
    work,
)

from medsynth_kg.enrichment.enriching import SurveyedPaper, enrich, surveyed_papers
from medsynth_kg.enrichment.errors import EnrichmentRunningError
from medsynth_kg.enrichment.kept_findings import read_kept_findings
from medsynth_kg.enrichment.merge import describe_papers
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.politeness import only_run
from medsynth_kg.enrichment.progress import Silence
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome
from medsynth_kg.enrichment.snapshots import read_snapshots, snapshot_path
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.records.papers import Paper, Work, assemble_papers
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.rows import SurveyRow

TODAY = datetime.date(2026, 11, 23)
DOIS = ("10.1007/s13755-023-00241-y", "10.3390/s23198328", "10.1002/(sici)1<1::aid-x>2.0;2-p")
PREPRINTS = ("2308.13568", "2310.03753", "cs/0112017")
Options = Callable[..., EnrichmentOptions]
Run = Callable[..., EnrichmentReport]


def by_doi(doi: str) -> SurveyedPaper:
    identifier = PaperIdentifier(scheme="doi", value=doi)
    return SurveyedPaper(local_part=identifier.local_part, doi=doi)


def by_preprint(arxiv_id: str) -> SurveyedPaper:
    return SurveyedPaper(local_part=f"arxiv/{arxiv_id}", arxiv_id=arxiv_id)


PAPERS = (*map(by_doi, DOIS), *map(by_preprint, PREPRINTS))
IDENTIFIERS = [PaperIdentifier(scheme="doi", value=doi) for doi in (*DOIS, "10.5281/zenodo.1")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(options: Options, data: Path) -> Run:
    def once(papers: Iterable[SurveyedPaper] = PAPERS, **changes: Any) -> EnrichmentReport:
        return enrich(papers, data, options(**changes), Silence())

    return once


@pytest.fixture(autouse=True)
def holdings(server: ScholarlyServer) -> None:
    server.add_works(*DOIS)
    server.add_preprints(*PREPRINTS)


def outcomes(report: EnrichmentReport) -> dict[str, Outcome]:
    return {outcome.identifier: outcome.outcome for outcome in report.outcomes}


def snapshots(data: Path) -> dict[str, bytes]:
    return {str(path.relative_to(data)): path.read_bytes() for path in data.glob("metadata/[!.]*/*.json")}


def test_every_paper_gets_its_snapshot(server: ScholarlyServer, run: Run, data: Path) -> None:
    report = run()
    assert outcomes(report) == dict.fromkeys((*DOIS, *PREPRINTS), Outcome.FOUND)
    assert (report.failed, report.lines, report.findings) == (False, (), ())
    found = read_snapshots(data / "metadata")
    assert {snapshot.paper for snapshot in found} == {paper.local_part for paper in PAPERS}
    assert {snapshot.retrieved for snapshot in found} == {TODAY}


def test_arxiv_is_asked_for_all_papers_at_once(server: ScholarlyServer, run: Run) -> None:
    report = run()
    assert server.preprints_asked == [sorted(PREPRINTS)]
    assert sorted(server.dois_asked) == sorted(DOIS)
    assert report.requests == len(server.asked) == 4


def test_arxiv_is_asked_for_a_hundred_papers_at_most(server: ScholarlyServer, run: Run) -> None:
    many = [f"2301.{number:05}" for number in range(120)]
    server.add_preprints(*many)
    report = run(map(by_preprint, many))
    assert [len(asked) for asked in server.preprints_asked] == [100, 20]
    assert report.counts[Outcome.FOUND] == 120


def test_a_second_run_asks_nothing(server: ScholarlyServer, run: Run, data: Path) -> None:
    run()
    before, asked = snapshots(data), len(server.asked)
    report = run()
    assert set(outcomes(report).values()) == {Outcome.FRESH}
    assert len(server.asked) == asked
    assert snapshots(data) == before


def test_a_clone_without_the_notes_goes_by_the_dates_of_the_snapshots(
    server: ScholarlyServer, run: Run, data: Path
) -> None:
    run()
    (data / "metadata" / ".cache" / "checks.jsonl").unlink()
    assert set(outcomes(run()).values()) == {Outcome.FRESH}


def test_what_is_old_is_asked_again_and_unchanged_files_stay_as_they_are(
    server: ScholarlyServer, run: Run, data: Path
) -> None:
    run()
    before = snapshots(data)
    server.works[DOIS[1]]["is-referenced-by-count"] = 8
    later = TODAY + datetime.timedelta(days=30)
    assert outcomes(run(today=later)) == {
        **dict.fromkeys((*DOIS, *PREPRINTS), Outcome.UNCHANGED),
        DOIS[1]: Outcome.FOUND,
    }
    changed = {name for name, content in snapshots(data).items() if content != before[name]}
    assert changed == {"metadata/crossref/10.3390%2Fs23198328.json"}
    assert set(outcomes(run(today=later + datetime.timedelta(days=29))).values()) == {Outcome.FRESH}


def test_a_snapshot_that_cannot_be_read_is_fetched_anew(run: Run, data: Path) -> None:
    run()
    path = snapshot_path(data / "metadata", Source.CROSSREF, DOIS[1])
    before = path.read_bytes()
    path.write_bytes(b"{")
    assert outcomes(run())[DOIS[1]] is Outcome.FOUND
    assert path.read_bytes() == before


def test_what_a_source_does_not_know_is_reported_and_remembered(server: ScholarlyServer, run: Run) -> None:
    unknown = [by_doi("10.5281/zenodo.1"), by_preprint("2399.00001")]
    report = run([*PAPERS, *unknown])
    assert report.lines == ("crossref 10.5281/zenodo.1: not found", "arxiv 2399.00001: not found")
    assert [(finding.kind, finding.paper) for finding in report.findings] == [
        ("not-in-crossref", "10.5281/zenodo.1"),
        ("not-in-arxiv", "arxiv/2399.00001"),
    ]
    assert not report.failed
    asked = len(server.asked)
    run([*PAPERS, *unknown])
    assert len(server.asked) == asked


def test_what_went_wrong_is_kept_for_the_build_until_it_went_well(
    server: ScholarlyServer, run: Run, data: Path
) -> None:
    server.always[DOIS[1]] = Reply(500)
    papers = [*PAPERS, by_doi("10.5281/zenodo.1")]
    survey = [Paper(identifier=identifier, identifiers=(identifier,), entries=()) for identifier in IDENTIFIERS]
    report = run(papers, attempts=1)
    kept = read_kept_findings(data / "metadata", survey)
    assert {finding.kind for finding in kept} == {"crossref-failed", "not-in-crossref"}
    assert set(kept) == set(report.findings)
    del server.always[DOIS[1]]
    run(papers)
    assert [finding.kind for finding in read_kept_findings(data / "metadata", survey)] == ["not-in-crossref"]
    run(PAPERS)
    assert read_kept_findings(data / "metadata", survey) == ()


def test_the_published_version_that_arxiv_names_is_fetched_too(server: ScholarlyServer, run: Run, data: Path) -> None:
    server.preprints["2308.13568"] = entry("2308.13568", f"<arxiv:doi>{DOIS[1]}</arxiv:doi>")
    run([by_preprint("2308.13568")])
    records = read_snapshots(data / "metadata")
    assert [(record.source, record.paper, record.doi) for record in records] == [
        ("arxiv", "arxiv/2308.13568", DOIS[1]),
        ("crossref", "arxiv/2308.13568", DOIS[1]),
    ]
    asked = len(server.asked)
    run([by_preprint("2308.13568")])
    assert len(server.asked) == asked


def test_the_preprint_that_crossref_names_is_fetched_too(server: ScholarlyServer, run: Run, data: Path) -> None:
    relation = {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2308.13568"}]}
    server.works[DOIS[1]] = work(DOIS[1], relation=relation)
    run([by_doi(DOIS[1])])
    assert [(record.source, record.arxiv_id) for record in read_snapshots(data / "metadata")] == [
        ("arxiv", "2308.13568"),
        ("crossref", None),
    ]


@pytest.mark.parametrize("surveyed", ["10.1101/2023.01.01", DOIS[1]])
def test_both_sides_of_a_pair_that_crossref_names_are_fetched_and_are_one_paper(
    server: ScholarlyServer, run: Run, data: Path, surveyed: str
) -> None:
    preprint = "10.1101/2023.01.01"
    forth = {"is-preprint-of": [{"id-type": "doi", "id": DOIS[1]}]}
    back = {"has-preprint": [{"id-type": "doi", "id": preprint}]}
    server.works[preprint] = work(preprint, type="posted-content", relation=forth)
    server.works[DOIS[1]] = work(DOIS[1], relation=back)
    run([by_doi(surveyed)])
    assert sorted(server.dois_asked) == sorted([preprint, DOIS[1]])
    records = read_snapshots(data / "metadata")
    row = SurveyRow(table="ecg", file="survey/ecg.csv", line=2)
    entry = SurveyEntry(row=row, paper=PaperIdentifier(scheme="doi", value=surveyed))
    (paper,) = describe_papers(assemble_papers([entry], records, Decisions()), records)
    assert {identifier.value for identifier in paper.identifiers} == {preprint, DOIS[1]}
    assert paper.work is not None
    assert (paper.work.facts.doi, paper.work.facts.type) == (DOIS[1], "journal-article")
    assert set(outcomes(run([by_doi(surveyed)])).values()) == {Outcome.FRESH}
    assert len(server.asked) == 2


def test_two_rows_that_are_one_work_ask_for_it_once(server: ScholarlyServer, run: Run, data: Path) -> None:
    server.preprints["2308.13568"] = entry("2308.13568", f"<arxiv:doi>{DOIS[1]}</arxiv:doi>")
    run([by_doi(DOIS[1]), by_preprint("2308.13568")])
    assert server.dois_asked == [DOIS[1]]
    assert len(snapshots(data)) == 3


CROSSREF_FAULTS = {
    "a page that is not there": Reply(404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>"),
    "too busy": Reply(429),
    "busy for a day": Reply(429, {"Retry-After": "86400"}),
    "out of order": Reply(503),
    "a broken server": Reply(500, {"Content-Type": "text/html"}, b"<html>"),
    "a bad request": Reply(400, {"Content-Type": "text/plain"}, b"no"),
    "cut in the body": Reply(200, CROSSREF_HEADERS, envelope(work("10.1/x")), cut_after=20),
    "a web page": Reply(200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>"),
    "a web page called JSON": Reply(200, CROSSREF_HEADERS, b"<html>Maintenance</html>"),
    "not UTF-8": Reply(200, CROSSREF_HEADERS, b'{"message": {"title": ["\xe9\xff"]}}'),
    "a list": Reply(200, CROSSREF_HEADERS, b"[]"),
    "no message": Reply(200, CROSSREF_HEADERS, b'{"status": "ok"}'),
    "another work": Reply(200, CROSSREF_HEADERS, envelope(work("10.1000/another"))),
    "deep nesting": Reply(200, CROSSREF_HEADERS, b"[" * 200_000),
    "100 MB": Reply(200, CROSSREF_HEADERS, b" " * 2**20, repeat=100),
    "a bomb": Reply(200, {**CROSSREF_HEADERS, "Content-Encoding": "gzip"}, gzip_bomb(100_000_000)),
    "a redirect elsewhere": Reply(302, {"Location": "http://127.0.0.2:9/works/x"}),
    "nothing at all": Reply(200, CROSSREF_HEADERS, b"", cut_after=0),
}


@pytest.mark.parametrize("fault", CROSSREF_FAULTS)
def test_a_bad_answer_from_crossref_is_one_line_and_one_finding_and_harms_no_other_paper(
    server: ScholarlyServer, run: Run, data: Path, fault: str
) -> None:
    server.always[DOIS[1]] = CROSSREF_FAULTS[fault]
    report = run(answer_size=4_000_000)
    assert report.failed
    (line,) = report.lines
    assert line.startswith(f"crossref {DOIS[1]}: failed: ")
    assert [(finding.kind, finding.paper) for finding in report.findings] == [("crossref-failed", DOIS[1])]
    assert report.counts[Outcome.FOUND] == 5
    assert len(snapshots(data)) == 5
    del server.always[DOIS[1]]
    asked = len(server.asked)
    assert outcomes(run())[DOIS[1]] is Outcome.FOUND
    assert len(server.asked) == asked + 1


ARXIV_FAULTS = {
    "out of order": Reply(503),
    "a web page": Reply(200, {"Content-Type": "text/html"}, b"<html>Rate exceeded.</html>"),
    "an error that names the paper": Reply(400, ATOM_HEADERS, error_feed("incorrect id format for 2310.03753")),
    "an error that names none": Reply(200, ATOM_HEADERS, error_feed("internal error", "internal")),
    "broken XML": Reply(200, ATOM_HEADERS, b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>"),
    "an XML bomb": Reply(200, ATOM_HEADERS, b'<!DOCTYPE f [<!ENTITY a "aaaa">]><f>&a;</f>'),
    "100 MB": Reply(200, ATOM_HEADERS, b" " * 2**20, repeat=100),
    "cut in the body": Reply(200, ATOM_HEADERS, feed(entry("2310.03753"), 1), cut_after=100),
}


@pytest.mark.parametrize("fault", ARXIV_FAULTS)
def test_a_bad_answer_from_arxiv_is_one_line_and_one_finding_and_harms_no_other_paper(
    server: ScholarlyServer, run: Run, fault: str
) -> None:
    server.always["2310.03753"] = ARXIV_FAULTS[fault]
    report = run(answer_size=4_000_000)
    assert report.failed
    (line,) = report.lines
    assert line.startswith("arxiv 2310.03753: failed: ")
    assert [(finding.kind, finding.paper) for finding in report.findings] == [("arxiv-failed", "arxiv/2310.03753")]
    assert report.counts[Outcome.FOUND] == 5


def test_an_empty_feed_for_several_papers_is_doubted(server: ScholarlyServer, run: Run) -> None:
    server.once["2308.13568"] = [Reply(200, ATOM_HEADERS, feed("", 0))]
    assert run().counts[Outcome.FOUND] == 6


def test_a_failure_leaves_what_was_known_before(server: ScholarlyServer, run: Run, data: Path) -> None:
    run()
    before = snapshots(data)
    server.always |= dict.fromkeys((*DOIS, *PREPRINTS), Reply(500))
    report = run(max_age=datetime.timedelta(), attempts=1)
    assert report.counts[Outcome.FAILED] == 6
    assert snapshots(data) == before


def test_a_record_without_title_or_with_misshapen_fields_is_kept_and_reported(
    server: ScholarlyServer, run: Run
) -> None:
    server.works[DOIS[1]] = work(DOIS[1], title=None, volume={"nr": 3})
    report = run()
    assert not report.failed
    assert [finding.kind for finding in report.findings] == ["metadata-misshapen", "metadata-without-title"]
    assert report.findings[0].value == "message.volume"


def test_a_service_that_is_down_is_not_asked_for_every_paper(server: ScholarlyServer, run: Run) -> None:
    dois = [f"10.1000/{number}" for number in range(30)]
    server.always |= dict.fromkeys(dois, Reply(503))
    report = run([*map(by_doi, dois), by_preprint("2308.13568")], attempts=1)
    assert len(server.dois_asked) == 11
    assert report.counts[Outcome.FAILED] == 30
    assert outcomes(report)["2308.13568"] is Outcome.FOUND


def test_many_troubles_side_by_side_harm_no_other_paper(server: ScholarlyServer, run: Run) -> None:
    bad, good = ([f"10.{prefix}/{number:02}" for number in range(25)] for prefix in (1000, 2000))
    server.always |= dict.fromkeys(bad, Reply(503))
    server.add_works(*good)
    ended = outcomes(run(map(by_doi, (*bad, *good)), attempts=1))
    assert {ended[doi] for doi in good} == {Outcome.FOUND}
    assert sorted(server.dois_asked) == [*bad, *good]


def test_nothing_is_asked_beyond_the_budget_and_the_next_run_goes_on(server: ScholarlyServer, run: Run) -> None:
    report = run(request_budget=2)
    assert report.requests == len(server.asked) == 2
    assert report.counts == {**dict.fromkeys(Outcome, 0), Outcome.FOUND: 2, Outcome.POSTPONED: 4}
    assert not report.failed
    report = run(max_age=datetime.timedelta())
    assert report.counts == {**dict.fromkeys(Outcome, 0), Outcome.FOUND: 4, Outcome.FRESH: 2}
    assert sorted(server.dois_asked) == sorted(DOIS)


def test_no_time_means_no_request(server: ScholarlyServer, run: Run) -> None:
    assert run(time_budget=0).counts[Outcome.POSTPONED] == 6
    assert server.asked == []


def test_requests_to_arxiv_are_an_interval_apart(server: ScholarlyServer, run: Run) -> None:
    server.always["2310.03753"] = ARXIV_FAULTS["a web page"]
    run(arxiv_interval=0.1)
    times = [asked.time for asked in server.asked if "id_list" in asked.parameters]
    assert len(times) > 2
    assert all(later - earlier >= 0.1 for earlier, later in itertools.pairwise(times))


def test_two_runs_at_once_are_refused(run: Run, data: Path) -> None:
    with only_run(data / "metadata" / ".cache" / "lock", 4711), pytest.raises(EnrichmentRunningError):
        run()


def test_the_notes_keep_themselves_out_of_version_control(run: Run, data: Path) -> None:
    run()
    assert (data / "metadata" / ".cache" / ".gitignore").read_text() == "*\n"


SCRIPT = """
import json, pathlib, sys
from medsynth_kg.enrichment.enriching import SurveyedPaper, enrich
from medsynth_kg.enrichment.kept_findings import read_kept_findings
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.progress import Silence
papers, data, options = json.loads(sys.argv[1])
enrich([SurveyedPaper(**paper) for paper in papers], pathlib.Path(data), EnrichmentOptions(**options), Silence())
"""


@pytest.mark.parametrize("answers_before", [1, 7, 15])
def test_a_killed_run_is_continued_without_asking_again_for_what_it_had(
    server: ScholarlyServer, run: Run, options: Options, data: Path, answers_before: int
) -> None:
    papers = [by_doi(f"10.1000/{number:02}") for number in range(20)]
    server.works |= {paper.doi: work(paper.doi) for paper in papers if paper.doi}
    stuck = papers[answers_before].doi or ""
    server.once[stuck] = [Reply(200, CROSSREF_HEADERS, b"{}", delay=30)]
    slow = options(read_timeout=30).model_dump(mode="json", exclude={"max_age"})
    arguments = json.dumps([[paper.model_dump() for paper in papers], str(data), slow])
    with subprocess.Popen([sys.executable, "-c", SCRIPT, arguments], env=dict(os.environ)) as process:
        deadline = time.monotonic() + 60
        while stuck not in server.dois_asked and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert len(snapshots(data)) == answers_before
    report = run(papers, max_age=datetime.timedelta())
    assert report.counts[Outcome.FRESH] == answers_before
    assert report.counts[Outcome.FOUND] == 20 - answers_before
    asked = server.dois_asked
    assert [doi for doi in asked if asked.count(doi) > 1] == [stuck, stuck]
    assert len(read_snapshots(data / "metadata")) == 20


def test_papers_are_asked_for_by_what_the_survey_and_the_metadata_know() -> None:
    facts = Metadata(source=Source.CURATED, paper="pii/S1", retrieved=TODAY, doi="10.1016/j.x", arxiv_id="2308.13568")
    curated = Work(facts=facts, sources={}, metadata=(facts,))
    pii = PaperIdentifier(scheme="pii", value="S1")
    page = PaperIdentifier(scheme="page", value="example.org/x")
    datacite = PaperIdentifier(scheme="doi", value="10.48550/arxiv.2310.03753")
    papers = (
        Paper(identifier=pii, identifiers=(pii,), entries=(), work=curated),
        Paper(identifier=page, identifiers=(page,), entries=()),
        Paper(identifier=datacite, identifiers=(datacite,), entries=()),
    )
    assert surveyed_papers(papers) == (
        SurveyedPaper(local_part="pii/S1", doi="10.1016/j.x", arxiv_id="2308.13568"),
        SurveyedPaper(local_part="10.48550/arxiv.2310.03753", arxiv_id="2310.03753"),
    )
