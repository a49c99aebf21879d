"""ORCID iDs, ISSNs and PIIs: one form each, and a wrong check character is not let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.identifiers.issn import check_digit, normalise_issn
from medsynth_kg.identifiers.orcid import check_character, normalise_orcid
from medsynth_kg.identifiers.pii import normalise_pii


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_published_orcid_ids_are_right(orcid: str) -> None:
    assert normalise_orcid(orcid) == orcid
    assert normalise_orcid(f"https://orcid.org/{orcid}") == orcid
    assert normalise_orcid(f"orcid:{orcid.replace('-', '').lower()}") == orcid


@given(digits=st.text("0123456789", min_size=15, max_size=15), position=st.integers(0, 14), shift=st.integers(1, 9))
def test_one_wrong_digit_makes_an_orcid_id_wrong(digits: str, position: int, shift: int) -> None:
    check = check_character(digits)
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert normalise_orcid(digits + check) is not None
    assert normalise_orcid(wrong + check) is None


@pytest.mark.parametrize("issn", ["1424-8220", "2434-561X", "0022-0736"])
def test_published_issns_are_right(issn: str) -> None:
    assert normalise_issn(issn) == issn
    assert normalise_issn(f"eISSN {issn.replace('-', '')}") == issn


@given(digits=st.text("0123456789", min_size=7, max_size=7), position=st.integers(0, 6), shift=st.integers(1, 9))
def test_one_wrong_digit_makes_an_issn_wrong(digits: str, position: int, shift: int) -> None:
    check = check_digit(digits)
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert normalise_issn(digits + check) is not None
    assert normalise_issn(wrong + check) is None


@pytest.mark.parametrize("written", ["S0022-0736(21)00185-0", "s0022073621001850", "S 0022 0736 21 00185 0"])
def test_a_pii_loses_its_punctuation(written: str) -> None:
    assert normalise_pii(written) == "S0022073621001850"


@pytest.mark.parametrize("text", ["", "S00220736", "X0022073621001850", "S00220736210018500"])
def test_what_is_no_pii_is_refused(text: str) -> None:
    assert normalise_pii(text) is None


@pytest.mark.parametrize("text", ["", "0000-0002-1825", "1424-82200", "not a number"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert normalise_orcid(text) is None
    assert normalise_issn(text) is None
