"""``medsynth-kg diff``."""

from pathlib import Path

import click

from medsynth_kg.cli.options import ReleaseDirectory
from medsynth_kg.release.difference import diff_releases
from medsynth_kg.release.reading import open_release


@click.command(short_help="Show what changed from one release to another, by entity.")
@click.argument("old", type=ReleaseDirectory())
@click.argument("new", type=ReleaseDirectory())
@click.option("--patch", is_flag=True, help="Write an RDF Patch that turns OLD into NEW.")
def diff_command(old: Path, new: Path, *, patch: bool) -> None:
    """Show what changed from one release's folder to another, by entity."""
    difference = diff_releases(open_release(old), open_release(new))
    if patch:
        click.echo(difference.as_patch(), nl=False)
        return
    changes = difference.by_entity()
    for change in changes:
        click.echo(change.entity)
        for triple in change.removed:
            click.echo(f"  - {triple.predicate} {triple.object}")
        for triple in change.added:
            click.echo(f"  + {triple.predicate} {triple.object}")
    click.echo(f"{len(changes)} entities changed from {difference.old} to {difference.new}")
