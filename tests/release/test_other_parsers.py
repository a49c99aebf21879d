"""Parsers that others wrote find as many statements in the dumps as the manifest states."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.release import jena

from medsynth_kg.release.reading import Release

RAPTOR_SYNTAXES = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "nq": "nquads", "trig": "trig"}


@pytest.mark.raptor
@pytest.mark.skipif(shutil.which("rapper") is None, reason="needs rapper (raptor2-utils)")
@pytest.mark.parametrize(("extension", "syntax"), RAPTOR_SYNTAXES.items())
def test_raptor_counts_as_many_statements(shipped_release: Release, extension: str, syntax: str) -> None:
    command = ["rapper", "--count", "--input", syntax, str(shipped_release.dumps / f"medsynth-kg.{extension}")]

    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr

    assert "rror" not in told
    (counted,) = re.findall(r"returned (\d+) triples", told)
    assert int(counted) == shipped_release.manifest.counts["quads" if extension in ("nq", "trig") else "triples"]


@pytest.mark.jena
@pytest.mark.skipif(not jena.is_installed(), reason="needs java and Jena (libapache-jena-java)")
def test_jena_counts_as_many_statements_and_warns_of_none(shipped_release: Release, tmp_path: Path) -> None:
    classes, counts = jena.class_path(tmp_path), shipped_release.manifest.counts
    paths = [path for path in shipped_release.dumps.glob("medsynth-kg.*") if path.suffix != ".zst"]
    json_ld = [str(path) for path in paths if ".jsonld" in path.name]

    told = jena.riot(classes, "--count", *sorted(set(map(str, paths)) - set(json_ld)))
    told += jena.riot(classes, "--count", "--syntax=jsonld10", *json_ld)

    assert not re.search("WARN|ERROR", told), told
    counted = re.findall(r"/([^/]+) : (Triples|Quads) = ([0-9,]+)", told)
    assert {name: (kind, int(number.replace(",", ""))) for name, kind, number in counted} == {
        path.name: ("Quads", counts["quads"])
        if re.search(r"\.(nq|trig)", path.name)
        else ("Triples", counts["triples"])
        for path in paths
    }


def test_every_turtle_file_of_a_release_is_strict_turtle(shipped_release: Release) -> None:
    files = sorted(shipped_release.path.rglob("*.ttl"))

    assert {"void.ttl", "shapes.ttl", "medsynth-kg.ttl", "survey.ttl"} <= {path.name for path in files}
    for path in files:
        assert list(parse(path=str(path), format=RdfFormat.TURTLE, lenient=False)), path
