"""Asks other graphs for every paper and repository of the survey, and keeps what they say as mappings.

A question has one identifier and is put once to each target that knows its kind. Mappings are written as answers
arrive; the log beside them remembers what a target didn't know, so that an interrupted run goes on where it stopped.
What a target gave no usable answer to is a finding, kept beside the mappings until it is answered.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from medsynth_kg.enrichment.checks import CheckLog
from medsynth_kg.enrichment.errors import BudgetSpentError, FetchError
from medsynth_kg.enrichment.kept_findings import FindingsFile
from medsynth_kg.enrichment.linking.mappings import MappingFile, shorten_subject
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.linking.subjects import LinkSubject
from medsynth_kg.enrichment.linking.target import Answers, Question, Target
from medsynth_kg.enrichment.notes import own_notes
from medsynth_kg.enrichment.politeness import Budget
from medsynth_kg.enrichment.progress import Progress
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome, SourceOutcome
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.survey.findings import Finding, Severity

_SILENCE_LIMIT = 10
"""After so many requests in a row without a usable answer a service isn't asked further.

It is more than the requests it takes to halve the largest batch down to the one question that spoils it.
"""


def link(
    subjects: Iterable[LinkSubject],
    targets: Iterable[Target],
    directory: Path,
    options: LinkingOptions,
    budget: Budget,
    progress: Progress,
) -> EnrichmentReport:
    """Bring the mappings in ``directory`` (``data/links``) up to date; see the module's text for how.

    ``budget`` may be one that other runs use too. What goes wrong with one question is an outcome and a finding of the
    report, and the others go on.

    Raises:
        EnrichmentRunningError: another run is at work in ``directory``.
        MappingsUnreadable: a file of an earlier run can't be read back.
        SnapshotError: the findings of an earlier run can't be read back.
        MetadataNotWritten: ``directory`` can't be written to.
    """
    known = tuple(subjects)
    outcomes: list[SourceOutcome] = []
    findings: list[Finding] = []
    spent_before = budget.requests_spent
    with ExitStack() as resources:
        notes = resources.enter_context(own_notes(directory))
        kept = FindingsFile(directory)
        log = resources.enter_context(CheckLog(notes / "checks.jsonl", options.today))
        resources.enter_context(progress)
        for target in targets:
            mappings = MappingFile(directory, target, options.today)
            requests_allowed, seconds = target.rate
            rate = (requests_allowed, seconds * options.slowness)
            with ServiceSession(options, budget, notes / f"{target.name}.sqlite", rate) as session:
                run = _TargetRun(target, known, mappings, kept, session, log, options, progress)
                outcomes += run.complete()
                findings += run.findings
        if not any(outcome.outcome is Outcome.POSTPONED for outcome in outcomes):
            log.finish()
    requests = budget.requests_spent - spent_before
    return EnrichmentReport(outcomes=tuple(outcomes), findings=tuple(findings), requests=requests)


class _TargetRun:
    def __init__(
        self,
        target: Target,
        subjects: Sequence[LinkSubject],
        mappings: MappingFile,
        kept: FindingsFile,
        session: ServiceSession,
        log: CheckLog,
        options: LinkingOptions,
        progress: Progress,
    ) -> None:
        self._target = target
        self._wanted = _wanted(target, subjects)
        self._papers = _papers(target, subjects)
        self._mappings = mappings
        self._kept = kept
        self._session = session
        self._log = log
        self._options = options
        self._progress = progress
        self._address = options.addresses.get(target.name, target.address)
        self._outcomes: list[SourceOutcome] = []
        self.findings: list[Finding] = []
        self._silence = 0
        self._postponed: str | None = None

    def complete(self) -> list[SourceOutcome]:
        """Put every question that is due."""
        self._mappings.forget_others({name for names in self._wanted.values() for name in names})
        self._kept.forget_others({self._target.name: [question.key for question in self._wanted]})
        due = []
        for question in sorted(self._wanted):
            if self._is_fresh(question):
                self._end(question, Outcome.FRESH)
            else:
                due.append(question)
        self._progress.begin(self._target.title, len(due))
        for start in range(0, len(due), self._target.batch):
            self._ask(due[start : start + self._target.batch])
        return self._outcomes

    def _is_fresh(self, question: Question) -> bool:
        linked = self._mappings.subjects(question) >= set(self._wanted[question])
        check = self._log.last(self._target.name, question.key)
        if check is not None:
            age = self._options.today - check.date
            young = age < self._options.max_age or self._log.is_of_interrupted_run(check)
            return young and (linked or not check.found)
        date = self._mappings.newest(question)
        return linked and date is not None and self._options.today - date < self._options.max_age

    def _ask(self, questions: Sequence[Question]) -> None:
        """Put several questions at once; where that fails, smaller groups, so that one can't spoil all."""
        if not questions or not self._may_ask(questions):
            return
        try:
            answers = self._target.ask(self._session, self._address, questions)
            _check_forms(self._target, answers)
        except FetchError as error:
            self._silence += 1
            if len(questions) == 1:
                self._fail(questions[0], str(error))
                return
            middle = len(questions) // 2
            self._ask(questions[:middle])
            self._ask(questions[middle:])
        except BudgetSpentError as error:
            self._postponed = str(error)
            self._may_ask(questions)
        else:
            self._silence = 0
            for question in questions:
                self._take(question, answers.get(question, ()))

    def _may_ask(self, questions: Sequence[Question]) -> bool:
        """Whether there's any use in asking; records why not where there isn't."""
        outcome, reason = Outcome.POSTPONED, self._postponed
        if reason is None and self._silence >= _SILENCE_LIMIT:
            outcome = Outcome.FAILED
            reason = f"not asked, since {self._target.title} had given no usable answer {_SILENCE_LIMIT} times in a row"
        if reason is None:
            return True
        for question in questions:
            if outcome is Outcome.FAILED:
                self._fail(question, reason)
            else:
                self._end(question, outcome, reason)
        return False

    def _take(self, question: Question, iris: tuple[str, ...]) -> None:
        changed = self._mappings.keep(question, self._wanted[question], iris)
        self._log.note(self._target.name, question.key, found=bool(iris))
        self._kept.answered(self._target.name, question.key, ())
        known = Outcome.FOUND if changed else Outcome.UNCHANGED
        self._end(question, known if iris else Outcome.NOT_FOUND)

    def _fail(self, question: Question, reason: str) -> None:
        findings = [
            Finding(
                kind=f"{self._target.name}-failed",
                severity=Severity.NOTICE,
                message=f"{self._target.title} gave no usable answer about {question.key}: {reason}",
                advice="Run link again later; if it fails again, look at the answer under the address in the message.",
                value=question.value,
                paper=paper,
            )
            for paper in self._papers[question]
        ]
        self.findings += findings
        self._kept.answered(self._target.name, question.key, findings)
        self._end(question, Outcome.FAILED, reason)

    def _end(self, question: Question, outcome: Outcome, detail: str = "") -> None:
        self._outcomes.append(
            SourceOutcome(
                source=self._target.name,
                identifier=question.key,
                papers=self._wanted[question],
                outcome=outcome,
                detail=detail,
            )
        )
        if outcome is not Outcome.FRESH:
            self._progress.advance(outcome)


def _wanted(target: Target, subjects: Iterable[LinkSubject]) -> Mapping[Question, tuple[str, ...]]:
    wanted: dict[Question, tuple[str, ...]] = {}
    for subject in subjects:
        for question in subject.questions:
            if question.scheme in target.schemes:
                wanted[question] = (*wanted.get(question, ()), shorten_subject(subject.iri))
    return wanted


def _papers(target: Target, subjects: Iterable[LinkSubject]) -> Mapping[Question, tuple[str, ...]]:
    """The papers to tell of a question that fails."""
    concerned: dict[Question, dict[str, None]] = {}
    for subject in subjects:
        for question in subject.questions:
            if question.scheme in target.schemes:
                concerned.setdefault(question, {}).update(dict.fromkeys(subject.papers))
    return {question: tuple(papers) for question, papers in concerned.items()}


def _check_forms(target: Target, answers: Answers) -> None:
    for iris in answers.values():
        for iri in iris:
            if not any(form.shorten(iri) for form in target.forms):
                raise FetchError(f"{target.title} answered with <{iri}>, which is not how its IRIs look")
