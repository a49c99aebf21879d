import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from medsynth_kg.release.manifest import describe_file, list_files, write_checksums
from medsynth_kg.release.reading import Release, open_release
from medsynth_kg.release.verifying import verify_release


@pytest.fixture(scope="module")
def release_to_damage(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A copy for examples that put back what they damaged."""
    return open_release(shutil.copytree(release.path, tmp_path_factory.mktemp("damaged") / release.id))


def flip_a_byte(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_a_release_as_it_was_built_is_whole(release: Release) -> None:
    assert verify_release(release.path) == ()


def test_one_byte_flipped_anywhere_names_the_file(copied_release: Release) -> None:
    files = [path for path in list_files(copied_release.path) if (copied_release.path / path).stat().st_size]
    assert len(files) > 30
    for name in files:
        path = copied_release.path / name
        original = path.read_bytes()
        for position in {0, len(original) // 2, len(original) - 1}:
            flip_a_byte(path, position)
            problems = verify_release(copied_release.path)
            assert [problem.split(": ")[0] for problem in problems][:1] == [str(path)], (name, position)
            path.write_bytes(original)
    assert verify_release(copied_release.path) == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_bit_flipped_at_any_offset_of_any_file_names_the_file(
    release_to_damage: Release, data: st.DataObject
) -> None:
    files = [path for path in list_files(release_to_damage.path) if (release_to_damage.path / path).stat().st_size]
    path = release_to_damage.path / data.draw(st.sampled_from(files))
    original = path.read_bytes()
    content = bytearray(original)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        path.write_bytes(content)
        assert verify_release(release_to_damage.path)[0].split(": ")[0] == str(path)
    finally:
        path.write_bytes(original)


def test_every_missing_file_is_named(copied_release: Release) -> None:
    for name in list_files(copied_release.path):
        path = copied_release.path / name
        content = path.read_bytes()
        path.unlink()
        assert str(path) in verify_release(copied_release.path)[0]
        path.write_bytes(content)


def test_a_file_that_was_added_is_named(copied_release: Release) -> None:
    added = copied_release.dumps / "more.ttl"
    added.write_bytes(b"")

    assert verify_release(copied_release.path) == (f"{added}: does not belong to the release",)


def test_the_store_and_the_dumps_are_compared_even_if_every_checksum_is_right(copied_release: Release) -> None:
    dump = copied_release.dumps / "medsynth-kg.nt"
    manifest = copied_release.path / "manifest.json"
    before = copied_release.manifest.files["dumps/medsynth-kg.nt"].sha256
    dump.write_bytes(b"".join(dump.read_bytes().splitlines(keepends=True)[1:]))
    manifest.write_bytes(manifest.read_bytes().replace(before.encode(), describe_file(dump).sha256.encode()))
    write_checksums(copied_release.path)

    assert verify_release(copied_release.path)[0] == f"{dump}: differs from the store in 1 statements"


def test_a_manifest_that_disagrees_with_the_checksums_is_found(copied_release: Release) -> None:
    manifest = copied_release.path / "manifest.json"
    stated = copied_release.manifest.files["void.ttl"].sha256
    manifest.write_bytes(manifest.read_bytes().replace(stated.encode(), b"0" * 64))
    write_checksums(copied_release.path)

    (problem,) = verify_release(copied_release.path)
    assert problem == f"{copied_release.path / 'void.ttl'}: the manifest gives another SHA-256 than SHA256SUMS"


def test_further_checks_see_the_statements_of_the_store(release: Release) -> None:
    problems = verify_release(release.path, check_graph=lambda quads: [f"{len(set(quads))} statements seen"])

    assert problems == (f"{release.manifest.counts['quads']} statements seen",)


def test_further_checks_are_not_asked_of_a_damaged_release(copied_release: Release) -> None:
    flip_a_byte(copied_release.path / "void.ttl", 0)

    problems = verify_release(copied_release.path, check_graph=lambda _: ["asked"])

    assert "asked" not in problems


def test_serving_a_release_leaves_every_file_as_it_was(copied_release: Release) -> None:
    store = Store.read_only(str(copied_release.store))
    assert len(store) > copied_release.manifest.counts["quads"]
    assert store.query("ASK { GRAPH ?g { ?s ?p ?o } }")
    del store

    assert verify_release(copied_release.path) == ()


@pytest.fixture
def write_protected_release(copied_release: Release) -> Iterator[Release]:
    paths = [copied_release.path, *copied_release.path.rglob("*")]
    for path in paths:
        path.chmod(stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0))
    yield copied_release
    for path in paths:
        path.chmod(stat.S_IRWXU)


def test_a_write_protected_release_can_be_verified(write_protected_release: Release) -> None:
    assert verify_release(write_protected_release.path) == ()
