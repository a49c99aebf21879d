"""Each file that is named is read, once and under a name of its own; what a run writes is not."""

from pathlib import Path

import pytest

from medsynth_kg.corpus.errors import InputInOutput, NoBulkFiles, OutputUnusable
from medsynth_kg.corpus.inputs import check_output, list_bulk_files
from medsynth_kg.corpus.job import BulkFile, rejected_name


def bulk(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"{}")
    return root.resolve()


def test_names_are_the_paths_below_the_directory_named(tmp_path: Path) -> None:
    root = bulk(tmp_path, "works/a/1.gz", "works/2.gz", "works/manifest", "works/.hidden/3.gz", "4.gz")
    found = list_bulk_files([root / "works", root / "4.gz"], root / "corpus")
    assert found == {"2.gz": root / "works/2.gz", "4.gz": root / "4.gz", "a/1.gz": root / "works/a/1.gz"}


def test_files_of_one_name_in_several_places_are_all_read(tmp_path: Path) -> None:
    paths = ["2025/works/1.gz", "2026/works/1.gz", "2026/authors/1.gz"]
    root = bulk(tmp_path, *paths)
    given = [root / "2026/works", root / "2025/works", root / "2026/authors/1.gz"]
    expected = {path: root / path for path in sorted(paths)}
    assert list_bulk_files(given, root / "corpus") == expected
    assert list(list_bulk_files(given[::-1], root / "corpus").items()) == list(expected.items())


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    root = bulk(tmp_path, "works/a/1.gz")
    given = [root / "works/a/1.gz", root / "works/a", root / "works", root / "works/../works"]
    assert list_bulk_files(given, root / "corpus") == {"a/1.gz": root / "works/a/1.gz"}


def test_an_output_among_the_inputs_is_not_read(tmp_path: Path) -> None:
    root = bulk(tmp_path, "1.gz", "corpus/manifest.json", "corpus/parts/part-00000.nq.gz")
    assert list(list_bulk_files([root], root / "corpus")) == ["1.gz"]


def test_inputs_in_the_directory_that_holds_the_output_are_read(tmp_path: Path) -> None:
    root = bulk(tmp_path, "bulk/1.gz", "parts/part-00000.nq.gz")
    assert list(list_bulk_files([root / "bulk"], root)) == ["1.gz"]


@pytest.mark.parametrize("given", [".", "parts", "rejected/a/1.gz"])
def test_inputs_that_a_run_would_replace_are_refused(given: str, tmp_path: Path) -> None:
    root = bulk(tmp_path, "1.gz", "parts/1.gz", "rejected/a/1.gz")
    with pytest.raises(InputInOutput, match="--output"):
        list_bulk_files([root / given], root)


def test_a_directory_without_bulk_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoBulkFiles):
        list_bulk_files([bulk(tmp_path, "manifest")], tmp_path / "corpus")


@pytest.mark.parametrize("character", "[]{}*?:\\")
def test_an_output_that_spark_takes_for_a_pattern_is_refused(character: str, tmp_path: Path) -> None:
    with pytest.raises(OutputUnusable, match="--output"):
        check_output(tmp_path / f"a{character}b" / "corpus")
    check_output(tmp_path / "Größe, 100% + more")


def test_what_is_set_aside_of_two_inputs_has_two_names() -> None:
    names = ["x/f", "x~f", "x%7Ef", "x%2Ff", "x%257Ef"]
    files = [BulkFile(path=Path(name), name=name, sha256="", size=0) for name in names]
    assert len({rejected_name(file) for file in files}) == len(names)
    assert rejected_name(files[0]) == "x~f.jsonl"
