import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.graph.linked_papers_with_code import repository_iri


@pytest.mark.parametrize(
    ("linked", "path"),
    [
        ("https://github.com/mah533/ECG---GAN-Models", "github.com/mah533/ecggan-models"),
        ("https://github.com/DebadityaQU/RDDM", "github.com/debadityaqu/rddm"),
        ("http://github.com/a/b/tree/main", "github.com/a/b/tree/main"),
        ("https://github.com/a/b.", "github.com/a/b."),
        ("https://github.com/a/b--c", "github.com/a/bc"),
    ],
)
def test_a_repository_has_the_iri_that_follows_from_its_address_as_linked(linked: str, path: str) -> None:
    assert repository_iri(linked) == f"https://linkedpaperswithcode.com/repository/{path}"


@given(st.text())
def test_whatever_is_linked_gives_an_iri_without_characters_that_iris_forbid(linked: str) -> None:
    assert not set(repository_iri(f"https://github.com/{linked}")) & set(' <>"{}|\\^`\n')
