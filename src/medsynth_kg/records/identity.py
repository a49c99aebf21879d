"""Which identifiers mean one paper: a preprint and its published version are one work."""

from collections.abc import Iterable, Iterator

from medsynth_kg.identifiers.paper import PaperIdentifier, identify_paper
from medsynth_kg.records.curation import Decisions, PaperPair
from medsynth_kg.records.metadata import Metadata
from medsynth_kg.survey.entries import SurveyEntry

_OPENREVIEW = "https://openreview.net/forum?id="


class Identity:
    """Groups of identifiers (as local parts of paper IRIs) that mean one paper each.

    Two groups are never joined where a decision says that a member of one and a member of the other are
    different papers; decisions that two are the same paper are heard first.
    """

    def __init__(self, decisions: Decisions) -> None:
        self._different = decisions.different_papers
        self._groups: dict[str, set[str]] = {}
        for pair in _in_order(decisions.same_papers):
            self.join(pair)

    def join(self, papers: Iterable[str]) -> None:
        """Take ``papers`` for one paper, in their order, as far as the decisions allow."""
        first, *others = papers
        for other in others:
            one, two = self.group(first), self.group(other)
            if one is two or self._kept_apart(one, two):
                continue
            one |= two
            for member in two:
                self._groups[member] = one

    def group(self, paper: str) -> set[str]:
        """All identifiers of the paper that has this one."""
        return self._groups.setdefault(paper, {paper})

    def _kept_apart(self, one: set[str], two: set[str]) -> bool:
        return any(len(pair & one) == 1 and len(pair & two) == 1 for pair in self._different)


def paper_identity(entries: Iterable[SurveyEntry], metadata: Iterable[Metadata], decisions: Decisions) -> Identity:
    """Group identifiers by what the decisions, the survey's own cells and the sources say, in that order."""
    identity = Identity(decisions)
    for entry in entries:
        identity.join(identifier.local_part for identifier in (entry.paper, *entry.other_papers))
    for record in sorted(metadata, key=lambda record: (record.source, record.paper)):
        identity.join([record.paper, *(identifier.local_part for identifier in metadata_identifiers(record))])
    return identity


def metadata_identifiers(record: Metadata) -> Iterator[PaperIdentifier]:
    """The identifiers that a record gives: of its paper, of the paper's preprints and other versions."""
    labelled = (("arXiv:", record.arxiv_id), ("pmid:", record.pmid), (_OPENREVIEW, record.openreview_id))
    texts = [record.doi, *record.preprint_dois, *record.version_dois]
    texts += [label + value for label, value in labelled if value]
    yield from filter(None, (identify_paper(text) for text in texts if text))


def _in_order(pairs: Iterable[PaperPair]) -> list[list[str]]:
    return sorted(map(sorted, pairs))
