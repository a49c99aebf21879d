"""Asks Crossref and arXiv for every paper that the survey names, and keeps what they say as snapshots.

Stages: Crossref for the DOIs known, arXiv for the identifiers known or named by Crossref as the preprint, then
Crossref for the DOIs that arXiv names, and for those of preprints and published versions that Crossref itself names.
Each answer is written as it arrives; a question has one identifier, however many papers it belongs to, and is put once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.enrichment.arxiv import IDENTIFIERS_AT_ONCE, Feed, fetch_feed, parse_entry
from medsynth_kg.enrichment.checks import CheckLog
from medsynth_kg.enrichment.crossref import fetch_work, parse_work
from medsynth_kg.enrichment.errors import BudgetSpentError, FetchError, ServiceBusyError
from medsynth_kg.enrichment.notes import own_notes
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.order_of_asking import in_order_of_asking
from medsynth_kg.enrichment.politeness import Turns
from medsynth_kg.enrichment.progress import Progress
from medsynth_kg.enrichment.recording import Recorder, Wanted
from medsynth_kg.enrichment.report import EnrichmentReport
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.enrichment.stated_identifiers import stated_arxiv
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.papers import Paper

_SILENCE_LIMIT = 10
"""After so many questions in a row without an answer a service seems down; after one more it isn't asked further."""


class SurveyedPaper(BaseModel):
    """A paper as enrichment needs it: the local part of its IRI, and the identifiers that are known."""

    model_config = ConfigDict(frozen=True)

    local_part: str
    doi: str | None = None
    arxiv_id: str | None = None


def surveyed_papers(papers: Iterable[Paper]) -> tuple[SurveyedPaper, ...]:
    """What to enrich: every paper of the survey with a DOI or an arXiv identifier, from the survey or curated.

    A paper with several DOIs or arXiv identifiers is asked for by the first.
    """
    known = (_surveyed_paper(paper) for paper in papers)
    return tuple(paper for paper in known if paper.doi or paper.arxiv_id)


def enrich(
    papers: Iterable[SurveyedPaper], data: Path, options: EnrichmentOptions, progress: Progress
) -> EnrichmentReport:
    """Bring ``data/metadata/{crossref,arxiv}`` up to date; see the module's text for how.

    Asked is what was never answered, or ``options.max_age`` ago or longer. A run that was interrupted is continued
    by the next one. What goes wrong with one paper is an outcome and a finding, and the others go on.

    Raises:
        EnrichmentRunningError: another run is at work in ``data``.
        MetadataNotWritten: ``data`` can't be written to.
    """
    surveyed = sorted(papers, key=lambda paper: paper.local_part)
    with ExitStack() as resources:
        notes = resources.enter_context(own_notes(data / "metadata"))
        budget = options.new_budget()
        log = resources.enter_context(CheckLog(notes / "checks.jsonl", options.today))
        resources.enter_context(progress)
        recorder = Recorder(data / "metadata", [paper.local_part for paper in surveyed], log, options, progress)
        rate = (options.crossref_rate, 1.0)
        crossref = ServiceSession(options, budget, notes / "crossref.sqlite", rate)
        turns = Turns(options.turns / "arxiv-turn", options.arxiv_interval)
        rate = (1.0, max(options.arxiv_interval, 0.001))
        arxiv = ServiceSession(options, budget, notes / "arxiv.sqlite", rate, turns)
        run = _Run(options, recorder, resources.enter_context(crossref), resources.enter_context(arxiv), surveyed)
        if run.complete():
            recorder.forget_others()
            log.finish()
        return recorder.report(budget.requests_spent)


