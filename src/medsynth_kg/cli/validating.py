"""``medsynth-kg validate``."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from medsynth_kg.cli.errors import NoTemporaryDirectory
from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.cli.pipeline import assemble, build
from medsynth_kg.cli.printing import print_findings
from medsynth_kg.graph.building import KnowledgeGraph
from medsynth_kg.graph.errors import GraphNotConforming
from medsynth_kg.settings import Settings
from medsynth_kg.survey.findings import Severity


@click.command(short_help="Check data, ontology and saved queries as build does.")
@directory_option("data")
@directory_option("ontology")
@directory_option("queries")
@click.option("--strict", is_flag=True, help="Exit with 1 on any finding, not only on errors.")
@click.option("--unused-labels", is_flag=True, help="Also list the vocabulary's labels that no entry uses.")
@click.pass_context
def validate_command(ctx: click.Context, /, *, strict: bool, unused_labels: bool, **directories: Path) -> None:
    """Check data, ontology and saved queries as build does, and keep nothing.

    Lists every finding with its place and what to do. Exits with 1 where something had to be left out of the graph
    (severity error), the graph does not conform to its shapes, or a saved query fails or comes back empty. Warnings and
    notices are only listed, such as a name that the vocabularies don't know, or a date with a month 13; with --strict,
    they fail too.
    """
    settings = DEFAULTS.model_copy(update=directories)
    graph = assemble(settings)
    print_findings(graph.findings)
    if unused_labels:
        for label in graph.unused_labels:
            click.echo(f"unused label “{label.text}” of <{label.concept.value}>")
    violations = _build_and_discard(settings, graph)
    for violation in violations:
        click.echo(f"shape: {violation}")
    failing = graph.findings if strict else [f for f in graph.findings if f.severity is Severity.ERROR]
    click.echo(
        f"{len(graph.findings)} findings, {len(failing)} of them fail this check; "
        f"{len(violations)} violations of the shapes; {len(graph.unused_labels)} labels that no entry uses"
    )
    ctx.exit(1 if failing or violations else 0)


def _build_and_discard(settings: Settings, graph: KnowledgeGraph) -> Sequence[object]:
    """Build the release where nobody serves it from; answers the violations that keep it from being built.

    Raises:
        NoTemporaryDirectory: there is no place to build in.
        MedsynthError: something else keeps it from being built.
    """
    with _temporary_directory() as releases:
        try:
            build(settings.model_copy(update={"releases": Path(releases)}), graph)
        except GraphNotConforming as error:
            return error.violations
    return ()


def _temporary_directory() -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory()
    except OSError as error:
        raise NoTemporaryDirectory(error.strerror or str(error)) from error
