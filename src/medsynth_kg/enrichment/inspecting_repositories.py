"""Asks GitHub for every repository of the survey that it hosts, and keeps what it says as snapshots.

Each answer is written as it arrives, so that an interrupted run, or one that used up GitHub's allowance for the hour,
goes on where it stopped.
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from medsynth_kg.enrichment.checks import CheckLog
from medsynth_kg.enrichment.errors import BudgetSpentError, FetchError, SnapshotError
from medsynth_kg.enrichment.github import fetch_repository, parse_repository
from medsynth_kg.enrichment.kept_findings import FindingsFile
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.notes import own_notes
from medsynth_kg.enrichment.order_of_asking import in_order_of_asking
from medsynth_kg.enrichment.politeness import Budget
from medsynth_kg.enrichment.progress import Progress
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome, SourceOutcome
from medsynth_kg.enrichment.repository_snapshots import (
    read_repository_snapshot,
    repository_snapshot_path,
    write_repository_snapshot,
)
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.repository_state import RepositoryState
from medsynth_kg.survey.findings import Finding, Severity

_HOST = "github.com/"
_SOURCE = "github"
_SILENCE_LIMIT = 10
"""After so many questions in a row without a usable answer GitHub seems down; after one more it isn't asked further."""


def github_repositories(papers: Iterable[Paper]) -> Mapping[str, tuple[str, ...]]:
    """``owner/name`` of each repository on GitHub, with the papers (local parts) that the survey links it for."""
    wanted: dict[str, dict[str, None]] = {}
    for paper in papers:
        for entry in paper.entries:
            if entry.repository and entry.repository.host == "github.com":
                name = f"{entry.repository.owner}/{entry.repository.name}"
                wanted.setdefault(name, {})[paper.identifier.local_part] = None
    return {name: tuple(linked) for name, linked in sorted(wanted.items())}


def inspect_repositories(
    wanted: Mapping[str, tuple[str, ...]],
    directory: Path,
    options: LinkingOptions,
    budget: Budget,
    progress: Progress,
) -> EnrichmentReport:
    """Bring ``directory``'s ``github`` (``data/metadata/github``) up to date with what is ``wanted``.

    ``budget`` may be one that other runs use too.

    Raises:
        EnrichmentRunningError: another run is at work in ``directory``.
        SnapshotError: the findings of an earlier run can't be read back.
        MetadataNotWritten: ``directory`` can't be written to.
    """
    spent_before = budget.requests_spent
    with ExitStack() as resources:
        notes = resources.enter_context(own_notes(directory))
        log = resources.enter_context(CheckLog(notes / "github-checks.jsonl", options.today))
        resources.enter_context(progress)
        rate = (1.0, options.slowness)
        session = resources.enter_context(ServiceSession(options, budget, notes / "github.sqlite", rate))
        run = _Inspection(wanted, directory, session, log, options, progress)
        outcomes = run.complete()
        if not any(outcome.outcome is Outcome.POSTPONED for outcome in outcomes):
            log.finish()
        requests = budget.requests_spent - spent_before
    return EnrichmentReport(outcomes=tuple(outcomes), findings=tuple(run.findings), requests=requests)


class _Inspection:
    def __init__(
        self,
        wanted: Mapping[str, tuple[str, ...]],
        directory: Path,
        session: ServiceSession,
        log: CheckLog,
        options: LinkingOptions,
        progress: Progress,
    ) -> None:
        self._wanted = wanted
        self._directory = directory
        self._session = session
        self._log = log
        self._options = options
        self._progress = progress
        self._kept = FindingsFile(directory)
        self._outcomes: list[SourceOutcome] = []
        self.findings: list[Finding] = []
        self._silence = 0
        self._postponed: str | None = None

    def complete(self) -> list[SourceOutcome]:
        """Put every question that is due."""
        self._kept.forget_others({_SOURCE: self._wanted})
        known = {name: self._known(name) for name in self._wanted}
        due = [name for name in self._wanted if not self._is_fresh(name, known[name])]
        for name in self._wanted:
            if name not in due:
                self._end(name, Outcome.FRESH)
        self._progress.begin("GitHub", len(due))
        for name in in_order_of_asking(due, lambda: self._silence == _SILENCE_LIMIT):
            self._ask(name, known[name])
        return self._outcomes

    def _known(self, name: str) -> RepositoryState | None:
        path = repository_snapshot_path(self._directory, _HOST + name)
        try:
            return read_repository_snapshot(path) if path.exists() else None
        except SnapshotError:
            # What can't be read is fetched anew.
            return None

    def _is_fresh(self, name: str, known: RepositoryState | None) -> bool:
        if known is None:
            return False
        check = self._log.last(_SOURCE, name)
        if check is not None and self._log.is_of_interrupted_run(check):
            return True
        return self._options.today - (check.date if check else known.retrieved) < self._options.max_age

    def _ask(self, name: str, known: RepositoryState | None) -> None:
        if self._postponed is not None:
            self._end(name, Outcome.POSTPONED, self._postponed)
            return
        if self._silence > _SILENCE_LIMIT:
            self._fail(name, f"not asked, since GitHub had given no usable answer {self._silence} times in a row")
            return
        try:
            answer = fetch_repository(self._session, self._options.github_url, name, self._options.github_token)
            state = parse_repository(answer, name, self._options.today)
        except FetchError as error:
            self._silence += 1
            self._fail(name, str(error))
        except BudgetSpentError as error:
            self._postponed = str(error)
            self._end(name, Outcome.POSTPONED, self._postponed)
        else:
            self._silence = 0
            self._take(name, state, known)

    def _take(self, name: str, state: RepositoryState, known: RepositoryState | None) -> None:
        unchanged = known is not None and known == state.model_copy(update={"retrieved": known.retrieved})
        if not unchanged:
            write_repository_snapshot(self._directory, state)
        self._log.note(_SOURCE, name, found=not state.gone)
        self._kept.answered(_SOURCE, name, ())
        outcome = Outcome.UNCHANGED if unchanged else Outcome.FOUND
        self._end(name, Outcome.NOT_FOUND if state.gone else outcome)

    def _fail(self, name: str, reason: str) -> None:
        findings = [
            Finding(
                kind="github-failed",
                severity=Severity.WARNING,
                message=f"GitHub gave no usable answer about {name}: {reason}",
                advice="Run link again later; if it fails again, look at the answer under the address in the message.",
                value=name,
                paper=paper,
            )
            for paper in self._wanted[name]
        ]
        self.findings += findings
        self._kept.answered(_SOURCE, name, findings)
        self._end(name, Outcome.FAILED, reason)

    def _end(self, name: str, outcome: Outcome, detail: str = "") -> None:
        papers = self._wanted[name]
        self._outcomes.append(
            SourceOutcome(source=_SOURCE, identifier=name, papers=papers, outcome=outcome, detail=detail)
        )
        if outcome is not Outcome.FRESH:
            self._progress.advance(outcome)
