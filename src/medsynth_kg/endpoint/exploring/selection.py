"""A selection of papers: the values chosen in each facet, and an order; an address says it, and it says its address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from medsynth_kg.endpoint.errors import MalformedRequest, NotFound
from medsynth_kg.endpoint.exploring.papers import FACETS, Paper, Papers, Value
from medsynth_kg.endpoint.parameter_names import refuse_unknown

SORTS = {"newest": "newest first", "oldest": "oldest first", "title": "by title"}
"""The orders that papers can have; the first is meant where an address names none."""
_DEFAULT_SORT = "newest"
_SORTING: Mapping[str, tuple[Callable[[Paper], str], bool]] = {
    "newest": (lambda paper: paper.date, True),
    "oldest": (lambda paper: paper.date, False),
    "title": (lambda paper: paper.title.lower(), False),
}
_PARAMETERS = (*(facet.name for facet in FACETS), "sort", "page")
_MOST_LISTED = 12


@dataclass(frozen=True)
class Selection:
    """Papers that have, in each facet with chosen keys, any of them; without any key, all papers."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = _DEFAULT_SORT

    def address(self, path: str = "/explore", page: int = 1) -> str:
        """The address of this selection; equal selections have equal addresses."""
        parameters = [(facet.name, key) for facet in FACETS for key in sorted(self.chosen.get(facet.name, ()))]
        if self.sort != _DEFAULT_SORT:
            parameters.append(("sort", self.sort))
        if page != 1:
            parameters.append(("page", str(page)))
        return f"{path}?{urlencode(parameters, safe='/')}" if parameters else path

    def toggled(self, facet: str, key: str) -> "Selection":
        """This selection with one value more, or less where it has it."""
        keys = set(self.chosen.get(facet, ())) ^ {key}
        return replace(self, chosen={**self.chosen, facet: tuple(sorted(keys))})

    def sorted_by(self, sort: str) -> "Selection":
        """This selection in another order."""
        return replace(self, sort=sort)

    def missed_by(self, paper: Paper) -> list[str]:
        """The facets in which a paper has none of the values chosen."""
        return [
            facet
            for facet, keys in self.chosen.items()
            if keys and not any(value.key in keys for value in paper.values[facet])
        ]

    def papers(self, papers: Papers) -> list[Paper]:
        """The papers selected, in order; those that the order finds equal, by title and IRI."""
        key, descending = _SORTING[self.sort]
        return sorted((paper for paper in papers.all if not self.missed_by(paper)), key=key, reverse=descending)


def read_selection(arguments: Iterable[tuple[str, str]], papers: Papers) -> Selection:
    """Read the parameters of an address; empty ones, as a form sends them, choose nothing.

    Raises:
        MalformedRequest: a parameter is neither a facet nor an order.
        NotFound: no paper has a value.
    """
    chosen: dict[str, list[str]] = {}
    sort = _DEFAULT_SORT
    known = papers.known_values
    given = tuple(arguments)
    refuse_unknown((name for name, _ in given), _PARAMETERS, "/explore")
    for name, text in given:
        if name in known:
            if text:
                chosen.setdefault(name, []).append(_known_key(name, text, known[name]))
        elif name == "sort":
            sort = _known_sort(text)
    return Selection({name: tuple(sorted(set(keys))) for name, keys in chosen.items()}, sort)


def _known_key(facet: str, text: str, known: Mapping[str, Value]) -> str:
    if text in known:
        return text
    keys = sorted(known)
    more = f" and {len(keys) - _MOST_LISTED} more" if len(keys) > _MOST_LISTED else ""
    raise NotFound(f"no paper here has the {facet} {text[:60]}; there are {_listed(keys[:_MOST_LISTED])}{more}")


def _known_sort(text: str) -> str:
    if text and text not in SORTS:
        raise MalformedRequest(f"papers can't be sorted by {text[:40]}; choose {_listed(list(SORTS))}")
    return text or _DEFAULT_SORT


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
