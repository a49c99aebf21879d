"""The release in Croissant 1.0; the ``mlcroissant`` validator of MLCommons, which is too large to install for tests,
finds neither errors nor warnings in what the shipped data give.
"""

import json
import re
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from tests.release.example_release import TYPE

from medsynth_kg.release.croissant import CROISSANT, SPECIFICATION
from medsynth_kg.release.reading import Release

REQUIRED = ("@context", "@type", "conformsTo", "name", "description", "license", "url", "creator", "datePublished")
SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\+[0-9a-f]{12}")


@pytest.fixture
def document(release: Release) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((release.path / CROISSANT).read_bytes())
    return read


def test_everything_that_the_specification_requires_is_there(document: dict[str, Any]) -> None:
    assert [name for name in REQUIRED if not document.get(name)] == []
    assert document["conformsTo"] == SPECIFICATION
    assert SEMANTIC_VERSION.fullmatch(document["version"])


def test_each_dump_of_everything_is_a_file_with_its_size_and_checksum(
    document: dict[str, Any], release: Release
) -> None:
    dumps = {
        path.removeprefix("dumps/"): entry
        for path, entry in release.manifest.files.items()
        if path.startswith("dumps/medsynth-kg.")
    }
    files = {file["name"]: file for file in document["distribution"]}
    assert sorted(files) == sorted(dumps)
    for name, entry in dumps.items():
        assert (files[name]["sha256"], files[name]["contentSize"]) == (entry.sha256, f"{entry.size} B")
        assert files[name]["@id"] == files[name]["contentUrl"]
        assert files[name]["contentUrl"].endswith(f"/dumps/{release.id}/{name}")
    assert files["medsynth-kg.ttl"]["encodingFormat"] == "text/turtle"
    assert files["medsynth-kg.ttl.zst"]["encodingFormat"] == "application/zstd"


def test_its_terms_are_those_of_schema_org_and_croissant(document: dict[str, Any]) -> None:
    store = Store()
    store.load(json.dumps(document).encode(), format=RdfFormat.JSON_LD)
    properties = {quad.predicate.value for quad in store}
    classes = {quad.object.value for quad in store if isinstance(quad.object, NamedNode) and quad.predicate == TYPE}
    used = properties | classes
    namespaces = ("https://schema.org/", "http://mlcommons.org/croissant/", "http://purl.org/dc/terms/")
    assert {term for term in used if not term.startswith(namespaces)} == {TYPE.value}
    assert "http://mlcommons.org/croissant/FileObject" in used
