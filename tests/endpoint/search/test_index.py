"""The index answers any text, from any thread, over the shipped data."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsynth_kg.endpoint.errors import ReleaseDamaged
from medsynth_kg.endpoint.search.index import SearchIndex, open_search_index
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release
from medsynth_kg.release.search_index import SEARCH_INDEX
from medsynth_kg.settings import BASE_IRI


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("10.3390/s23198328", "paper/10.3390/s23198328"),
        ("https://doi.org/10.3390/S23198328", "paper/10.3390/s23198328"),
        ("arXiv:2303.02475v1", "paper/arxiv/2303.02475"),
        ("10.48550/arXiv.2303.02475", "paper/arxiv/2303.02475"),
        ("paper/arxiv/2303.02475", "paper/arxiv/2303.02475"),
        (f"{BASE_IRI}modality/ecg", "modality/ecg"),
    ],
)
def test_an_identifier_gives_just_what_it_identifies(index: SearchIndex, query: str, path: str) -> None:
    (hit,) = index.search(query)
    assert (hit.entity.iri, hit.score) == (BASE_IRI + path, 1.0)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("EKG", "modality/ecg"),
        ("ecg", "modality/ecg"),
        ("electrocardiogra", "modality/ecg"),
        ("dermascopy", "modality/dermoscopy"),
        ("style-gan", "architecture/stylegan"),
        ("PRIVACY", "evaluation/privacy"),
        ("rddm github", "repository/github.com/debadityaqu/rddm"),
        ("Joon-Myung Kwon", "paper/arxiv/2103.00006/author/4"),
        ("ieee acces", "venue/ieee-access"),
    ],
)
def test_a_name_in_any_spelling_finds_what_it_names(index: SearchIndex, query: str, path: str) -> None:
    assert BASE_IRI + path in [hit.entity.iri for hit in index.search(query)[:3]]


def test_a_beginning_of_one_letter_finds_words_that_begin_with_it(index: SearchIndex) -> None:
    assert "Electrocardiogram" in [hit.entity.label for hit in index.search("e")]


def test_hits_can_be_of_some_kinds_alone(index: SearchIndex) -> None:
    assert {hit.entity.kind for hit in index.search("ecg", ["paper", "repository"])} == {"paper", "repository"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        "'",
        '"ecg',
        "ecg*",
        "NEAR(ecg gan)",
        "folded:ecg",
        "ecg AND",
        "NOT",
        "-ecg",
        "(",
        "^",
        "a\0b",
        "\ud800",
        "%",
        "'; DROP TABLE entity; --",
        "x" * 10_000,
        "a b " * 2_500,
        "¿?",
        "心电图",
        "🫀",
    ],
)
def test_no_text_is_an_error(index: SearchIndex, query: str) -> None:
    hits = index.search(query)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_a_query(index: SearchIndex, query: str) -> None:
    assert all(0.0 <= hit.score <= 1.0 for hit in index.search(query))


def test_threads_ask_at_once_and_get_the_same(index: SearchIndex) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(index.search, ["diffusion ecg"] * 40))
    assert all(answer == answers[0] for answer in answers)


def test_a_release_without_an_index_has_no_search(tmp_path: Path) -> None:
    assert open_search_index(tmp_path, BASE_IRI) is None


def test_an_index_of_another_form_is_not_read(shipped_release: Release, tmp_path: Path) -> None:
    shutil.copy(shipped_release.path / SEARCH_INDEX, tmp_path)
    with closing(sqlite3.connect(tmp_path / SEARCH_INDEX)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert open_search_index(tmp_path, BASE_IRI) is None


def test_a_file_that_is_no_index_is_not_read(tmp_path: Path) -> None:
    (tmp_path / SEARCH_INDEX).write_text("not a database, but long enough to be taken for one" * 40, encoding="utf-8")
    assert open_search_index(tmp_path, BASE_IRI) is None


def test_an_index_that_turns_out_to_be_broken_is_told_as_damage(shipped_release: Release, tmp_path: Path) -> None:
    path = Path(shutil.copy(shipped_release.path / SEARCH_INDEX, tmp_path))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    opened = open_search_index(tmp_path, BASE_IRI)
    assert opened is not None
    with closing(opened), pytest.raises(ReleaseDamaged, match="is damaged here"):
        opened.search("ecg")


def test_an_index_that_cannot_be_opened_is_told_as_damage_too(shipped_release: Release, tmp_path: Path) -> None:
    path = Path(shutil.copy(shipped_release.path / SEARCH_INDEX, tmp_path))
    opened = open_search_index(tmp_path, BASE_IRI)
    assert opened is not None
    path.unlink()
    with closing(opened), pytest.raises(ReleaseDamaged, match="is damaged here"):
        opened.search("ecg")


def test_a_release_whose_index_cannot_be_opened_is_damaged(
    shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(DamagedRelease, match=r"search\.sqlite: cannot be opened: unable to open database file"):
        open_search_index(shipped_release.path, BASE_IRI)