class _Run:
    def __init__(
        self,
        options: EnrichmentOptions,
        recorder: Recorder,
        crossref: ServiceSession,
        arxiv: ServiceSession,
        papers: Sequence[SurveyedPaper],
    ) -> None:
        self._options = options
        self._recorder = recorder
        self._crossref = crossref
        self._arxiv = arxiv
        self._papers = papers
        self._silence = {Source.CROSSREF: 0, Source.ARXIV: 0}
        self._wanted: Wanted = {}
        self._postponed: str | None = None

    def complete(self) -> bool:
        """Go through all stages; false where the budget left something unasked."""
        stated = self._by_identifier((paper.doi, paper.local_part) for paper in self._papers)
        self._ask_crossref(stated, "Crossref, DOIs of the survey")
        preprints = self._by_identifier(
            (paper.arxiv_id or self._preprint(paper.local_part), paper.local_part) for paper in self._papers
        )
        self._ask_arxiv(preprints, "arXiv")
        published = self._by_identifier(
            (self._published(paper.local_part), paper.local_part) for paper in self._papers if not paper.doi
        )
        self._ask_crossref(published, "Crossref, DOIs named by arXiv")
        others = [PaperIdentifier(scheme="doi", value=doi) for doi in self._other_versions()]
        unasked = {other.value: (other.local_part,) for other in others if other.value not in {*stated, *published}}
        self._ask_crossref(unasked, "Crossref, preprints and published versions")
        return self._postponed is None

    def _by_identifier(self, pairs: Iterable[tuple[str | None, str]]) -> Wanted:
        wanted: dict[str, tuple[str, ...]] = {}
        for identifier, paper in pairs:
            if identifier:
                wanted[identifier] = (*wanted.get(identifier, ()), paper)
        return wanted

    def _preprint(self, paper: str) -> str | None:
        snapshot = self._recorder.snapshot(Source.CROSSREF, paper)
        stated = (stated_arxiv(doi) for doi in (snapshot.preprint_dois if snapshot else ()))
        return next((preprint.identifier for preprint in stated if preprint), None)

    def _published(self, paper: str) -> str | None:
        snapshot = self._recorder.snapshot(Source.ARXIV, paper)
        return snapshot.doi if snapshot else None

    def _other_versions(self) -> Iterator[str]:
        """The published versions of preprints, and the preprints of published versions, that Crossref names."""
        for paper in self._papers:
            if snapshot := self._recorder.snapshot(Source.CROSSREF, paper.local_part):
                dois = snapshot.version_dois if snapshot.is_preprint else snapshot.preprint_dois
                yield from (doi for doi in dois if stated_arxiv(doi) is None)

    def _ask_crossref(self, wanted: Wanted, stage: str) -> None:
        self._wanted = wanted
        due = self._recorder.begin(Source.CROSSREF, wanted, stage)
        for doi in in_order_of_asking(due, lambda: self._silence[Source.CROSSREF] == _SILENCE_LIMIT):
            if self._may_ask(Source.CROSSREF, [doi]):
                self._ask_for_work(doi)

    def _ask_for_work(self, doi: str) -> None:
        papers = self._wanted[doi]
        try:
            answer = fetch_work(self._crossref, self._options.crossref_url, doi)
            if answer is None:
                self._recorder.missing(Source.CROSSREF, doi, papers)
            else:
                work = parse_work(answer, doi, papers[0], self._options.today)
                self._recorder.found(Source.CROSSREF, doi, papers, work)
            self._silence[Source.CROSSREF] = 0
        except FetchError as error:
            self._note_failure(Source.CROSSREF, error)
            self._recorder.failed(Source.CROSSREF, doi, papers, str(error))
        except BudgetSpentError as error:
            self._postpone(Source.CROSSREF, [doi], str(error))

    def _ask_arxiv(self, wanted: Wanted, stage: str) -> None:
        self._wanted = wanted
        due = self._recorder.begin(Source.ARXIV, wanted, stage)
        for start in range(0, len(due), IDENTIFIERS_AT_ONCE):
            self._ask_for_preprints(due[start : start + IDENTIFIERS_AT_ONCE])

    def _ask_for_preprints(self, identifiers: Sequence[str]) -> None:
        """Ask for several papers at once; where that fails, for smaller groups, so that one can't spoil all."""
        if not identifiers or not self._may_ask(Source.ARXIV, identifiers):
            return
        try:
            feed = fetch_feed(self._arxiv, self._options.arxiv_url, identifiers)
        except FetchError as error:
            self._note_failure(Source.ARXIV, error)
            self._ask_in_halves(identifiers, str(error))
        except BudgetSpentError as error:
            self._postpone(Source.ARXIV, identifiers, str(error))
        else:
            self._silence[Source.ARXIV] = 0
            self._take_feed(feed, identifiers)

    def _ask_in_halves(self, identifiers: Sequence[str], reason: str) -> None:
        if len(identifiers) == 1:
            self._recorder.failed(Source.ARXIV, identifiers[0], self._wanted[identifiers[0]], reason)
            return
        middle = len(identifiers) // 2
        self._ask_for_preprints(identifiers[:middle])
        self._ask_for_preprints(identifiers[middle:])

    def _take_feed(self, feed: Feed, identifiers: Sequence[str]) -> None:
        if feed.error is not None:
            reason = f"{feed.address} answered with the error: {feed.error}"
            refused = [one for one in identifiers if _names(feed.error, one)]
            for identifier in refused:
                self._recorder.failed(Source.ARXIV, identifier, self._wanted[identifier], reason)
            rest = [one for one in identifiers if one not in refused]
            if refused:
                self._ask_for_preprints(rest)
            else:
                self._ask_in_halves(rest, reason)
        elif not feed.entries and len(identifiers) > 1:
            # arXiv is known to answer with an empty feed now and then though it has the papers.
            self._ask_in_halves(identifiers, "")
        else:
            for identifier in identifiers:
                self._take_entry(feed, identifier)

    def _take_entry(self, feed: Feed, identifier: str) -> None:
        papers = self._wanted[identifier]
        entry = feed.entries.get(identifier)
        if entry is None:
            self._recorder.missing(Source.ARXIV, identifier, papers)
            return
        answer = parse_entry(entry, self._options.arxiv_url, papers[0], self._options.today)
        self._recorder.found(Source.ARXIV, identifier, papers, answer)

    def _note_failure(self, source: Source, error: FetchError) -> None:
        self._silence[source] = self._silence[source] + 1 if isinstance(error, ServiceBusyError) else 0

    def _may_ask(self, source: Source, identifiers: Sequence[str]) -> bool:
        """Whether there's any use in asking; records why not where there isn't."""
        if self._postponed is not None:
            self._postpone(source, identifiers, self._postponed)
            return False
        if self._silence[source] > _SILENCE_LIMIT:
            reason = f"not asked, since {source} had not answered {self._silence[source]} questions in a row"
            for identifier in identifiers:
                self._recorder.failed(source, identifier, self._wanted[identifier], reason)
            return False
        return True

    def _postpone(self, source: Source, identifiers: Sequence[str], reason: str) -> None:
        self._postponed = reason
        for identifier in identifiers:
            self._recorder.postponed(source, identifier, self._wanted[identifier], reason)


def _surveyed_paper(paper: Paper) -> SurveyedPaper:
    values = [identifier.value for identifier in paper.identifiers if identifier.scheme in ("doi", "arxiv")]
    if paper.work:
        values += filter(None, (paper.work.facts.doi, paper.work.facts.arxiv_id))
    preprints = [stated_arxiv(value) for value in values]
    dois = [value for value, preprint in zip(values, preprints, strict=True) if preprint is None]
    return SurveyedPaper(
        local_part=paper.identifier.local_part,
        doi=next(iter(dois), None),
        arxiv_id=next((preprint.identifier for preprint in preprints if preprint), None),
    )


def _names(message: str, identifier: str) -> bool:
    """Whether a message names the identifier, and not merely a longer one that contains it."""
    return re.search(rf"(?<![\w./]){re.escape(identifier)}(?![\w/]|\.\w)", message) is not None
