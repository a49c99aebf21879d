"""A label that is too long loses whole words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.entity_pages.shortening import ELLIPSIS, shortened

WORDS = st.lists(st.text("abcdefghij", min_size=1, max_size=9), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("StyleGAN2", 9, "StyleGAN2"),
        ("Latent diffusion model", 21, "Latent diffusion…"),
        ("Latent diffusion model", 17, "Latent diffusion…"),
        ("Latent diffusion model", 16, "Latent…"),
        ("Images: synthetic ones", 12, "Images…"),
        ("Aristimunha", 6, "Arist…"),
    ],
)
def test_as_many_words_stay_as_fit(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


@given(WORDS, st.integers(10, 40))
def test_a_label_fits_and_ends_with_a_word(words: list[str], most: int) -> None:
    text = " ".join(words)
    label = shortened(text, most)
    assert len(label) <= most
    assert label == text or label.removesuffix(ELLIPSIS) in {" ".join(words[:count]) for count in range(1, len(words))}
