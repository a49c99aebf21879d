"""``medsynth-kg enrich``."""

import datetime
import sys
from pathlib import Path

import click
from pydantic import ValidationError

from medsynth_kg.cli.options import DEFAULTS, budget_options, directory_option
from medsynth_kg.enrichment.enriching import enrich, surveyed_papers
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.progress import progress_on
from medsynth_kg.enrichment.report import EnrichmentReport
from medsynth_kg.enrichment.snapshots import read_snapshots
from medsynth_kg.records.curation import read_decisions
from medsynth_kg.records.papers import assemble_papers
from medsynth_kg.survey.reading import read_survey


@click.command()
@directory_option("data")
@click.option("--crossref-url", default=DEFAULTS.crossref_url, show_default=True, help="Crossref, or a mirror of it.")
@click.option("--arxiv-url", default=DEFAULTS.arxiv_url, show_default=True, help="arXiv, or a mirror of it.")
@click.option("--contact", default=DEFAULTS.contact, help="Your e-mail address, for the services to write to.")
@click.option("--max-age", type=click.FloatRange(0), default=30, show_default=True, help="Days until asked again.")
@budget_options
@click.pass_context
def enrich_command(
    ctx: click.Context,
    data: Path,
    crossref_url: str,
    arxiv_url: str,
    contact: str | None,
    max_age: float,
    request_budget: int,
    time_budget: float,
) -> None:
    """Ask Crossref and arXiv about every paper that the survey names.

    Answers are kept under data/metadata, one file a paper; only what is missing or older than --max-age is asked. An
    interrupted run goes on where it stopped. Exits with 1 if any question had no usable answer.
    """
    try:
        options = EnrichmentOptions(
            today=datetime.datetime.now(tz=datetime.UTC).date(),
            crossref_url=crossref_url,
            arxiv_url=arxiv_url,
            contact=contact,
            max_age=datetime.timedelta(days=max_age),
            request_budget=request_budget,
            time_budget=time_budget,
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise click.BadParameter(first["msg"], param_hint=f"--{str(first['loc'][0]).replace('_', '-')}") from error
    survey = read_survey(data)
    papers = assemble_papers(survey.entries, read_snapshots(data / "metadata"), read_decisions(data / "curation"))
    report = enrich(surveyed_papers(papers), data, options, progress_on(sys.stderr))
    _print_report(report)
    ctx.exit(1 if report.failed else 0)


def _print_report(report: EnrichmentReport) -> None:
    for line in report.lines:
        click.echo(line)
    click.echo(report.summary)
