"""GitHub is asked once for each repository, within what it allows; what it says is in the graph with its day."""

import datetime
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from pyoxigraph import Literal, NamedNode
from tests.enrichment.scholarly_server import GITHUB_HEADERS, Reply, ScholarlyServer, repository

from medsynth_kg.cli import main
from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.enrichment.inspecting_repositories import inspect_repositories
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.progress import Silence
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome
from medsynth_kg.enrichment.repository_snapshots import read_repository_snapshots
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.records.repository_state import RepositoryState
from medsynth_kg.settings import Settings

TODAY = datetime.date(2026, 11, 23)
NAMES = ("aidotse/stylegan2-ada-pytorch", "debadityaqu/rddm", "vlbthambawita/deepfake-ecg")
WANTED = dict.fromkeys(NAMES, ("10.3390/s23198328",))
Run = Callable[..., EnrichmentReport]


@pytest.fixture(autouse=True)
def holdings(server: ScholarlyServer) -> None:
    server.repositories |= {name: repository(name) for name in NAMES}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "metadata"


@pytest.fixture
def run(server: ScholarlyServer, directory: Path) -> Run:
    def once(**changes: Any) -> EnrichmentReport:
        fast: dict[str, Any] = {
            "today": TODAY,
            "github_url": server.github_url,
            "first_pause": 0.001,
            "longest_pause": 2,
            "read_timeout": 10,
            "slowness": 0.0001,
        }
        options = LinkingOptions(**(fast | changes))
        return inspect_repositories(WANTED, directory, options, options.new_budget(), Silence())

    return once


def outcomes(report: EnrichmentReport) -> dict[str, Outcome]:
    return {outcome.identifier: outcome.outcome for outcome in report.outcomes}


def test_each_repository_is_asked_for_once_and_kept_with_its_day(
    server: ScholarlyServer, run: Run, directory: Path
) -> None:
    server.repositories[NAMES[1]] = repository("DebadityaQU/RDDM", archived=True, license=None)
    del server.repositories[NAMES[2]]
    report = run()
    assert server.repositories_asked == list(NAMES)
    assert outcomes(report) == dict(zip(NAMES, (Outcome.FOUND, Outcome.FOUND, Outcome.NOT_FOUND), strict=True))
    address = f"{server.github_url}/repos/"
    assert read_repository_snapshots(directory) == (
        RepositoryState(
            repository=f"github.com/{NAMES[0]}",
            retrieved=TODAY,
            address=address + NAMES[0],
            licence="MIT",
            last_push=datetime.date(2024, 2, 29),
            stars=42,
        ),
        RepositoryState(
            repository=f"github.com/{NAMES[1]}",
            retrieved=TODAY,
            address=address + NAMES[1],
            archived=True,
            last_push=datetime.date(2024, 2, 29),
            stars=42,
        ),
        RepositoryState(repository=f"github.com/{NAMES[2]}", retrieved=TODAY, address=address + NAMES[2], gone=True),
    )


def test_a_second_run_asks_nothing_and_an_old_answer_is_asked_for_again(server: ScholarlyServer, run: Run) -> None:
    run()
    assert set(outcomes(run()).values()) == {Outcome.FRESH}
    assert len(server.asked) == 3
    server.repositories[NAMES[0]]["stargazers_count"] = 43
    later = outcomes(run(today=TODAY + datetime.timedelta(days=30)))
    assert later == dict(zip(NAMES, (Outcome.FOUND, Outcome.UNCHANGED, Outcome.UNCHANGED), strict=True))


