"""The count beside a value is what choosing only this value in its facet would give, all else staying as it is."""

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.exploring.choices import FIRST_CHOICES, facet_choices
from medsynth_kg.endpoint.exploring.papers import FACETS, Paper, Papers, Value
from medsynth_kg.endpoint.exploring.selection import Selection

KEYS = ("a", "b", "c")
LISTS = st.fixed_dictionaries(
    {facet.name: st.lists(st.sampled_from(KEYS), max_size=2, unique=True) for facet in FACETS}
)


def paper(number: int, values: dict[str, list[str]]) -> Paper:
    named = {facet: tuple(Value(key.upper(), key, f"{facet}/{key}") for key in keys) for facet, keys in values.items()}
    return Paper(f"paper/{number}", f"Title {number}", "2023", named, ())


@given(st.lists(LISTS, min_size=1, max_size=12), st.data())
def test_each_count_is_that_of_the_selection_it_stands_for(
    stated: list[dict[str, list[str]]], data: st.DataObject
) -> None:
    papers = Papers(tuple(paper(number, values) for number, values in enumerate(stated)))
    known = {facet: sorted(values) for facet, values in papers.known_values.items() if values}
    chosen = {
        facet: tuple(data.draw(st.lists(st.sampled_from(keys), max_size=2, unique=True)))
        for facet, keys in known.items()
    }
    selection = Selection(chosen)
    for choices in facet_choices(papers, selection):
        name = choices.facet.name
        for choice in (*choices.first, *choices.rest):
            alone = Selection({**chosen, name: (choice.value.key,)})
            assert choice.papers == len(alone.papers(papers))
            assert choice.is_chosen == (choice.value.key in chosen.get(name, ()))
        assert len(choices.first) <= FIRST_CHOICES


def test_a_chosen_value_stays_in_sight_even_where_it_leaves_no_paper() -> None:
    empty: dict[str, list[str]] = {facet.name: [] for facet in FACETS}
    papers = Papers((paper(1, empty | {"modality": ["a"]}), paper(2, empty | {"family": ["b"]})))
    selection = Selection({"modality": ("a",), "family": ("b",)})
    shown = {choice.value.key: choice for known in facet_choices(papers, selection) for choice in known.first}
    assert (shown["a"].papers, shown["a"].is_chosen) == (0, True)
