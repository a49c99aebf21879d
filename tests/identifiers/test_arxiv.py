"""arXiv ids, old and new, lose version, label and file ending."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.identifiers.arxiv import arxiv_month, normalise_arxiv_id

MONTH = st.integers(1, 12)
VERSION = st.sampled_from(["", "v1", "v12"])
LABEL = st.sampled_from(["", "arXiv:", "arxiv: ", "ARXIV:", "arXiv "])
ENDING = st.sampled_from(["", ".pdf", "/"])


@given(year=st.integers(7, 40), month=MONTH, number=st.integers(1, 99999), label=LABEL, version=VERSION, ending=ENDING)
def test_a_new_id_is_found_in_every_form(
    year: int, month: int, number: int, label: str, version: str, ending: str
) -> None:
    bare = f"{year:02}{month:02}.{number:05}"
    assert normalise_arxiv_id(f"{label}{bare}{version}{ending}") == bare
    assert arxiv_month(bare) == f"20{year:02}-{month:02}"


@given(archive=st.sampled_from(["cs", "math", "hep-th", "q-bio"]), month=MONTH, number=st.integers(1, 999))
def test_an_old_id_is_found_with_and_without_subject_class(archive: str, month: int, number: int) -> None:
    bare = f"{archive}/01{month:02}{number:03}"
    assert normalise_arxiv_id(f"{archive}.LG/01{month:02}{number:03}v3") == bare
    assert normalise_arxiv_id(bare) == bare
    assert arxiv_month(bare) == f"2001-{month:02}"


def test_ids_of_the_nineties_are_of_the_nineties() -> None:
    assert arxiv_month("hep-th/9901001") == "1999-01"


@pytest.mark.parametrize("text", ["", "2313.00001", "2300.00001", "2301.001", "cs/0113001", "10.1000/2301.00001"])
def test_what_is_no_arxiv_id_is_refused(text: str) -> None:
    assert normalise_arxiv_id(text) is None


def test_only_a_bare_id_has_a_month() -> None:
    assert arxiv_month("10.1000/x") is None
