"""Modality by model family by evaluation category, from the query ``gaps``, and its empty cells in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from medsynth_kg.endpoint.results import Row

SHADES = 5
"""Steps of shading for cells that are not empty."""
_BY = ("assessment", "evaluation", "review")


@dataclass(frozen=True, slots=True)
class Heading:
    """A modality, a family or a category: its key in addresses, its label, and its name within a sentence."""

    key: str
    label: str
    name: str

    @property
    def short(self) -> str:
        """An acronym, where the vocabulary has one, else the label."""
        return self.name if self.name.isupper() else self.label


@dataclass(frozen=True, slots=True)
class GapCell:
    """Of ``papers`` of a modality and a family, so many were ``evaluated``; ``sentence`` says it in plain words."""

    modality: Heading
    family: Heading
    papers: int
    evaluated: int
    shade: int
    address: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """One evaluation category: a row of cells for each modality, in the order of ``families``."""

    category: Heading
    families: tuple[Heading, ...]
    rows: tuple[tuple[Heading, tuple[GapCell, ...]], ...]

    @property
    def cells(self) -> tuple[GapCell, ...]:
        """All cells, row by row."""
        return tuple(cell for _, cells in self.rows for cell in cells)

    @property
    def gaps(self) -> tuple[GapCell, ...]:
        """Cells with papers of which none was evaluated, those with most papers first."""
        empty = (cell for cell in self.cells if cell.papers and not cell.evaluated)
        return tuple(sorted(empty, key=lambda cell: -cell.papers))

    @property
    def untried(self) -> tuple[GapCell, ...]:
        """Cells without any paper."""
        return tuple(cell for cell in self.cells if not cell.papers)

    @property
    def evaluated(self) -> int:
        """The sum of all cells; a paper of several families is counted in each."""
        return sum(cell.evaluated for cell in self.cells)


def read_matrices(rows: Iterable[Row], base: str) -> tuple[Matrix, ...]:
    """One matrix a category, those that papers were evaluated for least first, since they show most gaps."""
    solutions = list(rows)
    most = max((int(row["evaluated"].value) for row in solutions), default=0)
    cells: dict[Heading, dict[Heading, list[GapCell]]] = {}
    for row in solutions:
        category, modality = _heading(row, "category", base), _heading(row, "modality", base)
        cells.setdefault(category, {}).setdefault(modality, []).append(_cell(row, base, most))
    matrices = (_matrix(category, by_modality) for category, by_modality in cells.items())
    return tuple(sorted(matrices, key=lambda matrix: (matrix.evaluated, matrix.category.label)))


def _matrix(category: Heading, cells: Mapping[Heading, Sequence[GapCell]]) -> Matrix:
    """A matrix whose sides begin with what most papers are about, which a narrow screen shows first."""
    by_family: Counter[Heading] = Counter()
    for cell in chain.from_iterable(cells.values()):
        by_family[cell.family] += cell.papers
    families = sorted(by_family, key=lambda family: -by_family[family])
    rows = (
        (modality, tuple(sorted(found, key=lambda cell: families.index(cell.family))))
        for modality, found in cells.items()
    )
    by_papers = sorted(rows, key=lambda row: -sum(cell.papers for cell in row[1]))
    return Matrix(category, tuple(families), tuple(by_papers))


def _heading(row: Row, name: str, base: str) -> Heading:
    label = row[f"{name}Label"].value
    key = row[name].value.removeprefix(base).partition("/")[2]
    return Heading(key, label, row[f"{name}Name"].value if f"{name}Name" in row else label.lower())


def _cell(row: Row, base: str, most: int) -> GapCell:
    category, modality, family = (_heading(row, name, base) for name in ("category", "modality", "family"))
    papers, evaluated = int(row["papers"].value), int(row["evaluated"].value)
    chosen = {"modality": modality.key, "family": family.key} | ({"evaluation": category.key} if evaluated else {})
    return GapCell(
        modality=modality,
        family=family,
        papers=papers,
        evaluated=evaluated,
        shade=-(-evaluated * SHADES // most) if most else 0,
        address=f"/explore?{urlencode(chosen, safe='/')}",
        sentence=_sentence(category, modality, family, papers, evaluated),
    )


def _sentence(category: Heading, modality: Heading, family: Heading, papers: int, evaluated: int) -> str:
    model = _model(modality, family)
    if not papers:
        return f"No {model} is here at all."
    way = "by" if category.name.endswith(_BY) else "for"
    if not evaluated:
        return f"No {model} here was checked {way} {category.name}."
    noun = "paper" if papers == 1 else "papers"
    return f"{evaluated} of {papers} {noun} with {_article(model)} {model} checked it {way} {category.name}."


def _model(modality: Heading, family: Heading) -> str:
    return f"{modality.name} model of another family" if family.key == "other" else f"{modality.name} {family.name}"


def _article(words: str) -> str:
    first = words.partition(" ")[0]
    vowels = "AEFHILMNORSX" if first.isupper() else "aeiouAEIOU"
    return "an" if first[0] in vowels else "a"
