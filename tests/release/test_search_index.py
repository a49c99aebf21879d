"""The search index names what the statements name, and is part of what a release promises."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import SearchIndexNotWritten
from medsynth_kg.release.manifest import describe_file, write_checksums
from medsynth_kg.release.reading import Release
from medsynth_kg.release.search_entities import SearchName, find_entities
from medsynth_kg.release.search_index import SEARCH_INDEX, open_read_only, write_search_index
from medsynth_kg.release.store import read_store
from medsynth_kg.release.verifying import verify_release

from .example_release import BASE, TITLE, TYPE, count_nothing, example_contents, example_quads, graph, term

SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
DCTERMS = "http://purl.org/dc/terms/"


def statement(subject: str, predicate: NamedNode | str, value: NamedNode | str) -> Quad:
    return Quad(
        NamedNode(BASE + subject),
        NamedNode(predicate) if isinstance(predicate, str) else predicate,
        Literal(value) if isinstance(value, str) else value,
        graph("curated"),
    )


QUADS = (
    statement("modality/ecg", TYPE, term("Modality")),
    statement("modality/ecg", f"{SKOS}prefLabel", "Electrocardiogram"),
    statement("modality/ecg", f"{SKOS}altLabel", "EKG"),
    statement("modality/ecg", f"{SKOS}hiddenLabel", "electrocardigram"),
    statement("modality/ecg", f"{SKOS}definition", "The heart's electricity."),
    statement("paper/10.1/x", TYPE, term("Paper")),
    statement("paper/10.1/x", TITLE, "HeartGAN: Making heartbeats"),
    statement("paper/10.1/x", term("modality"), NamedNode(f"{BASE}modality/ecg")),
    statement("paper/10.1/x", term("venue"), NamedNode(f"{BASE}venue/hearts")),
    statement("paper/10.1/x", f"{DCTERMS}creator", NamedNode(f"{BASE}paper/10.1/x/author/1")),
    statement("paper/10.1/x", f"{DCTERMS}issued", "2023-05-01"),
    statement("paper/10.1/x", f"{DCTERMS}identifier", "doi:10.1/x"),
    statement("paper/10.1/x", term("authorship"), NamedNode(f"{BASE}paper/10.1/x/authorship/1")),
    statement("paper/10.1/x/authorship/1", term("author"), NamedNode(f"{BASE}paper/10.1/x/author/1")),
    statement("paper/10.1/x/authorship/1", term("position"), "1"),
    statement("paper/10.1/x/author/1", TYPE, NamedNode(f"{FOAF}Person")),
    statement("paper/10.1/x/author/1", "http://www.w3.org/2000/01/rdf-schema#label", "Ada Müller"),
    statement("paper/10.1/x/author/1", f"{FOAF}familyName", "Müller"),
    statement("venue/hearts", TYPE, term("Venue")),
    statement("venue/hearts", TITLE, "Journal of Hearts"),
    statement("paper/10.1/nameless", TYPE, term("Paper")),
)


def test_every_spelling_of_a_concept_is_a_name() -> None:
    (concept,) = (found for found in find_entities(QUADS, BASE) if found.kind == "modality")

    assert (concept.label, concept.description, concept.papers) == ("Electrocardiogram", "The heart's electricity.", 1)
    assert concept.names == (
        SearchName("alternative", "EKG"),
        SearchName("hidden", "electrocardigram"),
        SearchName("preferred", "Electrocardiogram"),
    )


def test_a_paper_is_found_by_its_title_its_beginning_and_what_surrounds_it() -> None:
    (paper,) = (found for found in find_entities(QUADS, BASE) if found.kind == "paper")

    assert paper.description == "Ada Müller · Journal of Hearts · 2023"
    retracted = (*QUADS, statement("paper/10.1/x", TYPE, term("RetractedPaper")))
    (warned,) = (found for found in find_entities(retracted, BASE) if found.iri == paper.iri)
    assert warned.description == "Retracted or withdrawn · Ada Müller · Journal of Hearts · 2023"
    assert paper.identifiers == (("doi", "10.1/x"),)
    assert {name.role: name.text for name in paper.names} == {
        "preferred": "HeartGAN: Making heartbeats",
        "beginning": "HeartGAN",
        "context": "HeartGAN: Making heartbeats Müller Electrocardiogram Journal of Hearts 2023",
    }


def test_an_author_is_described_by_the_paper_and_what_has_no_name_is_left_out() -> None:
    found = {entity.iri: entity for entity in find_entities(QUADS, BASE)}

    assert found[f"{BASE}paper/10.1/x/author/1"].description == "Author of HeartGAN: Making heartbeats"
    assert f"{BASE}paper/10.1/nameless" not in found


def test_the_same_statements_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    shuffled = list(QUADS)
    shuffled.reverse()
    write_search_index(tmp_path / "one.sqlite", QUADS, BASE)
    write_search_index(tmp_path / "two.sqlite", shuffled, BASE)

    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


def test_a_release_lists_its_index_with_its_hash(release: Release) -> None:
    assert release.manifest.files[SEARCH_INDEX] == describe_file(release.path / SEARCH_INDEX)
    assert verify_release(release.path) == ()


def test_an_index_that_says_something_else_than_the_store_is_damage(copied_release: Release) -> None:
    path = copied_release.path / SEARCH_INDEX
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE entity SET label = 'something else' WHERE id = 1")
    (by_hash,) = verify_release(copied_release.path)
    assert f"{path}: its SHA-256 is" in by_hash

    # With all lists of hashes forged, the rows themselves still tell.
    manifest = copied_release.path / "manifest.json"
    stated = copied_release.manifest.files[SEARCH_INDEX]
    forged = describe_file(path)
    text = manifest.read_text(encoding="utf-8").replace(stated.sha256, forged.sha256)
    manifest.write_text(text, encoding="utf-8")
    write_checksums(copied_release.path)
    assert verify_release(copied_release.path) == (f"{path}: its table entity differs from the store",)


def test_a_release_from_before_the_index_is_whole_and_the_next_build_gives_it_one(tmp_path: Path) -> None:
    first = build_release(example_contents(), tmp_path, count_nothing)
    manifest = first.path / "manifest.json"
    before = first.manifest.model_copy(
        update={"files": {path: entry for path, entry in first.manifest.files.items() if path != SEARCH_INDEX}}
    )
    manifest.write_text(before.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (first.path / SEARCH_INDEX).unlink()
    write_checksums(first.path)
    assert verify_release(first.path) == ()

    again = build_release(example_contents(), tmp_path, count_nothing)

    assert again.id == first.id
    assert (again.path / SEARCH_INDEX).is_file()
    assert verify_release(again.path) == ()


def test_an_index_is_opened_for_reading_alone(release: Release) -> None:
    with (
        closing(open_read_only(release.path / SEARCH_INDEX)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM entity")


def test_an_index_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexNotWritten, match=r"none/search.sqlite: the search index could not be written"):
        write_search_index(tmp_path / "none" / "search.sqlite", example_quads(1, "Hearts"), BASE)


def test_the_stores_statements_are_those_of_the_index(release: Release) -> None:
    papers = [found.iri for found in find_entities(read_store(release.store), BASE) if found.kind == "paper"]
    with closing(open_read_only(release.path / SEARCH_INDEX)) as connection:
        assert connection.execute("SELECT count(*) FROM entity WHERE kind = 'paper'").fetchone() == (len(papers),)
    assert len(papers) == 5
