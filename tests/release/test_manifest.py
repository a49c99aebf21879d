import shutil
import subprocess

import pytest
from tests.release.example_release import term

from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.manifest import describe_file, list_files, read_checksums, read_manifest, write_manifest
from medsynth_kg.release.reading import Release


def test_a_manifest_comes_back_as_it_was_written(copied_release: Release) -> None:
    before = (copied_release.path / "manifest.json").read_bytes()

    write_manifest(copied_release.path, read_manifest(copied_release.path))

    assert (copied_release.path / "manifest.json").read_bytes() == before


def test_the_manifest_lists_every_file_but_the_store_and_the_checksums(release: Release) -> None:
    files = set(list_files(release.path))

    listed = set(release.manifest.files)
    assert "queries/papers.rq" in listed
    assert {path for path in files - listed if not path.startswith("store/")} == {
        "manifest.json",
        "SHA256SUMS",
        "SHA256SUMS.sha256",
    }


def test_the_manifest_counts_instances_by_class_and_statements_by_graph(release: Release) -> None:
    counts = release.manifest.counts

    assert counts["classes"] == {term("Modality").value: 1, term("Paper").value: 5}
    assert sum(counts["graphs"].values()) == counts["quads"]
    assert counts["triples"] == counts["quads"] - 5
    assert counts["entities"] == 6


def test_the_manifest_gives_the_size_of_each_file(release: Release) -> None:
    for path, entry in release.manifest.files.items():
        assert describe_file(release.path / path) == entry


def test_the_checksums_cover_every_file_but_themselves(release: Release) -> None:
    listed = set(read_checksums(release.path / "SHA256SUMS"))

    assert set(list_files(release.path)) - listed == {"SHA256SUMS", "SHA256SUMS.sha256"}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum (coreutils)")
@pytest.mark.parametrize("checksums", ["SHA256SUMS", "SHA256SUMS.sha256"])
def test_sha256sum_accepts_the_checksums(release: Release, checksums: str) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", checksums]

    checked = subprocess.run(command, cwd=release.path, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_missing_manifest_is_named(copied_release: Release) -> None:
    (copied_release.path / "manifest.json").unlink()

    with pytest.raises(DamagedRelease, match=r"manifest\.json: No such file"):
        read_manifest(copied_release.path)


def test_a_manifest_that_lacks_a_field_is_named_with_the_field(copied_release: Release) -> None:
    (copied_release.path / "manifest.json").write_text("{}", encoding="utf-8")

    with pytest.raises(DamagedRelease, match=r"manifest\.json: id: Field required"):
        read_manifest(copied_release.path)
