"""Another survey becomes a release by the files and the commands of docs/mapping.md."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medsynth_kg.cli import main

REPOSITORY = Path(__file__).parents[2]
GUIDE = (REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return str(found)


def shown(command: str) -> list[str]:
    """The arguments of a command as the guide shows it."""
    shell = "".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)).replace("\\\n", " ")
    (line,) = re.findall(rf"^\.venv/bin/medsynth-kg ({command} .*)", shell, re.MULTILINE)
    return shlex.split(line)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A directory with the guide's files, and what the guide makes with other commands than ours."""
    monkeypatch.chdir(tmp_path)
    Path("mapping.toml").write_text(block("toml"), encoding="utf-8")
    Path("README.md").write_text(block("markdown"), encoding="utf-8")
    Path("another-queries").mkdir()
    Path("another-ontology").symlink_to(REPOSITORY / "ontology")
    return CliRunner()


def invoke(runner: CliRunner, *arguments: str) -> Result:
    result = runner.invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result


def test_the_guides_readme_is_read_with_the_guides_mapping_without_a_finding(run: CliRunner) -> None:
    output = invoke(run, *shown("import")).output
    assert "1 entries, 1 added, 0 findings" in output


def test_the_imported_survey_is_built_with_the_guides_command(run: CliRunner) -> None:
    invoke(run, *shown("import"))
    output = invoke(run, *shown("build")).output
    assert "1 Paper\n" in output
    assert "left out" not in output
    assert Path("another-releases", "current").is_dir()
