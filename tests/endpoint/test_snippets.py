"""Snippets run as they stand: their addresses are quoted for the language they are in."""

import ast
import shlex

import pytest

from medsynth_kg.endpoint.snippets import snippets
from medsynth_kg.query.formats import QueryForm

ADDRESS = "http://127.0.0.1/queries/papers"


@pytest.mark.parametrize(
    ("form", "extension"),
    [(QueryForm.SELECT, "csv"), (QueryForm.ASK, "json"), (QueryForm.CONSTRUCT, "ttl"), (QueryForm.DESCRIBE, "ttl")],
)
def test_each_form_is_fetched_in_a_format_that_it_has(form: QueryForm, extension: str) -> None:
    wanted = f"{ADDRESS}.{extension}?modality=ecg&x=%27"
    curl, python, other = snippets(ADDRESS, "?modality=ecg&x=%27", form)
    assert shlex.split(curl.text) == ["curl", wanted]
    constants = [node.value for node in ast.walk(ast.parse(python.text)) if isinstance(node, ast.Constant)]
    assert wanted in constants
    assert f'"{wanted}"' in other.text
