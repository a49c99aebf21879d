"""Parameters are read as urllib.parse reads them."""

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medsynth_kg.endpoint.form_encoding import read_parameters

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENCODED = st.lists(
    st.one_of(
        st.sampled_from(["%", "%4", "%41", "%zz", "%25", "%3D", "=", "==", "&", "+", "_", "\r\n", " ", "."]), TEXT
    )
).map("".join)


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_what_was_encoded_is_read_as_it_was(parameters: list[tuple[str, str]]) -> None:
    assert read_parameters(urlencode(parameters)) == parameters
    assert read_parameters(urlencode(parameters, quote_via=quote)) == parameters


@given(ENCODED)
@example("a=%=41&b")
@example("a=b=%3D=\n")
@example("a=%41=\r\n&b= \t\n%20")
@example("é=%C3%A9é")
@example("a=%C3")
def test_anything_else_is_read_as_urllib_reads_it(encoded: str) -> None:
    try:
        expected = parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            read_parameters(encoded)
    else:
        assert read_parameters(encoded) == expected
