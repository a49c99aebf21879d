"""What a reader must know before anything else: that a paper was taken back, whose code a repository holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row
from medsynth_kg.endpoint.tables import Cell

_ROLES = {
    "authors": "The paper's own authors published this code for it.",
    "original method": "This is the code of an earlier method by others, which the paper builds on or applies.",
    "placeholder": "This repository exists but holds no code.",
    "unknown": "Nobody has checked yet whose code this is.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above everything else on a page; ``warns`` where it tells against relying on the thing."""

    text: str
    links: tuple[Cell, ...] = ()
    warns: bool = False


def notices_of(rows: Iterable[Row], links: Links) -> tuple[Notice, ...]:
    """The notices of one thing, from the rows of the query ``entity-notices``."""
    known = list(rows)
    if not known:
        return ()
    first = {name: term.value for name, term in known[0].items()}
    told = {(row["label"].value, row.get("text", row["notice"]).value): None for row in known if "notice" in row}
    cells = tuple(Cell(label, links.href(iri)) for label, iri in told)
    return (*_of_paper(first, cells), *_of_repository(first))


def _of_paper(values: dict[str, str], cells: tuple[Cell, ...]) -> Iterator[Notice]:
    if "retracted" in values:
        yield Notice("This paper has been retracted or withdrawn.", cells, warns=True)
    elif cells:
        yield Notice("There is a notice about this paper:", cells, warns=True)


def _of_repository(values: dict[str, str]) -> Iterator[Notice]:
    checked = f" on {values['checked']}, when it was last checked" if "checked" in values else ""
    if values.get("gone") == "true":
        yield Notice(f"This repository was gone{checked}.", warns=True)
    elif values.get("archived") == "true":
        yield Notice(f"This repository was archived by its owner, so that it changes no more{checked}.")
    elif checked:
        yield Notice(f"This repository was there{checked}.")
    if role := _ROLES.get(values.get("role", "")):
        yield Notice(role, warns=values["role"] == "placeholder")
