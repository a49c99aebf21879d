"""The picture of a family tree: a row for each concept, and elbows from each to what is narrower.

Lengths are in units of the view box, which is ``WIDTH`` wide: one is about a CSS pixel on a phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import sqrt

from medsynth_kg.endpoint.entity_pages.concept_tree import Branch
from medsynth_kg.endpoint.entity_pages.shortening import shortened

WIDTH = 360.0
MOST = 40
"""Concepts that are drawn whatever the subject is; of more, only those above and below it."""
PITCH = 28.0
"""The height of a row, so that a finger or pointer finds each (WCAG 2.2, 2.5.8)."""
_LETTER = 7.0
_BOLD_LETTER = 8.2
"""The mean width of a letter in a wide font, at the style sheet's size: of any concept, and of the subject."""
_NUMBER = 30.0
"""What the number of papers takes after a label."""
_INDENT = 22.0
_DEEPEST = 132.0
"""How far to the right the deepest concept may stand."""
_LEFT = 11.0
_LABEL = 15.0
_SMALLEST, _LARGEST = 3.5, 9.0

Place = tuple[int, ...]
"""Which branch of which branch, from the tops: a concept with two broader ones stands at two places."""


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A concept at the middle of its circle, or, where ``left_out`` is not 0, the word that so many are not drawn.

    ``name`` is the whole label; ``width`` and ``PITCH`` are the size of its row from the left edge of its circle.
    """

    x: float
    y: float
    radius: float
    label: str
    name: str
    href: str | None
    papers: int = 0
    is_subject: bool = False
    left_out: int = 0

    @property
    def label_x(self) -> float:
        """Where the label begins."""
        return self.x + _LABEL

    @property
    def left(self) -> float:
        """The left edge of the row."""
        return self.x - _LARGEST - 2

    @property
    def top(self) -> float:
        """The upper edge of the row."""
        return self.y - PITCH / 2 + 1

    @property
    def width(self) -> float:
        """How wide the row is."""
        letter = _BOLD_LETTER if self.is_subject else _LETTER
        return min(self.label_x + len(self.label) * letter + _NUMBER, WIDTH) - self.left


@dataclass(frozen=True, slots=True)
class Elbow:
    """A line down from one concept, and to the right to a narrower one."""

    x: float
    y: float
    to_x: float
    to_y: float


@dataclass(frozen=True, slots=True)
class TreePicture:
    """Concepts from top to bottom, the lines between them, and how many of ``total`` are left out."""

    height: float
    nodes: tuple[TreeNode, ...]
    elbows: tuple[Elbow, ...]
    total: int
    left_out: int


def draw_tree(tops: Sequence[Branch], rest_href: str, most: int = MOST) -> TreePicture | None:
    """Draw the trees that hold a concept; ``rest_href`` leads to all of them. None where there is nothing to draw."""
    places = dict(_walk(tops))
    if not places:
        return None
    chosen = _choose(places, most)
    largest = max(branch.papers for branch in places.values())
    indent = min(_INDENT, _DEEPEST / max(map(len, chosen)))
    nodes: dict[Place, TreeNode] = {}
    for place in sorted(_with_rests(chosen, places)):
        x, y = _LEFT + (len(place) - 1) * indent, PITCH * (len(nodes) + 0.5)
        if place in chosen:
            nodes[place] = _node(places[place], x, y, largest)
        else:
            count = len({places[kin].cell for kin in places if _is_left_out(kin, place[:-1], chosen)})
            label = f"and {count} more"
            nodes[place] = TreeNode(x, y, _SMALLEST, label, label, rest_href, left_out=count)
    elbows = tuple(
        Elbow(nodes[place[:-1]].x, nodes[place[:-1]].y, node.x, node.y) for place, node in nodes.items() if place[1:]
    )
    every = {branch.cell for branch in places.values()}
    drawn = {places[place].cell for place in chosen}
    return TreePicture(PITCH * len(nodes), tuple(nodes.values()), elbows, len(every), len(every - drawn))


def _node(branch: Branch, x: float, y: float, largest: int) -> TreeNode:
    # The area of a circle tells the number of papers.
    radius = max(_SMALLEST, _LARGEST * sqrt(branch.papers / largest)) if largest else _SMALLEST
    name = branch.cell.text
    room = WIDTH - x - _LABEL - _NUMBER
    label = shortened(name, int(room / (_BOLD_LETTER if branch.is_subject else _LETTER)))
    return TreeNode(x, y, radius, label, name, branch.cell.href, branch.papers, branch.is_subject)


def _walk(branches: Sequence[Branch], above: Place = ()) -> Iterator[tuple[Place, Branch]]:
    for number, branch in enumerate(branches):
        yield (*above, number), branch
        yield from _walk(branch.below, (*above, number))


def _choose(places: dict[Place, Branch], most: int) -> set[Place]:
    """The places to draw: all, or the ways to the subject and, by their papers, the concepts below it."""
    if len(places) <= most:
        return set(places)
    subjects = [place for place, branch in places.items() if branch.is_subject]
    chosen = {place[:depth] for place in subjects for depth in range(1, len(place) + 1)}
    waiting: list[tuple[int, Place]] = []

    def await_those_below(place: Place) -> None:
        for number, branch in enumerate(places[place].below):
            heappush(waiting, (-_papers(branch), (*place, number)))

    for subject in subjects:
        await_those_below(subject)
    while waiting and len(chosen) < most:
        _, place = heappop(waiting)
        chosen.add(place)
        await_those_below(place)
    # The word that there is one more would take the place of that one.
    return chosen | {
        place for place, branch in places.items() if _is_the_only_one_left_out(place, branch, places, chosen)
    }


def _is_the_only_one_left_out(place: Place, branch: Branch, places: dict[Place, Branch], chosen: set[Place]) -> bool:
    above = place[:-1]
    if branch.below or place in chosen or above not in chosen:
        return False
    return all((*above, number) in {*chosen, place} for number in range(len(places[above].below)))


def _papers(branch: Branch) -> int:
    return branch.papers + sum(map(_papers, branch.below))


def _with_rests(chosen: set[Place], places: dict[Place, Branch]) -> set[Place]:
    """The places to draw, and after the last below each a place for the word that there are more."""
    left_out = {place[:-1] for place in places if place not in chosen and place[:-1] in chosen}
    return chosen | {(*above, len(places[above].below)) for above in left_out}


def _is_left_out(place: Place, above: Place, chosen: set[Place]) -> bool:
    """Whether a place is below another by a branch that is not drawn there."""
    depth = len(above)
    return len(place) > depth and place[:depth] == above and place[: depth + 1] not in chosen
