"""Keeps what a run learns: snapshots, the log of checks, the report. Decides what is worth asking for."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from medsynth_kg.enrichment.checks import CheckLog
from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.enrichment.kept_findings import FindingsFile
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.progress import Progress
from medsynth_kg.enrichment.report import EnrichmentReport, Outcome, SourceOutcome
from medsynth_kg.enrichment.snapshots import read_snapshot, snapshot_path, write_snapshot
from medsynth_kg.enrichment.source_answer import SourceAnswer
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.survey.findings import Finding, Severity

Wanted = Mapping[str, tuple[str, ...]]
"""Identifiers to ask for, each with the local parts of the papers that it belongs to."""

_ELSEWHERE = {
    Source.CROSSREF: "check the DOI; one registered elsewhere (with DataCite, say) is not in Crossref",
    Source.ARXIV: "check the identifier on arxiv.org",
}


class Recorder:
    """What is known of ``papers`` (local parts) from fetched sources, and what this run adds to it."""

    def __init__(
        self,
        directory: Path,
        papers: Sequence[str],
        log: CheckLog,
        options: EnrichmentOptions,
        progress: Progress,
    ) -> None:
        self._directory = directory
        self._log = log
        self._options = options
        self._progress = progress
        self._outcomes: list[SourceOutcome] = []
        self._findings: list[Finding] = []
        self._kept = FindingsFile(directory)
        self._wanted: dict[str, set[str]] = {source: set() for source in (Source.CROSSREF, Source.ARXIV)}
        self._snapshots: dict[tuple[Source, str], Metadata] = {}
        for source in (Source.CROSSREF, Source.ARXIV):
            self._load(source, papers)

    def snapshot(self, source: Source, paper: str) -> Metadata | None:
        """What the source said of the paper last, in this run or an earlier one."""
        return self._snapshots.get((source, paper))

    def begin(self, source: Source, wanted: Wanted, stage: str) -> list[str]:
        """Begin a stage: answer with the identifiers that must be asked for, sorted; the others are fresh."""
        due = []
        self._load(source, (paper for papers in wanted.values() for paper in papers))
        self._wanted[source].update(wanted)
        for identifier in sorted(wanted):
            if self._is_fresh(source, identifier, wanted[identifier]):
                self._end(source, identifier, wanted[identifier], Outcome.FRESH)
            else:
                due.append(identifier)
        self._progress.begin(stage, len(due))
        return due

    def found(self, source: Source, identifier: str, papers: tuple[str, ...], answer: SourceAnswer) -> None:
        """Keep an answer for all the papers that the identifier belongs to."""
        changed = [paper for paper in papers if self._keep(answer.metadata, paper)]
        self._log.note(source, identifier, found=True)
        self._end(source, identifier, papers, Outcome.FOUND if changed else Outcome.UNCHANGED)
        findings = []
        if answer.problems:
            fields = ", ".join(answer.problems)
            message = f"{source}'s record of {identifier} has fields of an unexpected form, which were left out"
            advice = "nothing, unless the fact matters; then add it to the curated metadata"
            findings.append(_finding("metadata-misshapen", Severity.NOTICE, message, advice, fields))
        if answer.metadata.title is None:
            message = f"{source}'s record of {identifier} has no title"
            advice = "add the title to the curated metadata"
            findings.append(_finding("metadata-without-title", Severity.WARNING, message, advice, identifier))
        self._find(source, identifier, papers, findings)

    def missing(self, source: Source, identifier: str, papers: tuple[str, ...]) -> None:
        """Remember that the source doesn't know the identifier."""
        self._log.note(source, identifier, found=False)
        self._end(source, identifier, papers, Outcome.NOT_FOUND)
        message = f"{source} doesn't know {identifier}"
        finding = _finding(f"not-in-{source}", Severity.WARNING, message, _ELSEWHERE[source], identifier)
        self._find(source, identifier, papers, [finding])

    def failed(self, source: Source, identifier: str, papers: tuple[str, ...], reason: str) -> None:
        """Report a question without a usable answer; the next run asks again."""
        self._end(source, identifier, papers, Outcome.FAILED, reason)
        message = f"{source} gave no usable answer about {identifier}: {reason}"
        advice = "run enrich again later; if it fails again, look at the answer under the address in the message"
        finding = _finding(f"{source}-failed", Severity.WARNING, message, advice, identifier)
        self._find(source, identifier, papers, [finding])

    def postponed(self, source: Source, identifier: str, papers: tuple[str, ...], reason: str) -> None:
        """Leave a question to the next run."""
        self._end(source, identifier, papers, Outcome.POSTPONED, reason)

    def forget_others(self) -> None:
        """Forget what was found out about identifiers that no stage of this run wanted; call it after the last."""
        self._kept.forget_others(self._wanted)

    def report(self, requests: int) -> EnrichmentReport:
        """Everything so far; ``requests`` were sent for it."""
        return EnrichmentReport(outcomes=tuple(self._outcomes), findings=tuple(self._findings), requests=requests)

    def _load(self, source: Source, papers: Iterable[str]) -> None:
        for paper in sorted(papers):
            if (source, paper) not in self._snapshots and (snapshot := self._read(source, paper)):
                self._snapshots[source, paper] = snapshot

    def _read(self, source: Source, paper: str) -> Metadata | None:
        path = snapshot_path(self._directory, source, paper)
        if not path.exists():
            return None
        try:
            return read_snapshot(path)
        except SnapshotError:
            # What can't be read is fetched anew.
            return None

    def _is_fresh(self, source: Source, identifier: str, papers: tuple[str, ...]) -> bool:
        check = self._log.last(source, identifier)
        if check is not None:
            young = self._is_young(check.date) or self._log.is_of_interrupted_run(check)
            return young and (not check.found or self._share(source, identifier, papers))
        known = self._known(source, identifier)
        young = known is not None and self._is_young(known.retrieved)
        return young and self._share(source, identifier, papers)

    def _is_young(self, date: datetime.date) -> bool:
        return self._options.today - date < self._options.max_age

    def _known(self, source: Source, identifier: str) -> Metadata | None:
        """A snapshot that this identifier was answered with, whichever paper it was kept for."""
        field = "doi" if source is Source.CROSSREF else "arxiv_id"
        snapshots = (snapshot for snapshot in self._snapshots.values() if snapshot.source is source)
        return next((snapshot for snapshot in snapshots if getattr(snapshot, field) == identifier), None)

    def _share(self, source: Source, identifier: str, papers: tuple[str, ...]) -> bool:
        """Whether every paper has a snapshot, after those without one got a copy of another paper's."""
        known = self._known(source, identifier)
        for paper in papers:
            if known is not None and (source, paper) not in self._snapshots:
                self._keep(known, paper)
        return all((source, paper) in self._snapshots for paper in papers)

    def _keep(self, metadata: Metadata, paper: str) -> bool:
        """Write a snapshot, unless that would change nothing but its date; answer whether it was written."""
        snapshot = metadata.model_copy(update={"paper": paper})
        before = self._snapshots.get((metadata.source, paper))
        if before is not None and before == snapshot.model_copy(update={"retrieved": before.retrieved}):
            return False
        write_snapshot(self._directory, snapshot)
        self._snapshots[metadata.source, paper] = snapshot
        return True

    def _end(
        self, source: Source, identifier: str, papers: tuple[str, ...], outcome: Outcome, detail: str = ""
    ) -> None:
        self._outcomes.append(
            SourceOutcome(source=source, identifier=identifier, papers=papers, outcome=outcome, detail=detail)
        )
        if outcome is not Outcome.FRESH:
            self._progress.advance(outcome)

    def _find(self, source: Source, identifier: str, papers: tuple[str, ...], findings: Iterable[Finding]) -> None:
        told = [finding.model_copy(update={"paper": paper}) for paper in papers for finding in findings]
        self._findings += told
        self._kept.answered(source, identifier, told)


def _finding(kind: str, severity: Severity, message: str, advice: str, value: str) -> Finding:
    return Finding(kind=kind, severity=severity, message=message, advice=advice, value=value)
