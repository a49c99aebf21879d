"""Names are compared without case, accents and punctuation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsynth_kg.release.search_text import fold, trigrams


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Text-to-ECG: 12-Lead", "text to ecg 12 lead"),
        ("Müller, Łukasz Ørsted", "muller lukasz orsted"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁdelity", "fidelity"),
        ('a"b* OR (c) NEAR', "a b or c near"),
        ("\0\ud800", ""),
        ("", ""),
    ],
)
def test_a_name_is_folded_to_its_words(name: str, folded: str) -> None:
    assert fold(name) == folded


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_words_of_a_folded_name_hold_letters_and_digits_alone(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert all(word.isprintable() and '"' not in word and "\0" not in word for word in folded.split(" "))


@settings(deadline=None)
@given(st.text())
def test_every_text_folds_to_something_that_can_be_stored(text: str) -> None:
    assert fold(text).encode().decode() == fold(text)


def test_trigrams_are_distinct_and_in_order() -> None:
    assert trigrams("gagaga") == ("gag", "aga")
    assert trigrams("ga") == ()
