"""One golden example a target: what it holds in its own spelling is found, and what it doesn't hold isn't."""

import csv
from pathlib import Path

import pytest
from tests.enrichment.linking.conftest import Run
from tests.enrichment.linking.graph_server import (
    ARXIV,
    DOI,
    PAPER_ID,
    REPOSITORY,
    SECOND_DOI,
    SNAPSHOT,
    GraphServer,
    Reply,
    as_json,
)

from medsynth_kg.enrichment.linking.subjects import LinkSubject
from medsynth_kg.enrichment.linking.target import Question
from medsynth_kg.enrichment.linking.targets import TARGETS
from medsynth_kg.enrichment.report import Outcome
from medsynth_kg.settings import BASE_IRI

GOLDEN = {
    "openalex": {(f"doi:{DOI}", "openalex:W4387459253"), (f"doi:{DOI}", "semopenalex:W4387459253")},
    "wikidata": {(f"doi:{DOI}", "wikidata:Q1"), (f"arxiv:{ARXIV}", "wikidata:Q2")},
    "semantic-scholar": {
        (f"doi:{DOI}", f"semanticscholar:{PAPER_ID}"),
        (f"arxiv:{ARXIV}", f"semanticscholar:{PAPER_ID}"),
    },
    "opencitations": {(f"doi:{DOI}", "omid:br/061202127149")},
    "dblp": {(f"doi:{DOI}", "dblp:journals/sensors/AdaB23"), (f"arxiv:{ARXIV}", "dblp:journals/corr/abs-2310-03753")},
    "orkg": {(f"doi:{DOI}", "orkg:R123")},
    "datacite": {(f"arxiv:{ARXIV}", f"doi:10.48550/arxiv.{ARXIV}")},
    "linked-papers-with-code": {(f"arxiv:{ARXIV}", "lpwcpaper:synthetic-ecg")},
    "software-heritage": {(f"repository:{REPOSITORY}", f"swh:swh:1:snp:{SNAPSHOT}")},
}


def mapped(links: Path, target: str) -> set[tuple[str, str]]:
    file = links / f"{target}.sssom.tsv"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t")
    return {(row["match_string"], row["object_id"]) for row in rows}


@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_what_a_target_holds_is_found_in_its_own_spelling(target: str, run: Run, links: Path) -> None:
    report = run(target)
    assert not report.failed
    assert mapped(links, target) == GOLDEN[target]


@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_what_a_target_does_not_hold_is_not_found_and_not_a_failure(target: str, run: Run, links: Path) -> None:
    unknown = (
        Question("doi", SECOND_DOI),
        Question("arxiv", "2101.00001"),
        Question("repository", "https://x.org/a/b"),
    )
    report = run(target, subjects=[LinkSubject(iri=f"{BASE_IRI}paper/{SECOND_DOI}", questions=unknown)])
    assert {outcome.outcome for outcome in report.outcomes} == {Outcome.NOT_FOUND}
    assert mapped(links, target) == set()


FAULTS = {
    "HTML instead of JSON": Reply(200, "text/html", b"<h1>Sorry</h1>"),
    "JSON of another shape": as_json("[]"),
    "a list of numbers": as_json([1, 2]),
    "an empty object": as_json({}),
    "null where a list belongs": as_json({"results": None, "data": None, "meta": None}),
    "invalid UTF-8": Reply(200, "application/json", b"\xff\xfe{}"),
    "a body that breaks off": Reply(200, "application/json", b'{"results": {"bind'),
    "not allowed": as_json({"message": "Forbidden"}, 403),
    "too many requests": Reply(429, "text/plain", b"slow down", "3600"),
    "out of order": Reply(503, "text/html", b"down"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_a_fault_is_an_outcome_of_its_questions_and_nothing_is_written(
    target: str, fault: str, run: Run, server: GraphServer, links: Path
) -> None:
    server.always[target] = FAULTS[fault]
    report = run(target, attempts=2)
    assert {outcome.outcome for outcome in report.outcomes} == {Outcome.FAILED}
    assert all(outcome.detail for outcome in report.outcomes)
    assert not (links / f"{target}.sssom.tsv").exists()


def test_semantic_scholar_is_believed_by_the_identifiers_that_it_states(
    run: Run, server: GraphServer, links: Path
) -> None:
    another = {"paperId": PAPER_ID, "externalIds": {"DOI": "10.1000/another"}}
    server.always["semantic-scholar"] = as_json([another, another, another])
    assert {outcome.outcome for outcome in run("semantic-scholar").outcomes} == {Outcome.NOT_FOUND}


def test_an_iri_of_an_unknown_form_is_refused(run: Run, server: GraphServer, links: Path) -> None:
    server.stores["wikidata"].update(
        "DELETE WHERE { ?s ?p ?o } ; INSERT DATA { <https://www.wikidata.org/wiki/Q1> "
        f'<http://www.wikidata.org/prop/direct/P356> "{DOI.upper()}" }}'
    )
    report = run("wikidata")
    assert "https://www.wikidata.org/wiki/Q1" in "".join(outcome.detail for outcome in report.outcomes)
    assert mapped(links, "wikidata") == set()


def test_targets_have_names_of_their_own() -> None:
    assert len({target.name for target in TARGETS}) == len(TARGETS)
    assert set(GOLDEN) == {target.name for target in TARGETS}
