"""The shape that all targets share: asked about identifiers in batches, they answer with IRIs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.enrichment.stated_identifiers import arxiv_doi

Scheme = Literal["doi", "arxiv", "repository"]


class Question(NamedTuple):
    """An identifier to look up: a DOI in lower case, a bare arXiv id, or a repository's address on its forge."""

    scheme: Scheme
    value: str

    @property
    def key(self) -> str:
        """The question in one word, such as ``doi:10.3390/s23198328``."""
        return f"{self.scheme}:{self.value}"

    @property
    def doi(self) -> str:
        """The DOI; for an arXiv id the one that arXiv registers for it."""
        return arxiv_doi(self.value) if self.scheme == "arxiv" else self.value


Answers = Mapping[Question, tuple[str, ...]]
"""The IRIs that a target has for each question; a question that isn't there has none."""

Ask = Callable[[ServiceSession, str, Sequence[Question]], Answers]
"""Put one batch of questions to the service at a base address; raises as ``ServiceSession.get`` does."""


@dataclass(frozen=True, slots=True)
class Form:
    """What IRIs of a target look like: a namespace with its prefix, and what may follow it.

    ``derived`` marks IRIs that follow by rule from an answer of which they aren't part.
    """

    prefix: str
    namespace: str
    local: re.Pattern[str]
    derived: bool = False

    def shorten(self, iri: str) -> str | None:
        """The IRI as ``prefix:local``; None where it isn't of this form."""
        local = iri.removeprefix(self.namespace)
        return f"{self.prefix}:{local}" if local != iri and self.local.fullmatch(local) else None


@dataclass(frozen=True, slots=True)
class Target:
    """Another graph, and how to find things of ours in it.

    ``rate`` is the number of requests allowed in a number of seconds. ``predicate`` joins our thing to theirs.
    """

    name: str
    title: str
    address: str
    schemes: tuple[Scheme, ...]
    batch: int
    rate: tuple[float, float]
    forms: tuple[Form, ...]
    ask: Ask
    predicate: str = "schema:sameAs"
