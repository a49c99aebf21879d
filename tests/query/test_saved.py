"""Saved queries are files with a header; what is wrong with one is said with its name."""

from pathlib import Path

import pytest

from medsynth_kg.query.checking import count_answers
from medsynth_kg.query.errors import SavedQueryFailed, SavedQueryUnreadable
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.saved import load_saved_queries, read_saved_query

HEADER = "#+ title: Who knows whom?\n#+ description: Everybody.\n#+ keywords: [people]\n"


def saved(directory: Path, text: str, name: str = "who-knows-whom.rq") -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_header_and_text_are_told_apart(tmp_path: Path) -> None:
    query = read_saved_query(saved(tmp_path, HEADER + "SELECT * { ?a <http://example.org/knows> ?b }\n"))
    assert (query.slug, query.title, query.keywords) == ("who-knows-whom", "Who knows whom?", ("people",))
    assert query.form is QueryForm.SELECT
    assert query.text == "SELECT * { ?a <http://example.org/knows> ?b }\n"


def test_the_names_that_grlc_uses_are_understood(tmp_path: Path) -> None:
    query = read_saved_query(saved(tmp_path, "#+ summary: A\n#+ description: B\n#+ tags: [c]\nASK {}"))
    assert (query.title, query.keywords) == ("A", ("c",))


def test_a_variable_with_an_underscore_is_a_parameter_of_the_header(tmp_path: Path) -> None:
    header = HEADER + "#+ parameters:\n#+   person: {label: Person}\n"
    query = read_saved_query(saved(tmp_path, header + "SELECT * { ?_person ?p ?o }"))
    assert query.parameters["person"].kind == "iri"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "title"),
        ("#+ title: [\nSELECT * {}", "line [12]: the header is not YAML"),
        (HEADER + "INSERT DATA {}", "only reads"),
        (HEADER + "SELECT * { ?_person ?p ?o }", "the header has no parameter person"),
        (HEADER + "#+ parameters: {person: {label: P}}\nSELECT * {}", "the parameter person is not used"),
        ("#+ title: \u0007\nSELECT * {}", "the header is not YAML"),
        (HEADER + "#+ keywords: mri\nSELECT * {}", "keywords"),
        (HEADER + "SELEKT * {}", "expected PREFIX"),
        (HEADER + "#+ colour: blue\nSELECT * {}", "colour"),
    ],
)
def test_what_is_wrong_is_said_with_the_files_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SavedQueryUnreadable, match=rf"who-knows-whom\.rq.*{message}"):
        read_saved_query(saved(tmp_path, text))


def test_a_name_that_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SavedQueryUnreadable, match="lower case"):
        read_saved_query(saved(tmp_path, HEADER + "ASK {}", "Who knows.rq"))


def test_each_query_is_counted_over_a_store(tmp_path: Path, store: Path) -> None:
    saved(tmp_path, HEADER + "SELECT * { ?a <http://example.org/knows> ?b } LIMIT 7", "some.rq")
    saved(tmp_path, HEADER + "ASK { <x:x> ?p ?o }", "truth.rq")
    saved(tmp_path, HEADER + "CONSTRUCT WHERE { ?a <http://example.org/name> ?b }", "graph.rq")
    counts = count_answers(load_saved_queries(tmp_path), store)
    assert counts == {"some": 7, "truth": False, "graph": 1000}


def test_a_query_that_comes_back_empty_stops_a_build_unless_it_says_that_it_may(tmp_path: Path, store: Path) -> None:
    saved(tmp_path, HEADER + "SELECT * { ?a <x:x> ?b }")
    with pytest.raises(SavedQueryFailed, match=r"who-knows-whom\.rq: comes back empty"):
        count_answers(load_saved_queries(tmp_path), store)
    saved(tmp_path, HEADER + "#+ may-be-empty: true\nSELECT * { ?a <x:x> ?b }")
    assert count_answers(load_saved_queries(tmp_path), store) == {"who-knows-whom": 0}


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "latin.rq"
    path.write_bytes(HEADER.encode() + "SELECT * {} # é".encode("latin-1"))
    with pytest.raises(SavedQueryUnreadable, match=r"latin\.rq: can't be read as UTF-8"):
        read_saved_query(path)


def test_what_grlc_alone_needs_is_passed_over(tmp_path: Path) -> None:
    header = HEADER + "#+ endpoint: https://example.org/sparql\n#+ pagination: 100\n#+ method: GET\n"
    assert read_saved_query(saved(tmp_path, header + "ASK {}")).title == "Who knows whom?"


def test_a_federated_query_is_parsed_but_not_run(tmp_path: Path, store: Path) -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    with pytest.raises(SavedQueryUnreadable, match="SERVICE"):
        read_saved_query(saved(tmp_path, HEADER + text))
    query = read_saved_query(saved(tmp_path, HEADER + "#+ federated: true\n" + text))
    assert query.federated
    assert count_answers([query], store) == {}
