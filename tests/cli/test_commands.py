"""The command line as a user meets it: exit codes, one-line errors, and what each command prints."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner, Result
from tests.corpus.example_corpus import DATE, write_corpus
from tests.full_disk import no_larger_files_than
from tests.loopback import serving_requests
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.cli import main, querying
from medsynth_kg.cli.options import DEFAULTS
from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release

REPOSITORY = Path(__file__).parents[2]
README = """
# A survey
### Electrocardiogram (ECG)
| Type | Application | Architecture | Paper Link | Code Link | Evaluation | Date |
|---|---|---|---|---|---|---|
| GAN | Unconditonal | TS-GAN | [Paper](https://doi.org/10.1145/3583593) | [Code](yES) | U, F | 2023-04 |
| GAN | Unconditional | TS-GAN | [Paper](https://example.com) | | F | 2023 |
"""

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(REPOSITORY)
    runner = CliRunner()
    return lambda *arguments, stdin=None: runner.invoke(main, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(README, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["import", "validate", "build", "serve", "query", "enrich", "verify"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_the_list_of_commands_has_a_whole_sentence_on_one_line_for_each(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = run("--help").output.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == main.list_commands(Context(main))
    assert [line for line in listed if line.endswith("...") or not line.endswith(".")] == []


def test_import_prints_what_it_took_and_what_it_could_not(run: Run, readme: Path, tmp_path: Path) -> None:
    result = run("import", readme, "--data", tmp_path)
    assert result.exit_code == 0
    assert "1 entries, 2 added" in result.output
    assert "yES" in result.output
    assert "README.md:7" in result.output


def test_a_second_import_changes_nothing(run: Run, readme: Path, tmp_path: Path) -> None:
    run("import", readme, "--data", tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "survey").iterdir()}
    result = run("import", readme, "--data", tmp_path)
    assert "no row changed" in result.output
    assert {path: path.read_bytes() for path in (tmp_path / "survey").iterdir()} == before


def test_a_dry_run_writes_nothing(run: Run, readme: Path, tmp_path: Path) -> None:
    result = run("import", readme, "--data", tmp_path, "--dry-run")
    assert "would be written" in result.output
    assert not (tmp_path / "survey").exists()


def test_an_import_that_cannot_be_written_is_one_line(run: Run, readme: Path, tmp_path: Path) -> None:
    (tmp_path / "survey").write_text("")
    result = run("import", readme, "--data", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {tmp_path / 'survey'}: the tables can't be written (File exists: ")


def test_an_import_onto_a_full_disk_is_one_line_and_the_next_completes_it(
    run: Run, readme: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "medsynth_kg", "import", str(readme), "--data", str(tmp_path)]
    with no_larger_files_than(500):
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {tmp_path / 'survey'}: the tables can't be written (File too large)")
    assert run("import", readme, "--data", tmp_path).exit_code == 0
    assert (tmp_path / "survey" / "last-import.json").is_file()


def test_imported_tables_build_into_a_release_whose_folder_is_the_last_line(
    run: Run, readme: Path, tmp_path: Path
) -> None:
    run("import", readme, "--data", tmp_path)
    empty = tmp_path / "queries"
    empty.mkdir()
    result = run("build", "--data", tmp_path, "--releases", tmp_path / "releases", "--queries", empty)
    assert result.exit_code == 0, result.output
    folder = Path(result.output.splitlines()[-1])
    assert json.loads((folder / "manifest.json").read_bytes())["counts"]["quads"] > 0


def test_a_build_that_makes_nothing_new_says_so(run: Run, readme: Path, tmp_path: Path) -> None:
    run("import", readme, "--data", tmp_path)
    empty = tmp_path / "queries"
    empty.mkdir()
    first, second = (
        run("build", "--data", tmp_path, "--releases", tmp_path / "releases", "--queries", empty) for _ in range(2)
    )
    *printed, told, folder = second.output.splitlines()
    assert [*printed, folder] == first.output.splitlines()
    assert told == f"nothing new: release {Path(folder).name} has the same content already; it is the current one"


def test_a_build_takes_a_corpus_in(run: Run, readme: Path, tmp_path: Path) -> None:
    data, corpus, empty = tmp_path / "data", tmp_path / "corpus", tmp_path / "queries"
    run("import", readme, "--data", data)
    for directory in (corpus, empty):
        directory.mkdir()
    places = ("--data", data, "--releases", tmp_path / "releases", "--queries", empty, "--corpus", corpus)
    failed = run("build", *places)
    assert failed.exit_code == 1
    assert "no finished corpus" in failed.stderr
    write_corpus(corpus)
    built = run("build", *places)
    assert built.exit_code == 0, built.stderr
    assert "1 quads in graph/corpus besides" in built.stdout
    assert Path(built.stdout.splitlines()[-1]).name.startswith(DATE.isoformat())


def test_validate_passes_on_the_shipped_data_and_lists_its_findings(run: Run) -> None:
    result = run("validate")
    assert result.exit_code == 0
    assert "survey/ecg.csv:20, code “[Code](yES)”" in result.output


def test_validate_fails_where_a_row_has_to_be_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "ecg.csv").write_text("type,paper,evaluation\nGAN,somewhere,F\n", encoding="utf-8")
    result = run("validate", "--data", tmp_path)
    assert result.exit_code == 1
    assert "survey/ecg.csv:2" in result.output


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELCT * { ?s ?p ?o }", "SELCT"),
        ("SELECT * { ?s a }", "line 1"),
        ("SELECT * { <x:x> ?p ?o }", "comes back empty"),
    ],
)
def test_validate_refuses_a_saved_query_that_a_build_refuses_in_the_same_words(
    run: Run, tmp_path: Path, query: str, reason: str
) -> None:
    header = "#+ title: Is it there?\n#+ description: Whether it is there.\n"
    (tmp_path / "is-it-there.rq").write_text(header + query, encoding="utf-8")
    validated = run("validate", "--queries", tmp_path)
    built = run("build", "--queries", tmp_path, "--releases", tmp_path / "releases")
    assert (validated.exit_code, built.exit_code) == (1, 1)
    assert "is-it-there.rq" in validated.stderr
    assert reason in validated.stderr
    assert validated.stderr == built.stderr


def test_validate_refuses_a_statement_that_no_release_can_hold(run: Run, tmp_path: Path) -> None:
    shutil.copytree(DEFAULTS.ontology, tmp_path / "ontology")
    with (tmp_path / "ontology" / "medsynth.ttl").open("a", encoding="utf-8") as file:
        file.write("[ ] rdfs:seeAlso msk:Paper .\n")
    result = run("validate", "--ontology", tmp_path / "ontology")
    assert result.exit_code == 1
    assert "blank nodes and quoted triples have no stable name" in result.stderr


def test_validate_without_a_temporary_directory_says_which_setting_names_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    result = run("validate")
    assert result.exit_code == 1
    assert "name one that can be written in TMPDIR" in result.stderr


def test_a_shipped_query_that_fails_over_another_survey_says_how_to_do_without(
    run: Run, readme: Path, tmp_path: Path
) -> None:
    run("import", readme, "--data", tmp_path / "data")
    result = run("build", "--data", tmp_path / "data", "--releases", tmp_path / "releases")
    assert result.exit_code == 1
    assert "comes back empty" in result.stderr
    assert "name a directory of queries for it with --queries" in result.stderr


def test_a_missing_data_directory_is_one_line_on_standard_error(run: Run, tmp_path: Path) -> None:
    result = run("build", "--data", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.output


def test_wrong_usage_exits_with_two(run: Run) -> None:
    assert run("query").exit_code == 2
    assert run("build", "--colour").exit_code == 2


def test_a_saved_query_prints_a_table(run: Run, shipped_release: Release) -> None:
    result = run("query", "papers-by-modality", "--releases", shipped_release.path.parent)
    assert result.exit_code == 0
    assert "Dermoscopy" in result.output
    assert "3 rows" in result.output


def folded_cells(table: str) -> list[str]:
    """Each column of a printed table as one text, without the spaces and line breaks that folding brings."""
    rows = [re.split("[│┃]", line) for line in table.splitlines() if line[0] in "│┃"]
    return ["".join("".join(cells).split()) for cells in zip(*rows, strict=True)][1:-1]


def test_a_table_on_a_narrow_terminal_keeps_every_value_whole(
    run: Run, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = ("query", "papers-checked-for-privacy", "--releases", shipped_release.path.parent)
    rows = list(csv.reader(run(*saved, "--format", "csv").stdout.splitlines()))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    table = re.sub("\x1b\\[[0-9;]*m", "", run(*saved).stdout)
    assert max(map(len, table.splitlines())) <= 80
    papers = (row[0].removeprefix(shipped_release.manifest.base_iri) for row in rows[1:])
    assert folded_cells(table)[0] == "paper" + "".join(f"<{paper}>" for paper in papers)


def test_a_table_of_many_columns_keeps_every_value_too(
    run: Run, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    values = " ".join(f'("value {number} 生成" AS ?variable{number})' for number in range(40))
    query = f"SELECT {values} {{ }}"
    result = run("query", "-", "--releases", shipped_release.path.parent, stdin=query)
    table = re.sub("\x1b\\[[0-9;]*m", "", result.stdout)
    assert folded_cells(table) == [f"variable{number}value{number}生成" for number in range(40)]


def test_a_table_that_no_terminal_shows_has_a_line_for_each_row(run: Run, shipped_release: Release) -> None:
    result = run("query", "papers-checked-for-privacy", "--releases", shipped_release.path.parent)
    rows = [line for line in result.stdout.splitlines() if line.startswith("│")]
    assert result.stdout.endswith(f"{len(rows)} rows\n")
    assert any("│ <paper/arxiv/2208.11702> " in row for row in rows)


@pytest.mark.parametrize(
    ("iri", "shown"),
    [
        ("paper/10.3390/s23198328", "<paper/10.3390/s23198328>"),
        ("modality/ecg", "modality:ecg"),
        ("paper:1", "https://w3id.org/medsynth-kg/paper:1"),
        ("/paper", "https://w3id.org/medsynth-kg//paper"),
        ("https://doi.org/10.3390/s23198328", "https://doi.org/10.3390/s23198328"),
    ],
)
def test_a_table_shortens_iris_to_what_a_query_may_have_in_their_place(
    run: Run, shipped_release: Release, iri: str, shown: str
) -> None:
    base = shipped_release.manifest.base_iri
    whole = iri if iri.startswith("https:") else base + iri
    query = f"SELECT (<{whole}> AS ?x) {{ }}"
    assert f"│ {shown} │" in run("query", "-", "--releases", shipped_release.path.parent, stdin=query).stdout
    if shown.startswith("<"):
        result = run(
            "query", "-", "--releases", shipped_release.path.parent, stdin=f"ASK {{ FILTER ({shown} = <{whole}>) }}"
        )
        assert result.stdout == "True\n"


@pytest.mark.parametrize(
    ("format_name", "start"), [("json", '{"head"'), ("csv", "n\r\n41"), ("tsv", "?n\n41"), ("xml", "<?xml")]
)
def test_solutions_come_in_every_format(run: Run, shipped_release: Release, format_name: str, start: str) -> None:
    query = "PREFIX msk: <https://w3id.org/medsynth-kg/ontology#> SELECT (COUNT(*) AS ?n) { ?p a msk:Paper }"
    result = run("query", "-", "--format", format_name, "--releases", shipped_release.path.parent, stdin=query)
    assert result.stdout_bytes.decode().startswith(start)


@pytest.mark.parametrize("format_name", ["turtle", "ntriples", "rdfxml", "jsonld"])
def test_graphs_come_in_every_format(run: Run, shipped_release: Release, format_name: str) -> None:
    releases = shipped_release.path.parent
    result = run("query", "papers-as-schema-org", "--format", format_name, "--releases", releases)
    assert result.exit_code == 0
    assert "DeepFake electrocardiograms" in result.stdout


def test_a_format_that_a_query_cannot_have_is_wrong_usage(run: Run, shipped_release: Release) -> None:
    result = run("query", "venues", "--format", "turtle", "--releases", shipped_release.path.parent)
    assert result.exit_code == 2
    assert "json, xml, csv, tsv" in result.stderr


def test_a_query_that_is_not_utf8_is_told_with_its_byte(run: Run, shipped_release: Release, tmp_path: Path) -> None:
    (tmp_path / "query.rq").write_bytes(b"ASK {} # \xff")
    result = run("query", tmp_path / "query.rq", "--releases", shipped_release.path.parent)
    assert result.exit_code == 2
    assert "query.rq is not UTF-8: see its byte 10" in result.stderr


def test_standard_input_that_is_not_utf8_is_told_with_its_byte(run: Run, shipped_release: Release) -> None:
    result = run("query", "-", "--releases", shipped_release.path.parent, stdin=b"ASK {} # \xff")
    assert result.exit_code == 2
    assert "standard input is not UTF-8: see its byte 10" in result.stderr


@pytest.mark.parametrize(
    ("query", "reason"), [("/proc/self/mem", "Input/output error"), ("ASK { } #" + 300 * " ", "File name too long")]
)
def test_a_query_that_cannot_be_read_is_one_line(run: Run, shipped_release: Release, query: str, reason: str) -> None:
    result = run("query", query, "--releases", shipped_release.path.parent)
    assert result.exit_code == 2
    assert f"can't be read: {reason}" in result.stderr


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"query_length": 20}, "the query is longer than 20 bytes"),
        ({"result_size": 2**20}, "the answer is larger than 1 MiB"),
        ({"query_timeout": 0.01}, "the query took longer than 0.01 seconds"),
        ({"services": ()}, "SERVICE <https://query.wikidata.org/sparql> is not allowed here"),
    ],
)
def test_a_query_is_held_to_the_limits_of_the_settings(
    run: Run,
    shipped_release: Release,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
    message: str,
) -> None:
    monkeypatch.setattr(querying, "DEFAULTS", DEFAULTS.model_copy(update=changes))
    elsewhere = "SERVICE <https://query.wikidata.org/sparql> { }" if "services" in changes else ""
    query = f"SELECT * {{ {elsewhere} ?s ?p ?o . ?x ?y ?z }} LIMIT 100000"
    result = run("query", "-", "--format", "csv", "--releases", shipped_release.path.parent, stdin=query)
    assert result.exit_code == 1
    assert message in result.stderr


class Elsewhere(BaseHTTPRequestHandler):
    """A service with one solution."""

    def do_POST(self) -> None:
        body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "far"}}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_query_asks_the_services_of_the_settings(
    run: Run, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medsynth_kg.query.addresses.is_public", lambda address: True)
    with serving_requests(Elsewhere) as port:
        address = f"http://127.0.0.1:{port}/sparql"
        monkeypatch.setattr(querying, "DEFAULTS", DEFAULTS.model_copy(update={"services": (address,)}))
        query = f"SELECT ?x {{ SERVICE <{address}> {{ ?x ?y ?z }} }}"
        result = run("query", "-", "--format", "csv", "--releases", shipped_release.path.parent, stdin=query)
    assert result.stdout_bytes == b"x\r\nfar\r\n", result.stderr


def test_a_relative_iri_is_one_of_the_release(run: Run, shipped_release: Release) -> None:
    query = "ASK { <paper/10.3390/s23198328> ?p ?o }"
    result = run("query", "-", "--releases", shipped_release.path.parent, stdin=query)
    assert (result.exit_code, result.stdout) == (0, "True\n"), result.stderr


def test_a_syntax_error_is_one_line_with_its_position(run: Run, shipped_release: Release) -> None:
    result = run("query", "-", "--releases", shipped_release.path.parent, stdin="SELECT ?x {\n ?x foo ?y }")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: line 2, column 5: “foo” is not expected here")


def test_querying_without_a_release_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    result = run("query", "venues", "--releases", tmp_path)
    assert result.exit_code == 1
    assert "medsynth-kg build" in result.stderr


@pytest.mark.parametrize("command", [["verify", "."], ["diff", ".", "."]])
def test_a_folder_that_is_no_release_is_told_as_such(
    run: Run, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command)
    assert result.exit_code == 2
    assert "is no release; name a release's folder, such as releases/current" in result.stderr


def test_verify_names_the_damaged_file(run: Run, shipped_release: Release, tmp_path: Path) -> None:
    copy = tmp_path / shipped_release.id
    shutil.copytree(shipped_release.path, copy)
    assert run("verify", copy).exit_code == 0
    (copy / "dumps" / "medsynth-kg.nt").write_bytes(b"")
    result = run("verify", copy)
    assert result.exit_code == 1
    assert "dumps/medsynth-kg.nt" in result.output


SHAPES = b"""
@prefix msk: <https://w3id.org/medsynth-kg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ; sh:targetClass msk:Paper ; sh:property [ sh:path msk:row ; sh:%sCount 1 ] .
"""


@pytest.mark.parametrize(("shape", "problems"), [(b"min", 0), (b"maxCount 0 ; sh:min", 5)])
def test_verify_holds_a_release_against_its_own_shapes_or_those_that_are_named(
    run: Run, tmp_path: Path, shape: bytes, problems: int
) -> None:
    contents = replace(example_contents(), files={"ontology/shapes.ttl": SHAPES % shape})
    release = build_release(contents, tmp_path, count_nothing)
    result = run("verify", release.path)
    assert (result.exit_code, len(result.output.splitlines())) == (int(problems > 0), problems + 1), result.output
    assert run("verify", release.path, "--ontology", "ontology").exit_code == 1


def test_enrich_refuses_an_address_that_is_none(run: Run) -> None:
    result = run("enrich", "--crossref-url", "ftp://x")
    assert result.exit_code == 2
    assert "--crossref-url" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--rate-limit", "often", "write “often” as 60/minute"),
        ("--request-log", "/dev/null/requests", "“/dev/null/requests” can't be written: Not a directory"),
    ],
)
def test_serve_refuses_what_it_cannot_do_before_it_starts(run: Run, option: str, value: str, message: str) -> None:
    result = run("serve", option, value)
    assert result.exit_code == 2
    assert message in result.output