def test_a_token_is_sent_where_there_is_one_and_stays_out_of_the_files(
    server: ScholarlyServer, run: Run, directory: Path
) -> None:
    run()
    assert "Authorization" not in server.asked[0].headers
    run(github_token=SecretStr("topsecret"), max_age=datetime.timedelta())
    assert server.asked[-1].headers["Authorization"] == "Bearer topsecret"
    files = [path for path in directory.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert not any(b"topsecret" in path.read_bytes() for path in files)


def test_what_github_allows_in_an_hour_is_not_exceeded_and_the_next_run_goes_on(
    server: ScholarlyServer, run: Run
) -> None:
    in_an_hour = str(int(time.time()) + 3600)
    last = {**GITHUB_HEADERS, "x-ratelimit-remaining": "0", "x-ratelimit-reset": in_an_hour}
    server.once[NAMES[0]] = [Reply(200, last, json.dumps(repository(NAMES[0])).encode())]
    report = run()
    assert server.repositories_asked == [NAMES[0]]
    assert report.counts[Outcome.POSTPONED] == 2
    assert "allows no more requests before" in report.lines[0]
    assert not report.failed
    assert run(max_age=datetime.timedelta()).counts[Outcome.FRESH] == 1
    assert server.repositories_asked == list(NAMES)


@pytest.mark.parametrize("status", [403, 429])
def test_a_refusal_for_want_of_allowance_is_no_failure(server: ScholarlyServer, run: Run, status: int) -> None:
    in_an_hour = str(int(time.time()) + 3600)
    spent = {**GITHUB_HEADERS, "x-ratelimit-remaining": "0", "x-ratelimit-reset": in_an_hour}
    server.always[NAMES[0]] = Reply(status, spent, b'{"message": "API rate limit exceeded"}')
    assert run().counts[Outcome.POSTPONED] == 3
    assert len(server.asked) == 1


def test_a_short_wait_is_waited(server: ScholarlyServer, run: Run) -> None:
    soon = {**GITHUB_HEADERS, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}
    server.once[NAMES[0]] = [Reply(200, soon, json.dumps(repository(NAMES[0])).encode())]
    assert run().counts[Outcome.FOUND] == 3
    first, second = server.asked[:2]
    assert second.time - first.time > 0.8


def test_a_refusal_with_a_pause_is_obeyed(server: ScholarlyServer, run: Run) -> None:
    server.once[NAMES[0]] = [Reply(403, {**GITHUB_HEADERS, "Retry-After": "0"}, b"{}")]
    assert run().counts[Outcome.FOUND] == 3


FAULTS = {
    "forbidden": Reply(403, GITHUB_HEADERS, b"{}"),
    "a broken server": Reply(502, {"Content-Type": "text/html"}, b"<html>"),
    "a web page": Reply(200, {"Content-Type": "text/html"}, b"<html>"),
    "no JSON": Reply(200, GITHUB_HEADERS, b"<html>"),
    "another repository": Reply(200, GITHUB_HEADERS, json.dumps(repository("some/other")).encode()),
    "cut": Reply(200, GITHUB_HEADERS, json.dumps(repository(NAMES[1])).encode(), cut_after=9),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_answer_is_one_line_and_one_finding_and_harms_no_other(
    server: ScholarlyServer, run: Run, directory: Path, fault: str
) -> None:
    server.always[NAMES[1]] = FAULTS[fault]
    report = run()
    assert report.failed
    assert [line.startswith(f"github {NAMES[1]}: failed: ") for line in report.lines] == [True]
    assert [finding.kind for finding in report.findings] == ["github-failed"]
    assert len(read_repository_snapshots(directory)) == 2


@pytest.mark.parametrize("changes", [{"license": {"spdx_id": "NOASSERTION"}}, {"license": 3}, {"pushed_at": "never"}])
def test_what_is_misshapen_or_unknown_is_absent(
    server: ScholarlyServer, run: Run, directory: Path, changes: dict[str, Any]
) -> None:
    server.repositories[NAMES[0]] = repository(NAMES[0], **changes)
    run()
    state = read_repository_snapshots(directory)[0]
    assert (state.licence is None) == ("license" in changes)
    assert (state.last_push is None) == ("pushed_at" in changes)


def test_a_broken_snapshot_is_named(run: Run, directory: Path) -> None:
    run()
    path = next((directory / "github").glob("*.json"))
    path.write_bytes(b"{}")
    with pytest.raises(SnapshotError, match=path.name):
        read_repository_snapshots(directory)


def test_the_command_asks_github_and_the_graph_conforms_to_its_shapes(
    server: ScholarlyServer, tmp_path: Path, shipped_settings: Settings
) -> None:
    data = tmp_path / "data"
    shutil.copytree(shipped_settings.data, data, ignore=shutil.ignore_patterns(".*"))
    (data / "metadata" / "github").mkdir()
    for path in (data / "survey").glob("*.csv"):
        if path.stem != "ecg":
            path.unlink()
    arguments = ["link", "--data", str(data), "--target", "github", "--github-url", server.github_url]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    graph = assemble(Settings(data=data))
    assert validate_graph(graph.quads, shipped_settings.ontology) == ()
    iris = Iris()
    said = {(q.subject, q.predicate): q.object for q in graph.quads if q.graph_name == iris.graph("github")}
    known = NamedNode(f"{iris.base}repository/github.com/debadityaqu/rddm")
    assert said[known, DCTERMS.license] == NamedNode("https://spdx.org/licenses/MIT")
    assert said[known, iris.msk.starCount] == Literal(42)
    assert said[known, iris.msk.gone] == Literal(False)
    assert any(finding.kind == "repository-gone" and finding.column == "code" for finding in graph.findings)
