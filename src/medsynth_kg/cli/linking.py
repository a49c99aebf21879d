"""``medsynth-kg link``."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import click
from pydantic import ValidationError

from medsynth_kg.cli.options import DEFAULTS, Command, budget_options, directory_option
from medsynth_kg.enrichment.inspecting_repositories import github_repositories, inspect_repositories
from medsynth_kg.enrichment.linking.linking import link
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.linking.subjects import link_subjects
from medsynth_kg.enrichment.linking.targets import TARGETS
from medsynth_kg.enrichment.progress import progress_on
from medsynth_kg.enrichment.report import Outcome
from medsynth_kg.enrichment.snapshots import read_snapshots
from medsynth_kg.graph.iris import Iris
from medsynth_kg.records.curation import read_decisions
from medsynth_kg.records.papers import assemble_papers
from medsynth_kg.survey.reading import read_survey

_NAMES = tuple(target.name for target in TARGETS)
_GITHUB = "github"


def _address_options() -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for target in reversed(TARGETS):
            command = click.option(
                f"--{target.name}-url",
                envvar=f"MEDSYNTH_KG_{target.name.upper().replace('-', '_')}_URL",
                default=target.address,
                show_default=True,
                help=f"{target.title}, or what stands in for it.",
            )(command)
        return command

    return decorate


@click.command(short_help="Look for the papers and repositories in other graphs.")
@directory_option("data")
@click.option(
    "--target", "names", type=click.Choice((*_NAMES, _GITHUB)), multiple=True, help="Ask only these; all if not given."
)
@click.option("--contact", default=DEFAULTS.contact, help="Your e-mail address, for the services to write to.")
@click.option("--max-age", type=click.FloatRange(0), default=30, show_default=True, help="Days until asked again.")
@budget_options
@click.option("--github-url", default=DEFAULTS.github_url, show_default=True, help="GitHub, or what stands in for it.")
@_address_options()
@click.pass_context
def link_command(
    ctx: click.Context,
    /,
    data: Path,
    names: tuple[str, ...],
    contact: str | None,
    max_age: float,
    request_budget: int,
    time_budget: float,
    github_url: str,
    **addresses: str,
) -> None:
    """Look for every paper and repository of the survey in other graphs, and ask GitHub for the repositories' state.

    Mappings are kept under data/links, one file a target, and GitHub's answers under data/metadata/github; only what
    is missing or older than --max-age is asked. An interrupted run goes on where it stopped. Exits with 1 if any
    question had no usable answer.
    """
    try:
        options = LinkingOptions(
            today=datetime.datetime.now(tz=datetime.UTC).date(),
            github_url=github_url,
            github_token=DEFAULTS.github_token,
            addresses={name: addresses[f"{name.replace('-', '_')}_url"] for name in _NAMES},
            contact=contact,
            max_age=datetime.timedelta(days=max_age),
            request_budget=request_budget,
            time_budget=time_budget,
        )
    except ValidationError as error:
        raise click.UsageError(error.errors(include_url=False)[0]["msg"]) from error
    survey, iris = read_survey(data), Iris()
    papers = assemble_papers(survey.entries, read_snapshots(data / "metadata"), read_decisions(data / "curation"))
    subjects = link_subjects(papers, lambda paper: iris.paper(paper).value, lambda code: iris.repository(code).value)
    targets = [target for target in TARGETS if not names or target.name in names]
    budget = options.new_budget()
    report = link(subjects, targets, data / "links", options, budget, progress_on(sys.stderr))
    if not names or _GITHUB in names:
        wanted = github_repositories(papers)
        report += inspect_repositories(wanted, data / "metadata", options, budget, progress_on(sys.stderr))
    for outcome in report.outcomes:
        if outcome.outcome in (Outcome.FAILED, Outcome.POSTPONED):
            click.echo(outcome.line)
    click.echo(report.summary)
    ctx.exit(1 if report.failed else 0)
