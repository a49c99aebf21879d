"""What a reader may choose next: the values of each facet, with the papers that each would leave."""

from collections import Counter
from dataclasses import dataclass

from medsynth_kg.endpoint.exploring.papers import FACETS, Facet, Papers, Value
from medsynth_kg.endpoint.exploring.selection import Selection

FIRST_CHOICES = 8
"""Values of a facet that a page shows at once; the others are behind a fold."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, the number of papers that have it among those of the other facets' choice, and where it leads."""

    value: Value
    papers: int
    is_chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class FacetChoices:
    """A facet's values: chosen ones and the most frequent first, the rest folded."""

    facet: Facet
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]


def facet_choices(papers: Papers, selection: Selection) -> tuple[FacetChoices, ...]:
    """Count, for every facet, the papers of each value under what is chosen in the other facets."""
    counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
    for paper in papers.all:
        missed = selection.missed_by(paper)
        # A paper that misses the choice of one facet alone is among those which that facet's values could add.
        if len(missed) <= 1:
            for name in missed or counts:
                counts[name].update(value.key for value in paper.values[name])
    return tuple(_choices(facet, counts[facet.name], papers, selection) for facet in FACETS)


def _choices(facet: Facet, counts: Counter[str], papers: Papers, selection: Selection) -> FacetChoices:
    chosen = set(selection.chosen.get(facet.name, ()))
    known = papers.known_values[facet.name]
    choices = [
        Choice(known[key], counts[key], key in chosen, selection.toggled(facet.name, key).address())
        for key in counts.keys() | chosen
    ]
    by_time = facet.name == "year"
    choices.sort(key=lambda choice: (choice.value.label.casefold(), choice.value.key), reverse=by_time)
    if not by_time:
        choices.sort(key=lambda choice: -choice.papers)
    choices.sort(key=lambda choice: not choice.is_chosen and not by_time)
    return FacetChoices(facet, tuple(choices[:FIRST_CHOICES]), tuple(choices[FIRST_CHOICES:]))
