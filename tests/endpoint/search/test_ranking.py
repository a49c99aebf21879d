"""Names are scored by their likeness as wholes and by the words that a query shares with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsynth_kg.endpoint.search.ranking import Name, best_by_entity, score
from medsynth_kg.release.search_text import fold

NAMES = (
    Name(1, "preferred", "stylegan"),
    Name(2, "preferred", "stylegan2"),
    Name(3, "preferred", "skin lesion images with stylegan"),
    Name(4, "preferred", "electrocardiogram"),
    Name(4, "alternative", "ecg"),
    Name(5, "preferred", "text to ecg 12 lead electrocardiogram synthesis"),
)


def order(query: str) -> list[int]:
    scores = best_by_entity(fold(query), NAMES)
    return sorted(scores, key=lambda number: -scores[number])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("StyleGAN", 1),
        ("style gan", 1),
        ("stlyegan2", 2),
        ("ECG", 4),
        ("electrocardio", 4),
        ("lesions stylegan", 3),
        ("texttoecg 12lead electrocardiogram synthesis", 5),
        ("12 lead", 5),
    ],
)
def test_the_name_that_is_meant_comes_first(query: str, first: int) -> None:
    assert order(query)[0] == first


def test_the_same_name_scores_one_and_a_worse_role_less() -> None:
    assert score("ecg", Name(1, "preferred", "ecg")) == 1.0
    assert 0.95 < score("ecg", Name(1, "hidden", "ecg")) < score("ecg", Name(1, "alternative", "ecg")) < 1.0


def test_a_context_counts_less_than_a_title_with_the_same_words() -> None:
    assert score("adib ecg", Name(1, "context", "ecg adib")) < score("adib ecg", Name(1, "preferred", "ecg of adib"))


@settings(deadline=None)
@given(st.text(max_size=60).map(fold), st.text(max_size=60).map(fold))
def test_every_score_is_a_share(query: str, name: str) -> None:
    assert 0.0 <= score(query, Name(1, "preferred", name)) <= 1.0
