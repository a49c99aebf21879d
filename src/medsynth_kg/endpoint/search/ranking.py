"""How well a name answers a query, both folded: from 0 to 1, which only the same words in the same order reach.

Over the shipped titles with one to eight faults each, the order of FTS5, the overlap of trigrams and the edit distance
put the right paper first almost equally often (293 to 300 of 300). What tells them apart are short queries, which are
words of a name or the beginnings of words; hence the two parts of the score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

WEIGHTS: Mapping[str, float] = {
    "preferred": 1.0,
    "alternative": 0.99,
    "hidden": 0.985,
    "beginning": 0.98,
    "context": 0.8,
}
"""What a name of each role counts, so that of two equal names the better one wins."""

_COVERAGE = 0.9
"""The score of a name that has all words of the query among many others."""
_WORD_ALIKE = 70.0
"""The least likeness in percent from which two words may be spellings of one."""
_WORDS = 24
"""Distinct words of a query that are looked for one by one; titles have fewer."""
_SHORTEST_MISSPELT = 3
"""Letters below which another word is another word, and no misspelling."""
_BEGUN = 0.95
"""What a word counts of which the query has the beginning alone."""


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name of an entity, with its role."""

    entity: int
    role: str
    folded: str


def score(query: str, name: Name) -> float:
    """Score a name for a query; a context counts by its words alone, since it is no name of its own."""
    words = list(dict.fromkeys(query.split()))[:_WORDS]
    covered = _COVERAGE * _coverage(words, name.folded.split())
    if name.role == "context":
        return WEIGHTS["context"] * covered
    alike = likeness(query, name.folded)
    return WEIGHTS[name.role] * max(alike, covered + (1 - _COVERAGE) * alike)


def best_by_entity(query: str, names: Sequence[Name]) -> dict[int, float]:
    """The score of each entity by its best name."""
    scores: dict[int, float] = {}
    for name in names:
        scores[name.entity] = max(scores.get(name.entity, 0.0), score(query, name))
    return scores


def likeness(query: str, name: str) -> float:
    """Likeness of whole folded names, from 0 to 1; without spaces too, since a lost hyphen joins two words."""
    spaced = fuzz.ratio(query, name)
    if spaced == 100.0:
        return 1.0
    joined = fuzz.ratio(query.replace(" ", ""), name.replace(" ", ""))
    # Names that differ in their spaces alone are not quite the same.
    return min(max(spaced, joined), 99.5) / 100


def _coverage(query: Sequence[str], name: Sequence[str]) -> float:
    """The share of the query's letters whose words the name has, begun or misspelt ones in part."""
    letters = sum(map(len, query))
    return sum(len(word) * _best_word(word, name) for word in query) / letters if letters else 0.0


def _best_word(word: str, name: Sequence[str]) -> float:
    if word in name:
        return 1.0
    if any(candidate.startswith(word) for candidate in name):
        return _BEGUN
    if len(word) < _SHORTEST_MISSPELT:
        return 0.0
    found = process.extractOne(word, name, scorer=fuzz.ratio, score_cutoff=_WORD_ALIKE)
    return found[1] / 100 if found else 0.0
