import dataclasses
import datetime
import fcntl
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Quad, Store
from tests.release import example_release
from tests.release.example_release import TYPE, count_nothing, example_contents, graph, paper

from medsynth_kg.errors import MedsynthError
from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import BuildRunning, ReleaseNotWritten, StatementNotPublishable
from medsynth_kg.release.manifest import list_files
from medsynth_kg.release.reading import Release, current_release
from medsynth_kg.release.store import read_store
from medsynth_kg.release.verifying import verify_release

NOBODY = 65534


def reproducible_files(release: Path) -> dict[str, bytes]:
    names = [name for name in list_files(release) if not name.startswith(("store/", "SHA256SUMS"))]
    return {name: (release / name).read_bytes() for name in names}


def run_program(releases: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Build the example in a process of its own that starts in the directory of releases."""
    command = [sys.executable, example_release.__file__, str(releases), "5", "Hearts"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    return subprocess.run(command, cwd=releases, env=variables, capture_output=True, text=True, check=False)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write anywhere, so be nobody for a while; anyone else stays who they are."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_the_id_is_the_day_of_the_newest_input_and_a_hash_of_the_content(release: Release) -> None:
    assert release.id.startswith("2026-11-23-")
    assert len(release.id.removeprefix("2026-11-23-")) == 12
    assert release.path.name == release.id


def test_the_id_does_not_depend_on_what_describes_the_release(tmp_path: Path, release: Release) -> None:
    described_otherwise = dataclasses.replace(example_contents(), code_version="9", inputs={}, prefixes={})

    assert build_release(described_otherwise, tmp_path, count_nothing).id == release.id


def test_other_content_gives_another_id(tmp_path: Path, release: Release) -> None:
    assert build_release(example_contents(words="Brains"), tmp_path, count_nothing).id != release.id


def test_other_saved_queries_give_another_id(tmp_path: Path, release: Release) -> None:
    contents = dataclasses.replace(example_contents(), files={"queries/papers.rq": b"ASK {}"})

    assert build_release(contents, tmp_path, count_nothing).id != release.id


def test_the_same_contents_give_the_same_bytes_in_any_environment(tmp_path: Path) -> None:
    environments = (
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "CLOCK": "1e9", "UMASK": "077"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0", "CLOCK": "2e9"},
    )
    built = []
    for number, environment in enumerate(environments):
        releases = tmp_path / ("a" * number * 40 or "b")
        releases.mkdir()
        assert run_program(releases, environment).returncode == 0
        built.append(current_release(releases))

    assert built[0].id == built[1].id
    assert reproducible_files(built[0].path) == reproducible_files(built[1].path)


def test_a_release_that_exists_is_not_written_again(tmp_path: Path) -> None:
    first = build_release(example_contents(), tmp_path, count_nothing)
    other = build_release(example_contents(words="Brains"), tmp_path, count_nothing)
    inodes = {name: (first.path / name).stat().st_ino for name in list_files(first.path)}
    assert current_release(tmp_path) == other

    again = build_release(example_contents(), tmp_path, count_nothing)

    assert current_release(tmp_path) == again == first
    assert {name: (first.path / name).stat().st_ino for name in list_files(first.path)} == inodes


def test_a_damaged_release_is_written_again(tmp_path: Path) -> None:
    first = build_release(example_contents(), tmp_path, count_nothing)
    (first.dumps / "medsynth-kg.nq").write_bytes(b"")

    build_release(example_contents(), tmp_path, count_nothing)

    assert verify_release(first.path) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", first.id, "current"]


def test_current_is_a_relative_link_so_that_the_directory_can_be_moved(tmp_path: Path) -> None:
    release = build_release(example_contents(), tmp_path / "here", count_nothing)
    shutil.move(tmp_path / "here", tmp_path / "there")

    assert current_release(tmp_path / "there").id == release.id


def test_the_store_holds_the_content_and_the_description(release: Release) -> None:
    store = Store.read_only(str(release.store))

    assert set(example_contents().quads) < set(store)
    assert len(read_store(release.store)) == release.manifest.counts["quads"]
    assert list(store.quads_for_pattern(None, None, None, graph("release")))


def test_saved_queries_see_the_store_before_it_is_published(tmp_path: Path) -> None:
    seen: list[int] = []

    def run_queries(store: Path) -> Mapping[str, int | bool]:
        seen.append(len(read_store(store)))
        assert not (tmp_path / "current").exists()
        return {"two": 2, "one": True}

    release = build_release(example_contents(), tmp_path, run_queries)

    assert seen == [release.manifest.counts["quads"]]
    assert list(release.manifest.queries.items()) == [("one", True), ("two", 2)]


def test_a_failing_saved_query_leaves_the_old_release(tmp_path: Path) -> None:
    old = build_release(example_contents(), tmp_path, count_nothing)

    def fail(_store: Path) -> Mapping[str, int | bool]:
        raise MedsynthError("queries/papers.rq: comes back empty")

    with pytest.raises(MedsynthError, match="comes back empty"):
        build_release(example_contents(words="Brains"), tmp_path, fail)

    assert current_release(tmp_path) == old
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", old.id, "current"]


def test_a_blank_node_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    blank = Quad(BlankNode("b"), TYPE, paper(1), graph("survey"))
    contents = dataclasses.replace(example_contents(), quads=[blank])

    with pytest.raises(StatementNotPublishable):
        build_release(contents, tmp_path / "releases", count_nothing)

    assert not (tmp_path / "releases").exists()


def test_a_second_build_at_once_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    old = build_release(example_contents(), tmp_path, count_nothing)
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildRunning, match="another build is running; wait for it to end"):
            build_release(example_contents(words="Brains"), tmp_path, count_nothing)

    assert current_release(tmp_path) == old


@pytest.mark.parametrize("file_size", [2_000, 50_000, 150_000])
def test_a_full_disk_is_named_and_leaves_the_old_release(tmp_path: Path, file_size: int) -> None:
    old = build_release(example_contents(), tmp_path, count_nothing)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    contents = example_contents(200, "Brains")
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, hard))
    try:
        with pytest.raises(ReleaseNotWritten, match=r"File too large.*the current release is unchanged"):
            build_release(contents, tmp_path, count_nothing)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert current_release(tmp_path) == old
    assert verify_release(old.path) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", old.id, "current"]


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "releases").write_text("a file", encoding="utf-8")

    with pytest.raises(ReleaseNotWritten, match="releases: the release could not be written"):
        build_release(example_contents(), tmp_path / "releases", count_nothing)


def test_a_read_only_directory_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = tmp_path / "releases"
    releases.mkdir(mode=0o555)
    monkeypatch.chdir(releases)

    with (
        without_privileges(),
        pytest.raises(ReleaseNotWritten, match=r"could not be written \(Permission denied: \.lock\)"),
    ):
        build_release(example_contents(), Path(), count_nothing)

    assert list(releases.iterdir()) == []


def test_the_clock_is_not_asked(release: Release) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date()

    assert release.manifest.newest_input == datetime.date(2026, 11, 23)
    if today != release.manifest.newest_input:
        assert today.isoformat().encode() not in b"".join(reproducible_files(release.path).values())
