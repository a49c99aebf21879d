from pathlib import Path

import pytest
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import DamagedRelease, NoRelease
from medsynth_kg.release.reading import PREFIXES, Release, current_release, list_releases, open_release, read_prefixes


def build(releases: Path, words: str, day: str) -> Release:
    return build_release(example_contents(2, words, day), releases, count_nothing)


def test_the_current_release_is_the_one_built_last(tmp_path: Path) -> None:
    build(tmp_path, "Hearts", "2026-11-23")
    older = build(tmp_path, "Hearts and brains", "2026-11-22")

    assert current_release(tmp_path) == older


def test_releases_are_listed_newest_first(tmp_path: Path) -> None:
    old = build(tmp_path, "Hearts", "2026-11-21")
    new = build(tmp_path, "Brains", "2026-11-23")
    middle = build(tmp_path, "Lungs", "2026-11-22")

    assert [release.id for release in list_releases(tmp_path)] == [new.id, middle.id, old.id]


def test_what_a_build_is_writing_is_not_listed(tmp_path: Path) -> None:
    release = build(tmp_path, "Hearts", "2026-11-21")
    (tmp_path / ".building-2026-11-22-abc").mkdir()

    assert [each.id for each in list_releases(tmp_path)] == [release.id]


def test_a_directory_without_releases_is_empty_and_says_what_to_do(tmp_path: Path) -> None:
    assert list_releases(tmp_path / "releases") == ()
    with pytest.raises(NoRelease, match="run `medsynth-kg build`"):
        current_release(tmp_path / "releases")


def test_a_release_is_opened_by_any_path_to_it(tmp_path: Path) -> None:
    release = build(tmp_path, "Hearts", "2026-11-21")

    opened = open_release(tmp_path / "current")

    assert (opened.id, opened.manifest) == (release.id, release.manifest)


def test_a_release_without_its_store_is_damaged(copied_release: Release) -> None:
    (copied_release.store / "CURRENT").unlink()

    with pytest.raises(DamagedRelease, match="store: the store is missing"):
        open_release(copied_release.path)


def test_a_current_release_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("2026-11-21-abc")

    with pytest.raises(DamagedRelease, match="2026-11-21-abc"):
        current_release(tmp_path)


def test_prefixes_are_read_as_a_build_wrote_them(copied_release: Release) -> None:
    (copied_release.path / PREFIXES).write_bytes(b'{"msk": "https://w3id.org/medsynth-kg/ontology#"}')

    assert read_prefixes(copied_release) == {"msk": "https://w3id.org/medsynth-kg/ontology#"}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"msk": 1}', b'{"msk": "\xff"}'])
def test_prefixes_that_cannot_be_read_are_damage(copied_release: Release, content: bytes | None) -> None:
    if content is not None:
        (copied_release.path / PREFIXES).write_bytes(content)

    with pytest.raises(DamagedRelease, match=r"prefixes\.json: "):
        read_prefixes(copied_release)
