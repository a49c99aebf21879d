"""DOIs compare in lower case and may hold nearly any printable character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.identifiers.doi import find_doi, normalise_doi

SUFFIX = st.text(alphabet="ABCabcz019-._;()/:<>#?%~+é", min_size=1, max_size=40)


@given(suffix=SUFFIX)
def test_case_of_ascii_letters_never_matters(suffix: str) -> None:
    doi = f"10.1000/{suffix}"
    upper = "".join(letter.upper() if letter.isascii() else letter for letter in doi)
    assert normalise_doi(upper) == normalise_doi(doi)


@given(suffix=SUFFIX)
def test_a_normal_form_is_its_own_normal_form(suffix: str) -> None:
    doi = normalise_doi(f"10.1000/{suffix}")
    assert doi is None or normalise_doi(doi) == doi


@given(text=st.text(max_size=60))
def test_any_text_at_all_is_answered_without_failing(text: str) -> None:
    doi = normalise_doi(text)
    assert doi is None or doi.startswith("10.")


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.3390/S23198328", "10.3390/s23198328"),
        ("doi:10.3390/s23198328", "10.3390/s23198328"),
        ("DOI 10.3390/s23198328.", "10.3390/s23198328"),
        ("urn:doi:10.3390/s23198328", "10.3390/s23198328"),
        (
            "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
            "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
        ),
        ("10.1016/S0140-6736(05)66545-7", "10.1016/s0140-6736(05)66545-7"),
        ("10.1000/a)", "10.1000/a"),
        ("10.1000.10/123", "10.1000.10/123"),
    ],
)
def test_labels_and_sentence_ends_are_no_part_of_it(written: str, doi: str) -> None:
    assert normalise_doi(written) == doi


@pytest.mark.parametrize(
    "text", ["", "10.1000", "10.1000/", "11.1000/x", "10.1000/a b", "10.1000/a\nb", "10.1000/../x", "see 10.1000/x"]
)
def test_what_is_no_doi_is_refused(text: str) -> None:
    assert normalise_doi(text) is None


@pytest.mark.parametrize(
    ("path", "doi"),
    [
        ("/journals/neurology/articles/10.3389/fneur.2022.755094/full", "10.3389/fneur.2022.755094"),
        ("/content/pdf/10.1007/978-3-031-09342-5_13.pdf", "10.1007/978-3-031-09342-5_13"),
        ("/content/10.1101/2023.01.01.522422v2.full.pdf", "10.1101/2023.01.01.522422"),
        ("/doi/full/10.1002/ima.22880", "10.1002/ima.22880"),
        ("/article/10.1088/1361-6579/ac9b44/meta", "10.1088/1361-6579/ac9b44"),
        ("/1424-8220/23/19/8328", None),
    ],
)
def test_a_publishers_page_shows_its_doi(path: str, doi: str | None) -> None:
    assert find_doi(path) == doi
