"""The examples of CONTRIBUTING.md, added to what is shipped, pass the check that the guide names."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from medsynth_kg.cli import main
from medsynth_kg.query.charts import Chart
from medsynth_kg.query.saved import SERVICE, load_saved_queries

REPOSITORY = Path(__file__).parents[2]
GUIDE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
DIRECTORIES = ("data", "ontology", "queries")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def add(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def validate(directory: Path) -> list[str]:
    options = (option for name in DIRECTORIES for option in (f"--{name}", str(directory / name)))
    result = CliRunner().invoke(main, ["validate", *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def federated_query(header: str, service: str) -> str:
    """A saved query that has the guide's part of a header."""
    lines = "title: Who else knows it?\ndescription: What another service says.\nfederated: true\n" + header
    return "".join(f"#+ {line}\n" for line in lines.splitlines()) + (
        f"SELECT ?thing ?key {{ SERVICE <{service}> {{ VALUES ?key {{ }} ?thing ?p ?key }} }}\n"
    )


@pytest.fixture(scope="module")
def new_lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What validate says after the guide's examples were added, and did not say before."""
    directory = tmp_path_factory.mktemp("contribution")
    for name in DIRECTORIES:
        shutil.copytree(REPOSITORY / name, directory / name)
    before = validate(directory)
    row, decision = blocks("csv")
    add(directory / "data" / "survey" / "ecg.csv", row.split("\n", 1)[1])
    add(directory / "data" / "curation" / "field-value.csv", decision)
    (label,) = blocks("turtle")
    add(directory / "ontology" / "architecture.ttl", label)
    (query,) = blocks("sparql")
    add(directory / "queries" / "papers-without-code.rq", query)
    service = next(
        found[1] for shipped in load_saved_queries(REPOSITORY / "queries") if (found := SERVICE.search(shipped.text))
    )
    add(directory / "queries" / "known-elsewhere.rq", federated_query(blocks("yaml")[1], service))
    return [line for line in validate(directory) if line not in before]


def test_of_all_examples_only_what_the_guide_says_is_found(new_lines: list[str]) -> None:
    *findings, _ = new_lines
    (finding,) = findings
    assert "No source gives the title of this paper" in finding
    assert "1909.09150" in finding


def test_the_chart_of_the_guide_is_one() -> None:
    chart = Chart.model_validate(yaml.safe_load(blocks("yaml")[0])["chart"])
    assert {channel.variable for channel in chart.channels} == {"year", "papers", "family"}
