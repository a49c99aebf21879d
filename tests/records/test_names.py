"""When two spellings of a name or a title are the same to a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.records.metadata import Author
from medsynth_kg.records.names import full_name, names_agree, normalised_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("High Fidelity Faces", "High-fidelity  faces."),
        ("Mikołajczyk", "MIKOLAJCZYK"),
        ("Jørgen", "Jorgen"),
        ("Kovács", "Kovács"),
        ("ﬁne\xa0tuning", "fine tuning"),
        ("Straße", "STRASSE"),
    ],
)
def test_case_accents_punctuation_and_spaces_do_not_tell_texts_apart(one: str, other: str) -> None:
    assert normalised_text(one) == normalised_text(other)


def test_words_tell_texts_apart() -> None:
    assert normalised_text("generative network") != normalised_text("generative networks")


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised_text(normalised_text(text)) == normalised_text(text)


def test_a_full_name_has_the_given_name_first() -> None:
    assert full_name(Author(family="de Camargo", given="Raphael")) == "Raphael de Camargo"
    assert full_name(Author(family="Zama")) == "Zama"
    assert full_name(Author(name="The ECG Consortium")) == "The ECG Consortium"
    assert full_name(Author()) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(family="Sagers", given="Luke W."), Author(family="Sagers", given="Luke")),
        (Author(family="Diao", given="James A."), Author(family="Diao", given="J.")),
        (Author(family="Lopez Alcaraz", given="Juan Miguel"), Author(name="Juan Miguel Lopez Alcaraz")),
        (Author(family="Rosén", given="Anna"), Author(name="Anna Rosen")),
    ],
)
def test_names_agree_as_far_as_both_are_written_out(one: Author, other: Author) -> None:
    assert names_agree(one, other)
    assert names_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(family="Li", given="Yantao"), Author(family="Li", given="Hongming")),
        (Author(family="Prevost", given="John J."), Author(family="Prevost", given="John K.")),
        (Author(family="Groh", given="Matt"), Author(family="Groh", given="Matthew")),
        (Author(family="Wang", given="Hui"), Author(family="Wang")),
        (Author(family="Wang", given="Hui"), Author(family="Wu", given="Hui")),
        (Author(), Author()),
    ],
)
def test_names_that_may_be_two_people_s_do_not_agree(one: Author, other: Author) -> None:
    assert not names_agree(one, other)
