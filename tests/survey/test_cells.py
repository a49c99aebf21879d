"""Cells lose what nobody can see, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.cells import clean_cell, is_empty


@pytest.mark.parametrize(
    ("written", "cleaned", "reported"),
    [
        ("  GAN\u00a0\u2003VAE ", "GAN VAE", False),
        ("e\u0301cg", "écg", False),
        ("\ufeffGAN\u200b", "GAN", False),
        ("GAN\x00\x07", "GAN", True),
        ("GAN\u202eNAG", "GANNAG", True),
        ("GAN\ud800", "GAN", True),
    ],
)
def test_cleans_a_cell_and_says_whether_that_was_worth_a_word(written: str, cleaned: str, reported: bool) -> None:
    assert clean_cell(written) == (cleaned, reported)


@given(text=st.text())
def test_a_clean_cell_stays_as_it_is_and_can_be_stored(text: str) -> None:
    cleaned, _ = clean_cell(text)
    assert clean_cell(cleaned) == (cleaned, False)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned


@pytest.mark.parametrize("text", ["", " ", "-", "—", "N/A", "n.a.", "None", "no"])
def test_an_empty_cell_has_many_spellings(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", ["yes", "F", "not yet public"])
def test_a_word_is_not_empty(text: str) -> None:
    assert not is_empty(text)
