"""A family tree is drawn in rows that never touch, with lines from each concept to those below it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.entity_pages.concept_tree import Branch
from medsynth_kg.endpoint.entity_pages.trees import PITCH, WIDTH, TreePicture, draw_tree
from medsynth_kg.endpoint.tables import Cell

LIST = "#list"


def branch(name: str, *below: Branch, papers: int = 0, subject: bool = False) -> Branch:
    return Branch(Cell(name, f"/architecture/{name}"), papers, subject, below)


def drawn(*tops: Branch, most: int = 40) -> TreePicture:
    picture = draw_tree(tops, LIST, most)
    assert picture is not None
    return picture


def outline(picture: TreePicture) -> list[str]:
    """The labels, each after as many dots as it is deep."""
    steps = sorted({node.x for node in picture.nodes})
    return ["." * steps.index(node.x) + node.label for node in picture.nodes]


@st.composite
def families(draw: st.DrawFn) -> Branch:
    """Trees of up to 60 concepts, each below an earlier one, one of which is the subject."""
    parents = [draw(st.integers(0, number)) for number in range(draw(st.integers(0, 59)))]
    names = [f"{draw(st.text('ab c', max_size=50))}{number}" for number in range(len(parents) + 1)]
    papers = draw(st.lists(st.integers(0, 300), min_size=len(names), max_size=len(names)))
    subject = draw(st.integers(0, len(parents)))

    def grow(number: int) -> Branch:
        below = (grow(child + 1) for child, parent in enumerate(parents) if parent == number)
        return branch(names[number], *below, papers=papers[number], subject=number == subject)

    return grow(0)


@given(families(), st.integers(5, 60))
def test_rows_never_overlap_and_stay_within_the_picture(family: Branch, most: int) -> None:
    picture = drawn(family, most=most)
    for node in picture.nodes:
        assert 0 <= node.left < node.x + node.radius < node.label_x < node.left + node.width <= WIDTH
        assert node.top >= 0
        assert node.y + PITCH / 2 <= picture.height
    assert all(lower.y - upper.y >= PITCH for upper, lower in pairwise(picture.nodes))


@given(families(), st.integers(5, 60))
def test_every_line_joins_two_rows_and_every_row_but_the_top_hangs_on_one(family: Branch, most: int) -> None:
    picture = drawn(family, most=most)
    places = {(node.x, node.y) for node in picture.nodes}
    assert all({(elbow.x, elbow.y), (elbow.to_x, elbow.to_y)} <= places for elbow in picture.elbows)
    assert [(elbow.to_x, elbow.to_y) for elbow in picture.elbows] == [(one.x, one.y) for one in picture.nodes[1:]]


@given(families(), st.integers(5, 60))
def test_whatever_is_left_out_is_counted_where_it_would_stand(family: Branch, most: int) -> None:
    picture = drawn(family, most=most)
    assert sum(node.left_out for node in picture.nodes) == picture.left_out
    assert sum(not node.left_out for node in picture.nodes) + picture.left_out == picture.total
    assert all(node.href == LIST for node in picture.nodes if node.left_out)
    assert [node.is_subject for node in picture.nodes].count(True) == 1


def test_a_small_family_is_drawn_whole() -> None:
    family = branch("a", branch("b", branch("c", subject=True), branch("d")), branch("e"))
    assert outline(drawn(family)) == ["a", ".b", "..c", "..d", ".e"]


def test_of_a_wide_family_stay_what_is_above_and_below_and_the_number_of_the_others() -> None:
    siblings = [branch(f"sibling {number}", branch(f"nephew {number}")) for number in range(3)]
    family = branch("a", *siblings, branch("b", branch("c", branch("d"), subject=True), branch("e"), branch("f")))
    picture = drawn(family, most=5)
    assert outline(picture) == ["a", ".b", "..c", "...d", "..and 2 more", ".and 6 more"]
    assert (picture.total, picture.left_out) == (12, 8)


def test_the_word_that_there_is_one_more_never_takes_the_place_of_that_one() -> None:
    family = branch("a", branch("b", branch("c", subject=True), branch("d")), branch("e"))
    assert outline(drawn(family, most=3)) == ["a", ".b", "..c", "..d", ".e"]


def test_below_a_wide_concept_stay_those_with_the_most_papers() -> None:
    below = [branch(f"b{number}", papers=number) for number in range(10)]
    assert outline(drawn(branch("a", *below, subject=True), most=4)) == ["a", ".b7", ".b8", ".b9", ".and 7 more"]


def test_a_concept_with_two_broader_ones_is_counted_once() -> None:
    both = branch("both", subject=True)
    picture = drawn(branch("a", both), branch("b", both))
    assert outline(picture) == ["a", ".both", "b", ".both"]
    assert (picture.total, picture.left_out) == (3, 0)


def test_the_area_of_a_circle_tells_the_number_of_papers() -> None:
    most, quarter = drawn(branch("a", branch("b", papers=25), papers=100, subject=True)).nodes
    assert most.radius == 2 * quarter.radius


def test_a_concept_alone_has_no_picture() -> None:
    assert draw_tree((), LIST) is None
