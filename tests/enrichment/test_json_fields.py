import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\xff{}", "UTF-8"),
        ('{"title": "Ver\u00e4nderung"}'.encode("latin-1"), "UTF-8"),
        (b"<!DOCTYPE html><html></html>", "valid JSON"),
        (b"", "valid JSON"),
        (b'{"a": 1', "valid JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": ' + b"9" * 5000 + b"}", "valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "JSON object"),
        (b"null", "JSON object"),
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes, problem: str) -> None:
    with pytest.raises(FetchError, match=problem):
        parse_object(body)


@pytest.mark.parametrize("absent", [{}, {"x": None}, {"x": []}, {"x": ""}])
def test_null_empty_and_absent_fields_say_nothing(absent: dict[str, Any]) -> None:
    fields = Fields(absent)
    assert fields.texts("x") == ()
    assert fields.first_text("x") is None
    assert list(Fields({"x": absent.get("x") or None}).objects("x")) == []
    assert fields.problems == set()


def test_misshapen_fields_count_as_absent_and_are_noted_with_their_path() -> None:
    fields = Fields({"title": {"en": "x"}, "volume": 3, "count": "7", "author": [{"family": ["Doe"]}, 5]})
    assert fields.texts("title") == ()
    assert fields.text("volume") is None
    assert fields.number("count") is None
    assert [author.text("family") for author in fields.objects("author")] == [None]
    assert fields.problems == {"title", "volume", "count", "author", "author.family"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([[2023, 10, 9]], (2023, 10, 9)),
        ([[2023, 10]], (2023, 10)),
        ([[2023]], (2023,)),
        ([[2024, 2, 29]], (2024, 2, 29)),
        ([[None]], None),
        ([[]], None),
        ([], None),
        (None, None),
    ],
)
def test_dates_have_the_parts_that_they_name(parts: Any, expected: tuple[int, ...] | None) -> None:
    fields = Fields({"issued": {"date-parts": parts}})
    assert fields.date("issued") == expected
    assert fields.problems == set()


@pytest.mark.parametrize(
    "parts",
    [[[2023, 2, 29]], [[2023, 13]], [[0]], [["2023"]], [[2023, None]], [[True]], [[2023, 1, 1, 1]], [2023], "2023"],
)
def test_impossible_dates_are_noted(parts: Any) -> None:
    fields = Fields({"issued": {"date-parts": parts}})
    assert fields.date("issued") is None
    assert fields.problems == {"issued.date-parts"}


@given(st.dictionaries(st.sampled_from(["x", "date-parts"]), JSON_VALUES))
def test_no_shape_is_too_strange(content: dict[str, Any]) -> None:
    fields = Fields(parse_object(json.dumps(content).encode()))
    fields.text("x")
    fields.number("x")
    fields.texts("x")
    fields.date("x")
    for nested in fields.objects("x"):
        nested.text("x")
    assert all(problem.startswith("x") for problem in fields.problems)
