import fcntl
import subprocess
import sys
from pathlib import Path

import pytest
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import BuildRunning, DamagedRelease
from medsynth_kg.release.leasing import Lease, unused
from medsynth_kg.release.pruning import prune_releases
from medsynth_kg.release.publishing import make_current
from medsynth_kg.release.reading import current_release, list_releases


@pytest.fixture
def four_releases(tmp_path: Path) -> tuple[str, ...]:
    """The ids of four releases in ``tmp_path``, oldest first; the last is current."""
    return tuple(
        build_release(example_contents(1, f"Words {day}", f"2026-11-{day}"), tmp_path, count_nothing).id
        for day in (20, 21, 22, 23)
    )


def kept(releases: Path) -> list[str]:
    return sorted(release.id for release in list_releases(releases))


def test_the_newest_are_kept(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    removed = prune_releases(tmp_path, keep=2)

    assert sorted(removed) == list(four_releases[:2])
    assert kept(tmp_path) == list(four_releases[2:])
    assert current_release(tmp_path).id == four_releases[3]


@pytest.mark.parametrize("keep", [1, 2])
def test_the_current_release_is_kept_however_old_it_is(
    tmp_path: Path, four_releases: tuple[str, ...], keep: int
) -> None:
    make_current(tmp_path, four_releases[0])

    prune_releases(tmp_path, keep)

    assert kept(tmp_path) == [four_releases[0], *four_releases[5 - keep :]]


def test_nothing_is_removed_where_there_are_no_more(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    assert prune_releases(tmp_path, keep=4) == ()
    assert kept(tmp_path) == list(four_releases)


def test_nothing_is_removed_where_no_release_is_current(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    (tmp_path / "current").unlink()

    assert prune_releases(tmp_path, keep=1) == ()
    assert kept(tmp_path) == list(four_releases)


def test_a_directory_that_is_not_there_has_nothing_to_prune(tmp_path: Path) -> None:
    assert prune_releases(tmp_path / "releases", keep=1) == ()
    assert not (tmp_path / "releases").exists()


def test_pruning_waits_for_no_build(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildRunning):
            prune_releases(tmp_path, keep=1)

    assert kept(tmp_path) == list(four_releases)


def test_a_release_in_use_is_kept_until_its_lease_ends(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    lease = Lease(tmp_path / four_releases[1])

    assert sorted(prune_releases(tmp_path, keep=1)) == [four_releases[0], four_releases[2]]

    lease.release()
    lease.release()
    assert prune_releases(tmp_path, keep=1) == (four_releases[1],)


def test_the_lease_of_a_process_that_was_killed_ends(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    program = (
        "import sys; from pathlib import Path; from medsynth_kg.release.leasing import Lease;"
        "lease = Lease(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    command = (sys.executable, "-c", program, str(tmp_path / four_releases[0]))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"\n"
        assert four_releases[0] not in prune_releases(tmp_path, keep=1)
        process.kill()

    assert prune_releases(tmp_path, keep=1) == (four_releases[0],)


def test_nobody_gets_a_lease_on_what_is_being_removed(tmp_path: Path, four_releases: tuple[str, ...]) -> None:
    directory = tmp_path / four_releases[0]
    with unused(directory) as is_unused:
        assert is_unused
        with pytest.raises(DamagedRelease, match="is being removed"):
            Lease(directory)
    with pytest.raises(DamagedRelease, match="No such file"):
        Lease(tmp_path / "none")


def test_keeping_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keep must be 1 or more, not 0"):
        prune_releases(tmp_path, keep=0)
