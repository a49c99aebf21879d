"""Builds are killed at random points while a server answers clients: nobody ever sees half a release."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from tests.end_to_end import small_releases
from tests.end_to_end.server import Server, serving
from tests.end_to_end.small_releases import build_small_release

from medsynth_kg.release.reading import current_release, list_releases
from medsynth_kg.release.verifying import verify_release

POINTS = 50
PAPERS = 30
PAUSE = 0.05
"""Seconds between a client's questions, so that builds get their share of a small machine."""
TOO_LATE = 0.9
"""What the expected time of a build is multiplied by when one has ended before it was killed."""
PAPER = "https://w3id.org/medsynth-kg/ontology#Paper"


class Builder:
    """Builds releases in processes that can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, papers: int) -> None:
        """Start a build."""
        self._write(str(papers))

    def finish(self, word: str) -> int:
        """Kill the build that was started, or wait for it: its exit code, or a signal as a negative number."""
        self._write(word)
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def _write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@contextmanager
def builder_of(releases: Path) -> Iterator[Builder]:
    command = (sys.executable, small_releases.__file__, str(releases))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Builder(process)


@contextmanager
def counting(server: Server) -> Iterator[Counter[tuple[str, int]]]:
    """Clients that count the papers again and again: how often each release gave each number."""
    seen: Counter[tuple[str, int]] = Counter()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            text = f"SELECT (COUNT(?paper) AS ?n) {{ ?paper a <{PAPER}> FILTER({time.monotonic_ns()} > 0) }}"
            response = requests.get(server.sparql, params={"query": text}, timeout=30)
            number = response.json()["results"]["bindings"][0]["n"]["value"] if response.ok else -response.status_code
            seen[response.headers["Release-Id"], int(number)] += 1
            time.sleep(PAUSE)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def timed(builder: Builder, papers: int) -> float:
    """The seconds that a whole build takes."""
    start = time.monotonic()
    builder.start(papers)
    assert builder.finish("wait") == 0
    return time.monotonic() - start


def unfinished(releases: Path) -> list[Path]:
    return [path for path in releases.iterdir() if path.name.startswith(".building-")]


def test_builds_killed_at_fifty_points_leave_whole_releases_to_those_who_ask(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    build_small_release(releases, PAPERS)
    chance = random.Random(50)  # noqa: S311  # no secret
    killed_while_writing = 0
    with (
        serving(releases, tmp_path / "output", "--query-workers", "1") as server,
        builder_of(releases) as builder,
        counting(server) as seen,
    ):
        duration = min(timed(builder, PAPERS + 1), timed(builder, PAPERS + 2))
        for attempt in range(10 * POINTS):
            builder.start(PAPERS + 3 + attempt)
            time.sleep(chance.uniform(0, duration))
            if builder.finish("kill") == 0:
                duration *= TOO_LATE
            killed_while_writing += bool(unfinished(releases))
            assert verify_release(current_release(releases).path) == ()
            if killed_while_writing == POINTS:
                break
        builder.start(PAPERS)
        assert builder.finish("wait") == 0
    assert killed_while_writing == POINTS
    assert unfinished(releases) == []
    papers = {release.id: release.manifest.counts["classes"][PAPER] for release in list_releases(releases)}
    assert all(papers[release] == number for release, number in seen), json.dumps(seen.most_common(), indent=1)
    assert seen.total() > POINTS
    assert all(verify_release(release.path) == () for release in list_releases(releases))
