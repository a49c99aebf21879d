"""``medsynth-kg validate``."""

from pathlib import Path

import click

from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.cli.printing import print_findings
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.survey.findings import Severity


@click.command()
@directory_option("data")
@directory_option("ontology")
@click.option("--strict", is_flag=True, help="Exit with 1 on any finding, not only on errors.")
@click.option("--unused-labels", is_flag=True, help="Also list the vocabulary's labels that no entry uses.")
@click.pass_context
def validate_command(ctx: click.Context, data: Path, ontology: Path, *, strict: bool, unused_labels: bool) -> None:
    """Check data and ontology as build does, without building.

    Lists every finding with its place and what to do. Exits with 1 where something had to be left out of the graph
    (severity error) or the graph does not conform to its shapes.
    """
    settings = DEFAULTS.model_copy(update={"data": data, "ontology": ontology})
    graph = assemble(settings)
    violations = validate_graph(graph.quads, ontology, settings.base_iri)
    print_findings(graph.findings)
    if unused_labels:
        for label in graph.unused_labels:
            click.echo(f"unused label “{label.text}” of <{label.concept.value}>")
    for violation in violations:
        click.echo(f"shape: {violation}")
    failing = graph.findings if strict else [f for f in graph.findings if f.severity is Severity.ERROR]
    click.echo(
        f"{len(graph.findings)} findings, {len(failing)} of them fail this check; "
        f"{len(violations)} violations of the shapes; {len(graph.unused_labels)} labels that no entry uses"
    )
    ctx.exit(1 if failing or violations else 0)
