"""``medsynth-kg link`` over the shipped survey, and a graph built of what it kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode
from tests.enrichment.linking.graph_server import ARXIV, DOI, SNAPSHOT, GraphServer, Reply
from tests.full_disk import no_larger_files_than

from medsynth_kg.cli import main
from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.enrichment.linking.targets import TARGETS
from medsynth_kg.graph.namespaces import SCHEMA
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.settings import Settings


@pytest.fixture
def data(tmp_path: Path, shipped_settings: Settings) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(shipped_settings.data, copy, ignore=shutil.ignore_patterns(".*"))
    return copy


def link(data: Path, server: GraphServer, *options: str) -> Result:
    addresses = [part for target in TARGETS for part in (f"--{target.name}-url", server.address(target.name))]
    return CliRunner().invoke(main, ["link", "--data", str(data), *addresses, *options])


def test_what_was_found_is_in_a_graph_that_conforms_to_its_shapes(data: Path, server: GraphServer) -> None:
    targets = ("openalex", "wikidata", "semantic-scholar")
    result = link(data, server, *(part for name in targets for part in ("--target", name)))
    assert result.exit_code == 0, result.output
    settings = Settings(data=data)
    graph = assemble(settings)
    assert validate_graph(graph.quads, settings.ontology) == ()
    same = {
        (quad.subject.value.removeprefix(settings.base_iri), quad.object.value)
        for quad in graph.quads
        if quad.predicate == SCHEMA.sameAs
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }
    assert (f"paper/{DOI}", "https://openalex.org/W4387459253") in same
    assert (f"paper/{DOI}", "https://semopenalex.org/work/W4387459253") in same
    assert (f"paper/arxiv/{ARXIV}", "http://www.wikidata.org/entity/Q2") in same


def test_an_archived_repository_is_in_a_graph_that_conforms_to_its_shapes(data: Path, server: GraphServer) -> None:
    (data / "links" / "software-heritage.sssom.tsv").write_text(
        "#curie_map:\n#  repository: https://w3id.org/medsynth-kg/repository/\n#  schema: https://schema.org/\n"
        "#  swh: https://archive.softwareheritage.org/browse/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tsubject_match_field\treviewed\n"
        "repository:github.com/mah533/synthetic-ecg-generation---gan-models-comparison\tschema:archivedAt\t"
        f"swh:swh:1:snp:{SNAPSHOT}\tsemapv:LexicalMatching\tschema:codeRepository\tfalse\n",
        encoding="utf-8",
    )
    settings = Settings(data=data)
    graph = assemble(settings)
    assert validate_graph(graph.quads, settings.ontology) == ()
    assert [quad for quad in graph.quads if quad.predicate == SCHEMA.archivedAt]


def test_a_failed_question_ends_in_a_line_and_exit_code_1(data: Path, server: GraphServer) -> None:
    server.always["datacite"] = Reply(200, "text/html", b"<h1>Sorry</h1>")
    result = link(data, server, "--target", "datacite")
    assert result.exit_code == 1
    assert f"datacite arxiv:{ARXIV}: failed" in result.output
    assert "requests" in result.output.splitlines()[-1]


def test_the_time_and_the_requests_of_a_run_are_for_all_that_it_asks(data: Path, server: GraphServer) -> None:
    both = ("--target", "datacite", "--target", "github", "--github-url", server.address("github"))
    result = link(data, server, *both, "--seconds", "0.5")
    assert "the budget of 0.5 seconds is used up" in result.output
    assert server.counts["github"] == 0
    asked = len(server.asked)
    result = link(data, server, *both, "--requests", "1")
    assert "the budget of 1 requests is used up" in result.output
    assert len(server.asked) == asked + 1
    assert result.output.endswith("; 1 requests\n")


@pytest.mark.parametrize(("target", "directory"), [("openalex", "links"), ("github", "metadata")])
def test_a_directory_that_cannot_be_written_is_one_line(
    data: Path, server: GraphServer, target: str, directory: str
) -> None:
    (data / directory / ".cache").write_text("")
    result = link(data, server, "--target", target)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {data / directory}: the answers can't be kept (File exists: ")
    assert server.asked == []


def test_a_full_disk_is_one_line(data: Path, server: GraphServer) -> None:
    arguments = [sys.executable, "-m", "medsynth_kg", "link", "--data", str(data), "--target", "openalex"]
    arguments += ["--openalex-url", server.address("openalex")]
    with no_larger_files_than(400):
        result = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"Error: {data / 'links'}: the answers can't be kept (" in result.stderr.splitlines()[-1]


def test_a_contact_that_is_no_address_is_wrong_usage(data: Path, server: GraphServer) -> None:
    result = link(data, server, "--contact", "nobody")
    assert result.exit_code == 2
    assert "e-mail" in result.output
