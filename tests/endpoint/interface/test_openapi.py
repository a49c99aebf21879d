"""The description of the interface is valid, and says what the endpoint has."""

import gzip
import json
from typing import Any, Literal

import pytest
from openapi_spec_validator import validate
from werkzeug.test import Client

from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.interface.openapi import parameter_schema
from medsynth_kg.query.parameters import Parameter

from ..test_site import HTML


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1"
    content: dict[str, Any] = json.loads(response.data)
    return content


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    validate(described)
    assert described["openapi"] == "3.1.1"


def test_every_saved_query_is_described_with_its_formats_and_parameters(described: dict[str, Any]) -> None:
    operation = described["paths"]["/queries/papers-of-a-modality.{extension}"]["get"]
    extension, modality = operation["parameters"]
    assert extension["schema"]["enum"] == ["rq", "json", "xml", "csv", "tsv"]
    assert (modality["name"], modality["schema"]["examples"]) == ("modality", ["ecg"])
    drawn = described["paths"]["/queries/papers-drawn.{extension}"]["get"]["parameters"][0]
    assert "vega.json" in drawn["schema"]["enum"]
    federated = described["paths"]["/queries/papers-elsewhere.{extension}"]["get"]["parameters"][0]
    assert federated["schema"]["enum"] == ["rq"]


def test_every_kind_of_thing_is_described(described: dict[str, Any]) -> None:
    for path in LISTINGS:
        assert {f"/{path}", f"/{path}/{{identifier}}"} <= set(described["paths"])


def test_finding_is_described(described: dict[str, Any]) -> None:
    paths = described["paths"]
    assert {"/search.json", "/doi/{doi}", "/arxiv/{id}", "/github/{owner}/{name}"} <= set(paths)
    extension, *chosen = paths["/explore.{extension}"]["get"]["parameters"]
    assert {"csv", "bib", "rq"} <= set(extension["schema"]["enum"])
    assert {"modality", "year", "sort"} <= {parameter["name"] for parameter in chosen}
    assert "303" in paths["/paper/{identifier}"]["get"]["responses"]


def test_what_has_a_format_by_its_extension_is_described_with_all_of_them(described: dict[str, Any]) -> None:
    graphs = ["ttl", "nt", "rdf", "jsonld"]
    formats = {
        "/findings": ["csv", "json", "tsv"],
        "/gaps": ["csv", "json", "rq"],
        "/ontology": graphs,
        "/queries": graphs,
        "/citation": ["bib", "ris", "csl.json"],
    }
    for address, extensions in formats.items():
        operation = described["paths"][f"{address}.{{extension}}"]["get"]
        assert operation["parameters"][0]["schema"]["enum"] == extensions
        assert {"200", "304", "404", "412"} <= set(operation["responses"])


def test_reconciliation_is_described_for_both_methods(described: dict[str, Any]) -> None:
    by_get, by_post = described["paths"]["/reconcile"]["get"], described["paths"]["/reconcile"]["post"]
    assert [parameter["name"] for parameter in by_get["parameters"]] == ["queries", "extend"]
    form = by_post["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert list(form["properties"]) == ["queries", "extend"]


def test_every_operation_may_be_refused_to_who_asks_too_often(described: dict[str, Any]) -> None:
    responses = [operation["responses"] for item in described["paths"].values() for operation in item.values()]
    assert all(known["429"] == {"$ref": "#/components/responses/Failure429"} for known in responses)
    assert "Retry-After" in described["components"]["responses"]["Failure429"]["headers"]


@pytest.mark.parametrize(
    ("kind", "default", "described"), [("integer", "2023", 2023), ("string", "ecg", "ecg"), ("iri", "ecg", "ecg")]
)
def test_the_default_of_a_parameter_is_described(
    kind: Literal["integer", "string", "iri"], default: str, described: int | str
) -> None:
    schema = parameter_schema(Parameter(label="Value", kind=kind, default=default), ())
    assert schema["default"] == described


def test_every_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for item in described["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_readers_get_the_same_as_a_page(client: Client, described: dict[str, Any]) -> None:
    page = client.get("/api", headers=HTML).text
    answers = [path for path in described["paths"] if not path.startswith("/queries/") or "{extension}" in path]
    assert all(f"GET {path}" in page for path in answers)


def test_the_description_is_compressed_for_who_takes_it(client: Client, described: dict[str, Any]) -> None:
    response = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.data)) == described
