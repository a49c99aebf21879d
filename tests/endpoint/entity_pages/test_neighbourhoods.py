"""A paper's citations are drawn in two columns whose papers never touch, with lines that end at them."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.entity_pages.neighbourhoods import (
    LETTERS,
    MOST,
    MOST_AMONG,
    PITCH,
    WIDTH,
    CitedPaper,
    Neighbourhood,
    Side,
    draw_neighbourhood,
)

SUBJECT = CitedPaper("subject", "/paper/subject", "This paper", "Zama", "2023")
NAMES = st.text("abcdé -", max_size=30)


@st.composite
def papers(draw: st.DrawFn, kind: str) -> list[CitedPaper]:
    return [
        CitedPaper(f"{kind}{number}", f"/paper/{kind}{number}", draw(NAMES), draw(NAMES), draw(st.sampled_from(YEARS)))
        for number in range(draw(st.integers(0, 20)))
    ]


YEARS = ["", "2019", "2023"]


def paper(iri: str, author: str = "Author", year: str = "2020", title: str = "A title") -> CitedPaper:
    return CitedPaper(iri, f"/paper/{iri}", title, author, year)


def drawn(
    cited: list[CitedPaper], citing: list[CitedPaper], citations: frozenset[tuple[str, str]] = frozenset()
) -> Neighbourhood:
    return draw_neighbourhood(SUBJECT, Side(cited, "#cited"), Side(citing, "#citing"), citations)


@given(papers("a"), papers("b"))
def test_papers_never_overlap_and_stay_within_the_picture(cited: list[CitedPaper], citing: list[CitedPaper]) -> None:
    picture = drawn(cited, citing)
    for mark in picture.marks:
        assert 0 <= mark.left < mark.left + mark.width <= WIDTH
        assert PITCH / 2 <= mark.y <= picture.height - PITCH / 2
        assert abs(mark.x - picture.subject.x) > PITCH
        assert len(mark.label) <= LETTERS
    for one, other in combinations(picture.marks, 2):
        apart = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert apart or abs(one.y - other.y) >= PITCH


@given(papers("a"), papers("b"), st.frozensets(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_every_line_ends_at_papers(
    cited: list[CitedPaper], citing: list[CitedPaper], numbers: frozenset[tuple[int, int]]
) -> None:
    known = [*cited, *citing] or [SUBJECT]
    pairs = frozenset((known[one % len(known)].iri, known[other % len(known)].iri) for one, other in numbers)
    picture = drawn(cited, citing, pairs)
    dots = {(mark.x, mark.y) for mark in picture.marks if not mark.left_out}
    middle = (picture.subject.x, picture.subject.y)
    own = [curve for curve in picture.curves if not curve.among]
    assert all((curve.x, curve.y) == middle for curve in own)
    assert sorted((curve.to_x, curve.to_y) for curve in own) == sorted(dots)
    among = [curve for curve in picture.curves if curve.among]
    assert all({(curve.x, curve.y), (curve.to_x, curve.to_y)} <= dots for curve in among)
    assert len(among) == (picture.among if picture.among <= MOST_AMONG else 0)


def test_what_it_cites_is_on_the_left_and_what_cites_it_on_the_right() -> None:
    picture = drawn([paper("cited")], [paper("citing")])
    assert [(mark.href, mark.x < picture.subject.x) for mark in picture.marks] == [
        ("/paper/cited", True),
        ("/paper/citing", False),
    ]
    assert [heading.text for heading in picture.headings] == ["It cites 1", "Cited by 1"]


def test_a_paper_is_called_by_its_first_author_and_year_else_by_its_title() -> None:
    known = [
        paper("a", "Yoon", "2019"),
        paper("b", "Hernandez-Matamoros", "2021"),
        paper("c", "", "2022", "Synthetic data of hearts"),
    ]
    assert [mark.label for mark in drawn(known, []).marks] == ["Yoon 2019", "Hernandez… 2021", "Synthetic data…"]


def test_papers_of_one_author_and_year_are_told_apart_by_a_letter() -> None:
    picture = drawn([paper("a", title="A"), paper("b", title="B")], [paper("c", year="2024")])
    assert [mark.label for mark in picture.marks] == ["Author 2020a", "Author 2020b", "Author 2024"]


def test_of_many_papers_the_newest_are_drawn_and_the_list_has_the_others() -> None:
    cited = [paper(f"p{year}", year=str(year)) for year in range(2000, 2000 + MOST + 3)]
    *shown, rest = drawn(cited, []).marks
    assert [mark.href for mark in shown] == [f"/paper/p{year}" for year in range(2003, 2003 + MOST)]
    assert (rest.label, rest.href) == ("and 3 more", "#cited")


def test_citations_among_the_neighbours_are_left_out_where_there_are_too_many_to_follow() -> None:
    cited = [paper(f"p{number:02}", year=str(2000 + number)) for number in range(MOST)]
    pairs = list(combinations([one.iri for one in cited], 2))
    few, many = (drawn(cited, [], frozenset(pairs[:number])) for number in (MOST_AMONG, MOST_AMONG + 1))
    assert (few.among, few.among_drawn, sum(curve.among for curve in few.curves)) == (MOST_AMONG, True, MOST_AMONG)
    assert (many.among, many.among_drawn, sum(curve.among for curve in many.curves)) == (MOST_AMONG + 1, False, 0)


def test_a_retracted_paper_is_marked() -> None:
    retracted = CitedPaper("r", "/paper/r", "Taken back", "Author", "2020", is_retracted=True)
    picture = drawn([retracted], [paper("a")])
    assert [mark.is_retracted for mark in picture.marks] == [True, False]
    assert picture.taken_back
