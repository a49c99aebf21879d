"""``medsynth-kg build``."""

import datetime
from pathlib import Path

import click

from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.cli.pipeline import assemble, build
from medsynth_kg.release.pruning import prune_releases
from medsynth_kg.survey.findings import Severity


@click.command(short_help="Build a release and make it the current one.")
@directory_option("data")
@directory_option("ontology")
@directory_option("queries")
@directory_option("releases")
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many releases, never one in use.")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory that `medsynth-kg corpus` made, to take in.",
)
def build_command(keep: int | None, corpus: Path | None, **directories: Path) -> None:
    """Build a release from data, ontology and saved queries, and make it the current one.

    The same inputs give the same release, byte for byte; where that is kept already, nothing new is made. The last line
    printed is the release's folder. With --corpus, the release's store has that corpus too, as a graph of its own.
    """
    settings = DEFAULTS.model_copy(update=directories)
    started = datetime.datetime.now(datetime.UTC)
    graph = assemble(settings)
    for finding in graph.findings:
        if finding.severity is Severity.ERROR:
            click.echo(f"left out: {finding.message} {finding.advice}", err=True)
    release = build(settings, graph, corpus)
    if keep is not None:
        for removed in prune_releases(settings.releases, keep):
            click.echo(f"removed {removed}")
    counts = release.manifest.counts
    vocabulary = f"{settings.base_iri}ontology#"
    for noun in ("Paper", "SurveyEntry", "CodeRepository", "Finding"):
        click.echo(f"{counts['classes'].get(vocabulary + noun, 0):>8,} {noun}")
    click.echo(f"{counts['quads']:>8,} quads")
    click.echo(f"{counts['triples']:>8,} triples")
    for iri, count in release.manifest.supplement.items():
        click.echo(f"{count:>8,} quads in {iri.removeprefix(settings.base_iri)} besides")
    click.echo(f"{len(release.manifest.queries):>8,} saved queries answered")
    if release.published < started:
        click.echo(f"nothing new: release {release.id} has the same content already; it is the current one")
    click.echo(release.path)
