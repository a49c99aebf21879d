"""The picture of a paper's citations: what it cites to the left, what cites it to the right, lines between them.

Lengths are in units of the view box, which is ``WIDTH`` wide: one is about a CSS pixel on a phone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from medsynth_kg.endpoint.entity_pages.shortening import shortened

WIDTH = 400.0
MOST = 12
"""Papers on one side; of more, the newest."""
MOST_AMONG = 24
"""Citations among the neighbours that can still be told apart; of more, none is drawn."""
PITCH = 28.0
"""The height of a row, so that a finger or pointer finds each (WCAG 2.2, 2.5.8)."""
LETTERS = 16
"""The longest label."""
_HEAD = 30.0
_MIDDLE = WIDTH / 2
_DOTS = (136.0, WIDTH - 136.0)
_GAP = 9.0
"""Between a dot and its label."""
_EDGE = 7.0
"""From the middle of a dot to the edge of what can be pointed at."""
_LETTER = 7.0
_ROWS_AT_LEAST = 3
_BEND = 12.0
_WIDEST_BEND = 46.0


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """A paper as a picture shows it; absent facts are empty.

    ``author`` is the first one's family name, or what stands for it; without one, the title names the paper.
    """

    iri: str
    href: str | None
    title: str
    author: str = ""
    year: str = ""
    is_retracted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A paper's dot with its label, or, where ``left_out`` is not 0, the word that so many are not drawn.

    ``anchor`` is which end of the label is at ``label_x``, as SVG's ``text-anchor`` has it.
    """

    x: float
    y: float
    label: str
    label_x: float
    anchor: str
    name: str
    href: str | None
    is_retracted: bool = False
    left_out: int = 0

    @property
    def left(self) -> float:
        """The left edge of the dot and label of a neighbour."""
        return self.x - _EDGE if self.anchor == "start" else self.x + _EDGE - self.width

    @property
    def width(self) -> float:
        """How wide dot and label of a neighbour are."""
        return min(_DOTS[0], abs(self.label_x - self.x) + len(self.label) * _LETTER) + _EDGE


@dataclass(frozen=True, slots=True)
class Curve:
    """A citation: a Bézier curve between two dots. ``among`` tells that it joins two neighbours."""

    x: float
    y: float
    bend_x: float
    bend_y: float
    back_x: float
    back_y: float
    to_x: float
    to_y: float
    among: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What one side of the picture is, at the top of its labels."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The paper itself and its neighbours; ``among`` counts the citations among those whose dots are there."""

    height: float
    subject: Mark
    marks: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    headings: tuple[Heading, ...]
    among: int

    @property
    def rests(self) -> bool:
        """Whether papers are left out."""
        return any(mark.left_out for mark in self.marks)

    @property
    def among_drawn(self) -> bool:
        """Whether the citations among the neighbours are drawn."""
        return self.among <= MOST_AMONG

    @property
    def taken_back(self) -> bool:
        """Whether a paper of the picture was retracted or withdrawn."""
        return any(mark.is_retracted for mark in (*self.marks, self.subject))


@dataclass(frozen=True, slots=True)
class Side:
    """The papers on one side of the picture, and where a list has all of them."""

    papers: Sequence[CitedPaper]
    list_href: str

    @property
    def shown(self) -> list[CitedPaper]:
        """The newest papers, from the oldest of them down."""
        ordered = sorted(self.papers, key=lambda paper: (paper.year, paper.author, paper.title, paper.iri))
        return ordered[-MOST:]

    @property
    def left_out(self) -> int:
        """How many papers are not shown."""
        return max(0, len(self.papers) - MOST)

    @property
    def rows(self) -> int:
        """What the side takes, with the word that there are more."""
        return min(len(self.papers), MOST) + bool(self.left_out)


