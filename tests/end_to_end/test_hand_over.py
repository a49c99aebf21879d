"""A newer release, an end and violent deaths: nobody who asks meanwhile is let down."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
from tests.end_to_end.asking import Asking
from tests.end_to_end.server import Server, children, descendants, is_running, serving, until_queries_run, wait_for

from medsynth_kg.release.reading import Release, current_release
from medsynth_kg.settings import Settings

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUERY = """#+ title: Is there anything?
#+ description: Whether the graph says anything at all.
ASK { ?s ?p ?o }
"""


@pytest.fixture
def releases(shipped_release: Release, tmp_path: Path) -> Path:
    """A directory of releases of the test's own."""
    directory = tmp_path / "releases"
    shutil.copytree(shipped_release.path.parent, directory, symlinks=True)
    return directory


@pytest.fixture
def server(releases: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(releases, tmp_path / "output", "--query-timeout", "2", "--query-workers", "2") as running:
        assert wait_for(lambda: running.is_in_memory)
        yield running
    assert "Traceback" not in (tmp_path / "output").read_text()


def build_another(releases: Path, folder: Path, shipped_data: Path) -> Release:
    """A release without metadata and with another saved query, built by the command, in a process of its own."""
    queries, data = folder / "queries", folder / "data"
    shutil.copytree(shipped_data, data, ignore=shutil.ignore_patterns("metadata"))
    queries.mkdir()
    (queries / "is-there-anything.rq").write_text(QUERY, encoding="utf-8")
    directories = ("--releases", str(releases), "--queries", str(queries), "--data", str(data))
    built = subprocess.run(
        (sys.executable, "-m", "medsynth_kg", "build", *directories),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert built.returncode == 0, built.stderr
    return current_release(releases)


def test_a_new_release_is_taken_up_without_a_failed_request(
    server: Server, releases: Path, tmp_path: Path, shipped_release: Release, shipped_settings: Settings
) -> None:
    before = descendants(server.process.pid)

    def release_of_what_is_known() -> str:
        return server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").headers["Release-Id"]

    with Asking(server) as asking:
        assert [release_of_what_is_known() for _ in range(5)] == [shipped_release.id] * 5
        newer = build_another(releases, tmp_path, shipped_settings.data)
        assert wait_for(lambda: asking.releases[-40:] == [newer.id] * 40)
    assert [release_of_what_is_known() for _ in range(5)] == [newer.id] * 5
    assert asking.failures == []
    assert len(asking.releases) > 100
    assert asking.releases[0] == shipped_release.id
    assert requests.get(f"{server.address}/queries/is-there-anything.csv", timeout=10).text == "true"
    for release in (shipped_release, newer):
        dump = requests.head(f"{server.address}/dumps/{release.id}/medsynth-kg.nt.gz", timeout=10)
        assert dump.status_code == 200
    assert wait_for(lambda: len(descendants(server.process.pid)) == len(before))
    assert descendants(server.process.pid) != before


def test_an_ending_server_answers_what_it_has_begun(server: Server) -> None:
    answers: list[requests.Response] = []
    asking = threading.Thread(target=lambda: answers.append(server.ask(ENDLESS)))
    with until_queries_run(server):
        asking.start()
    server.process.send_signal(signal.SIGTERM)
    asking.join(30)
    assert [answer.status_code for answer in answers] == [504]
    assert answers[0].json()["status"] == 504
    assert server.process.wait(30) == 0


def generations(server: Server) -> tuple[int, int, set[int]]:
    """The server's own worker process, the process that query workers come from, and the query workers."""
    (front,) = [pid for pid in children(server.process.pid) if children(pid)]
    (origin,) = [pid for pid in children(front) if children(pid)]
    return front, origin, children(origin)


def test_killed_query_workers_are_replaced(server: Server) -> None:
    *_, workers = generations(server)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert wait_for(server.answers)
    assert [server.answers() for _ in range(5)] == [True] * 5
    assert wait_for(lambda: len(generations(server)[2]) == len(workers))


def test_the_killed_origin_of_query_workers_is_replaced(server: Server) -> None:
    os.kill(generations(server)[1], signal.SIGKILL)
    assert wait_for(server.answers)
    assert [server.answers() for _ in range(5)] == [True] * 5


def test_a_killed_server_process_is_replaced_with_all_that_belonged_to_it(server: Server) -> None:
    front, origin, workers = generations(server)
    os.kill(front, signal.SIGKILL)
    assert wait_for(lambda: server.answers(1))
    assert wait_for(lambda: not any(map(is_running, {origin} | workers)))
    assert server.process.poll() is None


def is_gone(pid: int) -> bool:
    return not is_running(pid)


def test_another_server_process_takes_over_without_a_failed_request(server: Server) -> None:
    front, *_ = generations(server)
    with Asking(server) as asking:
        for _ in range(2):
            server.process.send_signal(signal.SIGHUP)
            assert wait_for(partial(is_gone, front))
            assert server.answers()
            (front,) = [pid for pid in children(server.process.pid) if children(pid)]
        assert wait_for(lambda: len(asking.releases) > 100)
    assert asking.failures == []


def test_signals_that_come_all_at_once_end_it_too(releases: Path, tmp_path: Path) -> None:
    for attempt in range(4):
        with serving(releases, tmp_path / f"output-{attempt}") as server:
            for _ in range(100):
                server.process.send_signal(signal.SIGTERM)
                time.sleep(0.00005)
            assert server.process.wait(30) == 0


def test_a_second_server_on_the_same_port_is_told_that_it_is_taken(server: Server, releases: Path) -> None:
    command = (sys.executable, "-m", "medsynth_kg", "serve", "--port", str(server.port), "--releases", str(releases))
    second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    assert second.stderr == f"Error: cannot listen on 127.0.0.1:{server.port}: Address already in use\n"
    assert server.answers()
