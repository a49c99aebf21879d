"""A build is killed at many points of its way; the release that was there stays, and the next build clears up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.release import example_release
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import current_release, list_releases
from medsynth_kg.release.verifying import verify_release

POINTS = 10
PAPERS = 150
TOO_LATE = 0.8
"""What the expected time of a build is multiplied by when one has ended before it was killed."""


def start_build(releases: Path, words: str) -> subprocess.Popen[str]:
    """Start a build in a process of its own and wait until it is about to begin."""
    command = [sys.executable, example_release.__file__, str(releases), str(PAPERS), words]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "building\n"
    return process


@pytest.fixture(scope="module")
def duration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[float]:
    """The seconds that a whole build takes."""
    with start_build(tmp_path_factory.mktemp("timed"), "Time") as process:
        start = time.monotonic()
        assert process.wait() == 0
        yield time.monotonic() - start


def test_a_build_killed_at_any_point_leaves_a_whole_release(tmp_path: Path, duration: float) -> None:
    build_release(example_contents(), tmp_path, count_nothing)
    unfinished = 0
    for attempt in range(10 * POINTS):
        before = current_release(tmp_path)
        with start_build(tmp_path, f"Words {attempt}") as process:
            time.sleep(duration * (attempt % POINTS) / POINTS)
            process.send_signal(signal.SIGKILL)
        if process.returncode == 0:
            duration *= TOO_LATE
        after = current_release(tmp_path)
        assert verify_release(after.path) == ()
        assert after.id == before.id or len(list_releases(tmp_path)) > 1
        unfinished += any(path.name.startswith(".building-") for path in tmp_path.iterdir())
        if attempt + 1 >= POINTS and unfinished:
            break
    assert unfinished, "no build was killed while it wrote"

    last = build_release(example_contents(words="Last"), tmp_path, count_nothing)

    assert current_release(tmp_path) == last
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".building-")]
