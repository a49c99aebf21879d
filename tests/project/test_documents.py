"""What the documents say is so: commands, settings, files, versions."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml
from click import Context

import medsynth_kg
from medsynth_kg.cli import Commands, main
from medsynth_kg.settings import Settings

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md"),
    *sorted(f"docs/{path.name}" for path in (REPOSITORY / "docs").glob("*.md")),
]


def text(document: str) -> str:
    return (REPOSITORY / document).read_text(encoding="utf-8")


def mentioned_commands() -> list[str]:
    found = re.findall(r"medsynth-kg ([a-z]+)", "\n".join(map(text, DOCUMENTS)))
    return sorted(set(found) - {"contributors"})


@pytest.mark.parametrize("command", mentioned_commands())
def test_every_command_that_a_document_mentions_exists(command: str) -> None:
    assert isinstance(main, Commands)
    assert command in main.list_commands(Context(main))


def test_the_readme_lists_every_command() -> None:
    assert isinstance(main, Commands)
    assert set(re.findall(r"^\| `medsynth-kg ([a-z]+)", text("README.md"), re.MULTILINE)) == set(
        main.list_commands(Context(main))
    )


def test_the_order_of_the_packages_is_the_one_that_is_checked() -> None:
    layers = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    packages = [layer for layer in reversed(layers) if (REPOSITORY / "src" / "medsynth_kg" / layer).is_dir()]
    stated = re.findall(r"`([a-z]+)`(?:\s→|; a package)", text("CONTRIBUTING.md"))
    assert stated == [name for name in packages if name != "identifiers"]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert re.search(rf"`(MEDSYNTH_KG)?_{name.upper()}`", text("docs/settings.md"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_links_exists(document: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text(document))
    assert [link for link in links if not ((REPOSITORY / document).parent / link).exists()] == []


@pytest.mark.parametrize("target", ["serve", "test", "help", "lint", "build"])
def test_every_make_target_of_the_documents_exists(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", text("Makefile"), re.MULTILINE)


def test_the_citation_file_has_the_version_of_the_package() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["version"] == medsynth_kg.__version__


def test_shell_examples_of_the_readme_are_whole_commands() -> None:
    for block in re.findall(r"```sh\n(.*?)```", text("README.md"), re.DOTALL):
        assert shlex.split(block, comments=True)
