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
    return tuple(_choices(facet, papers, selection) for facet in FACETS)


def _choices(facet: Facet, papers: Papers, selection: Selection) -> FacetChoices:
    chosen = set(selection.chosen.get(facet.name, ()))
    counts = Counter(
        value for paper in selection.without(facet.name).matching(papers) for value in paper.values[facet.name]
    )
    counts.update(dict.fromkeys((papers.known_values[facet.name][key] for key in chosen), 0))
    choices = [
        Choice(value, count, value.key in chosen, selection.toggled(facet.name, value.key).address())
        for value, count in counts.items()
    ]
    by_time = facet.name == "year"
    choices.sort(key=lambda choice: choice.value.label.casefold(), reverse=by_time)
    if not by_time:
        choices.sort(key=lambda choice: -choice.papers)
    choices.sort(key=lambda choice: not choice.is_chosen and not by_time)
    return FacetChoices(facet, tuple(choices[:FIRST_CHOICES]), tuple(choices[FIRST_CHOICES:]))
