"""A graph whose own IRIs start with another base has that base everywhere."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from medsynth_kg.cli.pipeline import build
from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.release.manifest import STORE
from medsynth_kg.release.reading import Release
from medsynth_kg.release.store import read_store
from medsynth_kg.release.verifying import verify_release
from medsynth_kg.settings import BASE_IRI, Settings

BASE = "https://example.org/synthetic/"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, shipped_settings: Settings) -> Release:
    return build(
        shipped_settings.model_copy(update={"releases": tmp_path_factory.mktemp("releases"), "base_iri": BASE})
    )


def test_nothing_in_the_release_has_the_usual_base(moved: Release) -> None:
    texts = [
        path
        for path in moved.path.rglob("*")
        if path.suffix in (".ttl", ".nq", ".nt", ".rdf", ".jsonld", ".trig", ".json", ".rq")
    ]
    assert {"void.ttl", "shapes.ttl", "medsynth-kg.nq", "prefixes.json", "papers-by-modality.rq", "croissant.json"} <= {
        path.name for path in texts
    }
    assert [path.name for path in texts if BASE_IRI.encode() in path.read_bytes()] == []


def test_it_has_as_many_statements_and_answers_as_with_the_usual_base(moved: Release, shipped_release: Release) -> None:
    for count in ("quads", "triples", "entities"):
        assert moved.manifest.counts[count] == shipped_release.manifest.counts[count]
    assert moved.manifest.queries == shipped_release.manifest.queries


def test_a_base_below_the_usual_one_is_put_in_its_place_once(
    tmp_path: Path, shipped_settings: Settings, shipped_release: Release
) -> None:
    settings = shipped_settings.model_copy(
        update={"releases": tmp_path, "base_iri": f"{BASE_IRI}test/", "query_workers": 1}
    )
    release = build(settings)
    endpoint = Endpoint(settings)
    try:
        client = Client(endpoint)
        described, answered = client.get("/queries.ttl").text, client.get("/queries/papers-by-modality.csv").text
    finally:
        endpoint.close()
    assert f"{BASE_IRI}test/ontology#" in described
    assert "test/test/" not in described
    assert len(answered.splitlines()) == shipped_release.manifest.queries["papers-by-modality"] + 1
    assert release.manifest.queries == shipped_release.manifest.queries


def test_it_is_whole_and_conforms_to_the_shapes(moved: Release, shipped_settings: Settings) -> None:
    assert verify_release(moved.path) == ()
    quads = read_store(moved.path / STORE)
    assert validate_graph(quads, shipped_settings.ontology, BASE) == ()
    assert validate_graph(quads, shipped_settings.ontology) != ()
