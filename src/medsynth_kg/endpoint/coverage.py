"""How much the graph knows of its papers, and how far it is linked; both counted by SPARQL."""

from dataclasses import dataclass

from medsynth_kg.endpoint.serving import ServedRelease

_FACTS = {"titled": "a title", "authored": "authors", "placed": "a venue", "dated": "a date"}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the papers have one thing; ``percent`` is rounded down, so that 100 means all."""

    name: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The shares of papers with each fact, and the number of links by the site that they lead to, most first."""

    papers: int
    shares: tuple[Share, ...]
    links: tuple[tuple[str, int], ...]


def coverage_of(served: ServedRelease) -> Coverage:
    """Count what a release knows of its papers."""
    (row,) = served.rows("coverage")
    counts = {name: int(term.value) for name, term in row.items()}
    papers = counts["papers"]
    shares = (Share(title, counts[name], 100 * counts[name] // max(papers, 1)) for name, title in _FACTS.items())
    links = ((row["target"].value, int(row["links"].value)) for row in served.rows("links-by-target"))
    return Coverage(papers, tuple(shares), tuple(links))
