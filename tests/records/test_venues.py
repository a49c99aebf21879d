"""Which descriptions of a venue mean the same one."""

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.records.metadata import Venue
from medsynth_kg.records.venues import unify_venues

PLOS = Venue(title="PLOS ONE", kind="journal", issns=("1932-6203",), issn_l="1932-6203")


def test_titles_that_differ_in_case_and_punctuation_are_one_venue() -> None:
    bare = Venue(title="PLoS One")
    assert unify_venues([bare, PLOS])[PLOS] == Venue(
        title="PLoS One", kind="journal", issns=("1932-6203",), issn_l="1932-6203"
    )


def test_a_common_issn_makes_one_venue_of_two_titles() -> None:
    online = Venue(title="Sensors", issns=("1424-8220",))
    basel = Venue(title="Sensors (Basel, Switzerland)", issns=("1424-8220", "1424-8239"), publisher="MDPI AG")
    united = unify_venues([online, basel])
    assert set(united.values()) == {
        Venue(title="Sensors", issns=("1424-8220", "1424-8239"), publisher="MDPI AG"),
    }


def test_one_venue_reaches_another_through_a_third() -> None:
    venues = [Venue(title="A", issns=("1424-8220",)), Venue(title="B"), Venue(title="b", issns=("1424-8220",))]
    assert {venue.title for venue in unify_venues(venues).values()} == {"A"}


def test_different_linking_issns_keep_venues_of_one_title_apart() -> None:
    venues = [PLOS, Venue(title="PLOS ONE", issn_l="1424-8220"), Venue(title="Plos one")]
    united = unify_venues(venues)
    assert united[PLOS].issn_l == "1932-6203"
    assert united[venues[1]].issn_l == "1424-8220"
    assert united[venues[2]].issn_l is None


VENUES = st.builds(
    Venue,
    title=st.sampled_from(["A", "a", "B", "C"]),
    issns=st.lists(st.sampled_from(["1424-8220", "1932-6203"]), max_size=1).map(tuple),
    issn_l=st.none() | st.sampled_from(["1424-8220", "1932-6203"]),
)


@given(st.lists(VENUES), st.data())
def test_every_venue_is_mapped_and_order_does_not_change_which_are_one(
    venues: list[Venue], data: st.DataObject
) -> None:
    def partition(described: list[Venue]) -> set[frozenset[Venue]]:
        united = unify_venues(described)
        assert set(united) == set(described)
        return {frozenset(venue for venue in united if united[venue] == one) for one in united.values()}

    assert partition(venues) == partition(data.draw(st.permutations(venues)))
