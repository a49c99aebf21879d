"""``medsynth-kg verify``."""

from pathlib import Path

import click

from medsynth_kg.cli.options import ReleaseDirectory, directory_option
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.release.manifest import read_manifest
from medsynth_kg.release.verifying import verify_release


@click.command()
@click.argument("release", type=ReleaseDirectory())
@directory_option("ontology")
@click.pass_context
def verify_command(ctx: click.Context, release: Path, ontology: Path) -> None:
    """Check every file of a release by its hash, its store against its dumps, its graph against the shapes.

    RELEASE is a release's folder, such as releases/current. Exits with 1 and a line for each problem.
    """
    problems = verify_release(release, lambda quads: validate_graph(quads, ontology, read_manifest(release).base_iri))
    for problem in problems:
        click.echo(problem)
    click.echo(f"problems: {len(problems)}" if problems else f"{release}: whole")
    ctx.exit(1 if problems else 0)
