"""``medsynth-kg verify``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from pyoxigraph import Quad

from medsynth_kg.cli.options import ReleaseDirectory
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.release.manifest import read_manifest
from medsynth_kg.release.verifying import verify_release


@click.command(short_help="Check a release's files, its store and its graph.")
@click.argument("release", type=ReleaseDirectory())
@click.option(
    "--ontology",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="the release's own",
    help="The ontology whose shapes to hold the graph against.",
)
@click.pass_context
def verify_command(ctx: click.Context, release: Path, ontology: Path | None) -> None:
    """Check every file of a release by its hash, its store against its dumps, its graph against the shapes.

    RELEASE is a release's folder, such as releases/current. Exits with 1 and a line for each problem.
    """

    def check_graph(quads: Iterable[Quad]) -> Sequence[object]:
        if ontology is None:
            # They were written for the release's own IRIs.
            return validate_graph(quads, release / "ontology")
        return validate_graph(quads, ontology, read_manifest(release).base_iri)

    problems = verify_release(release, check_graph)
    for problem in problems:
        click.echo(problem)
    click.echo(f"problems: {len(problems)}" if problems else f"{release}: whole")
    ctx.exit(1 if problems else 0)
