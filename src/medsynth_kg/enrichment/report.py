"""What a run of ``enrich`` or ``link`` achieved, identifier by identifier."""

from collections import Counter
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

from medsynth_kg.survey.findings import Finding


class Outcome(StrEnum):
    """How a question to a source ended."""

    FOUND = "found"
    """Something new: the first answer, or one that differs from the last."""
    UNCHANGED = "unchanged"
    NOT_FOUND = "not found"
    """The source doesn't know the identifier."""
    FAILED = "failed"
    """No usable answer; what was known before stays, and the next run asks again."""
    POSTPONED = "postponed"
    """Not asked, because the run's budget was used up; the next run goes on here."""
    FRESH = "fresh"
    """Not asked, because the last answer is young enough."""


class SourceOutcome(BaseModel):
    """How one identifier fared at one source; ``papers`` are the things that it belongs to, most often papers."""

    model_config = ConfigDict(frozen=True)

    source: str
    identifier: str
    papers: tuple[str, ...]
    outcome: Outcome
    detail: str = ""

    @property
    def line(self) -> str:
        """The outcome in one line, for the summary."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.source} {self.identifier}: {self.outcome}{detail}"


class EnrichmentReport(BaseModel):
    """Every outcome of a run, in the order of asking, and the findings for the survey's maintainers."""

    model_config = ConfigDict(frozen=True)

    outcomes: tuple[SourceOutcome, ...]
    findings: tuple[Finding, ...]
    requests: int
    """Requests that were sent, repeated attempts included."""

    def __add__(self, other: Self) -> Self:
        """This run and one that came after it, as one."""
        return self.model_copy(
            update={
                "outcomes": (*self.outcomes, *other.outcomes),
                "findings": (*self.findings, *other.findings),
                "requests": self.requests + other.requests,
            }
        )

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many identifiers ended in each way; all outcomes are present."""
        counted = Counter(outcome.outcome for outcome in self.outcomes)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each identifier that was not found, failed or was postponed."""
        worth_telling = (Outcome.NOT_FOUND, Outcome.FAILED, Outcome.POSTPONED)
        return tuple(outcome.line for outcome in self.outcomes if outcome.outcome in worth_telling)

    @property
    def summary(self) -> str:
        """The counts of all outcomes and the number of requests, in one line."""
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items())
        return f"{counts}; {self.requests} requests"

    @property
    def failed(self) -> bool:
        """Whether any question had no usable answer."""
        return self.counts[Outcome.FAILED] > 0