def draw_neighbourhood(
    subject: CitedPaper, cited: Side, citing: Side, citations: Collection[tuple[str, str]]
) -> Neighbourhood:
    """Draw a paper's neighbours; ``citations`` are pairs of their IRIs, the one that cites first."""
    labels = _labels([subject, *cited.shown, *citing.shown])
    rows = max(_ROWS_AT_LEAST, cited.rows, citing.rows)
    y = _HEAD + rows * PITCH / 2
    left, right = (
        {paper.iri: mark for paper, mark in _column(side, number, y, labels)}
        for number, side in enumerate((cited, citing))
    )
    rests = (_rest(side, number, y) for number, side in enumerate((cited, citing)) if side.left_out)
    among = tuple(_among(left, right, citations))
    return Neighbourhood(
        height=_HEAD + rows * PITCH + 4,
        subject=_subject(subject, labels[subject.iri], y),
        marks=(*left.values(), *right.values(), *rests),
        curves=(
            *(among if len(among) <= MOST_AMONG else ()),
            *(_from_middle(y, mark) for mark in (*left.values(), *right.values())),
        ),
        headings=(
            _heading(f"It cites {len(cited.papers)}", 0),
            _heading(f"Cited by {len(citing.papers)}", 1),
        ),
        among=len(among),
    )


def _heading(text: str, number: int) -> Heading:
    _, anchor, label_x = _place(number)
    return Heading(text, label_x, _HEAD / 3, anchor)


def _column(side: Side, number: int, y: float, labels: Mapping[str, str]) -> Iterator[tuple[CitedPaper, Mark]]:
    top = y - (side.rows - 1) * PITCH / 2
    for row, paper in enumerate(side.shown):
        yield paper, _mark(number, top + row * PITCH, labels[paper.iri], paper)


def _mark(number: int, y: float, label: str, paper: CitedPaper) -> Mark:
    x, anchor, label_x = _place(number)
    return Mark(x, y, label, label_x, anchor, paper.title, paper.href, paper.is_retracted)


def _rest(side: Side, number: int, y: float) -> Mark:
    x, anchor, label_x = _place(number)
    label = f"and {side.left_out} more"
    bottom = y + (side.rows - 1) * PITCH / 2
    return Mark(x, bottom, label, label_x, anchor, label, side.list_href, left_out=side.left_out)


def _place(number: int) -> tuple[float, str, float]:
    """Where the dots of a side are, and which end of their labels is where."""
    x = _DOTS[number]
    return (x, "start", x + _GAP) if number else (x, "end", x - _GAP)


def _subject(paper: CitedPaper, label: str, y: float) -> Mark:
    return Mark(_MIDDLE, y, label, _MIDDLE, "middle", paper.title, paper.href, paper.is_retracted)


def _labels(papers: Iterable[CitedPaper]) -> Mapping[str, str]:
    """Author and year, else the beginning of the title; equal ones with a letter, as lists of references have it."""
    named = {paper.iri: _label(paper) for paper in papers}
    counts, seen = Counter(named.values()), Counter[str]()
    labels = {}
    for iri, label in named.items():
        seen[label] += 1
        is_dated = label[-4:].isdigit() and counts[label] > 1
        labels[iri] = label + ascii_lowercase[(seen[label] - 1) % 26] if is_dated else label
    return labels


def _label(paper: CitedPaper) -> str:
    if paper.author and paper.year:
        return f"{shortened(paper.author, LETTERS - len(paper.year) - 2)} {paper.year}"
    return shortened(paper.author or paper.title, LETTERS)


def _from_middle(y: float, mark: Mark) -> Curve:
    half = (_MIDDLE + mark.x) / 2
    return Curve(_MIDDLE, y, half, y, half, mark.y, mark.x, mark.y)


def _among(
    left: Mapping[str, Mark], right: Mapping[str, Mark], citations: Collection[tuple[str, str]]
) -> Iterator[Curve]:
    """The citations between two neighbours that are both drawn; one that is on both sides cites from the right."""
    for source, target in sorted(citations):
        citing, cited = right.get(source) or left.get(source), left.get(target) or right.get(target)
        if citing and cited and source != target:
            yield _between(citing, cited)


def _between(one: Mark, other: Mark) -> Curve:
    """A line across for papers on two sides, an arc towards the middle for two on one side."""
    if one.x == other.x:
        bend = min(_BEND + abs(one.y - other.y) / 6, _WIDEST_BEND) * (1 if one.x < _MIDDLE else -1)
        return Curve(one.x, one.y, one.x + bend, one.y, other.x + bend, other.y, other.x, other.y, among=True)
    return Curve(one.x, one.y, _MIDDLE, one.y, _MIDDLE, other.y, other.x, other.y, among=True)
