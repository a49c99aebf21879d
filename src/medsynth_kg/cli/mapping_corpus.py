"""``medsynth-kg corpus``."""

import datetime
from pathlib import Path

import click

import medsynth_kg
from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.cli.pipeline import read_papers
from medsynth_kg.corpus.inputs import list_bulk_files
from medsynth_kg.corpus.job import Job
from medsynth_kg.corpus.manifest import CorpusManifest
from medsynth_kg.corpus.running import run_job
from medsynth_kg.corpus.selection import Neighbourhood, Relation, Selection, identifiers_by_doi
from medsynth_kg.records.curation import read_decisions
from medsynth_kg.records.metadata import Source
from medsynth_kg.survey.reading import read_survey


@click.command(short_help="Map bulk files of Crossref or OpenAlex to N-Quads, on Spark.")
@click.argument("source", type=click.Choice([Source.CROSSREF.value, Source.OPENALEX.value]))
@click.argument("inputs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
@click.option("--date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The date of the bulk files.")
@click.option(
    "--related",
    multiple=True,
    type=click.Choice([relation.value for relation in Relation]),
    help="Take the survey's papers, what they cite, or what cites them; all three if nothing else is asked for.",
)
@click.option("--term", multiple=True, help="Take works whose title has all words of the term.")
@click.option("--everything", is_flag=True, help="Take every work.")
@click.option("--master", default="local[*]", show_default=True, help="The address of the Spark cluster.")
@click.option("--parts", type=click.IntRange(1, 100_000), default=16, show_default=True, help="Files to write.")
@directory_option("data")
def corpus_command(
    source: str,
    inputs: tuple[Path, ...],
    output: Path,
    date: datetime.datetime,
    related: tuple[str, ...],
    term: tuple[str, ...],
    everything: bool,
    master: str,
    parts: int,
    data: Path,
) -> None:
    """Map bulk files of Crossref or OpenAlex to N-Quads on Apache Spark.

    INPUTS are files, or directories of files, of JSON lines or of Crossref's form, as they come or unpacked. The same
    inputs give the same files, byte for byte; a run that was stopped goes on where it was.
    """
    relations = related or (() if term or everything else tuple(Relation))
    selection = Selection(
        relations=frozenset(map(Relation, relations)), terms=tuple(sorted(set(term))), everything=everything
    )
    job = _job(Source(source), date.date(), selection, parts, data)
    manifest, changed = run_job(job, list_bulk_files(inputs, output), output, master, click.echo)
    _print_manifest(manifest)
    click.echo(f"{output} {'is written' if changed else 'was whole already; nothing changed'}")


def _job(source: Source, date: datetime.date, selection: Selection, parts: int, data: Path) -> Job:
    papers = read_papers(data, read_survey(data), read_decisions(data / "curation"))
    surveyed = identifiers_by_doi(papers)
    by_doi = source is Source.CROSSREF
    cited = {doi for paper in papers if paper.work for doi in paper.work.facts.references}
    return Job(
        source=source,
        date=date,
        base_iri=DEFAULTS.base_iri,
        code_version=medsynth_kg.__version__,
        selection=selection,
        surveyed=surveyed,
        known=Neighbourhood(surveyed=frozenset(surveyed), cited=frozenset(cited)) if by_doi else Neighbourhood(),
        parts=parts,
    )


def _print_manifest(manifest: CorpusManifest) -> None:
    for name, count in manifest.counts.model_dump().items():
        click.echo(f"{count:>12,} {name.replace('_', ' ')}")
    click.echo(f"{manifest.statements:>12,} statements in {len(manifest.parts)} files")
    for path in manifest.rejected:
        click.echo(f"set aside, with reasons: {path}")
