"""Whole runs of the command on a Spark of one core: what is broken, repeated or killed changes no result."""

import contextlib
import gzip
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from benchmarks.bulk_files import write
from pyoxigraph import RdfFormat, parse

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is missing: the extra corpus"),
    pytest.mark.skipif(shutil.which("java") is None, reason="java is missing: default-jre-headless"),
]
RECORDS, FILES = 2400, 12
DATA = Path(__file__).parents[2] / "data"


def command(bulk: Path, output: Path) -> list[str]:
    run = corpus("openalex", bulk, output)
    return [*run, "--related", "citing", "--related", "references", "--term", "synthetic cardiac"]


def corpus(source: str, bulk: Path, output: Path) -> list[str]:
    run = [sys.executable, "-m", "medsynth_kg", "corpus", source, str(bulk), "--output", str(output)]
    return [*run, "--date", "2026-03-01", "--parts", "3", "--master", "local[1]", "--data", str(DATA)]


def contents(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes, and when it was last written."""
    return {
        path.relative_to(directory).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in directory.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def without_times(files: dict[str, tuple[bytes, int]]) -> dict[str, bytes]:
    return {path: content for path, (content, _) in files.items()}


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bulk")
    write("openalex", directory, RECORDS, FILES, seed=1)
    return directory


@pytest.fixture(scope="module")
def finished(bulk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("corpus")
    subprocess.run(command(bulk, output), check=True, timeout=300)
    return output


def manifest(output: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((output / "manifest.json").read_bytes())
    return content


def test_counts_are_right_to_the_record(finished: Path) -> None:
    counts = manifest(finished)["counts"]
    assert counts["records"] == RECORDS
    assert counts["malformed"] == RECORDS // 100
    assert counts["records"] == sum(counts[name] for name in ("malformed", "not_chosen", "without_doi", "mapped"))
    assert 0 < counts["mapped"] < RECORDS
    aside = [line for path in (finished / "rejected").iterdir() for line in path.read_text().splitlines()]
    assert len(aside) == counts["malformed"]


def test_parts_are_sorted_n_quads_in_which_no_statement_comes_twice(finished: Path) -> None:
    everything: list[bytes] = []
    for name, part in manifest(finished)["parts"].items():
        lines = gzip.decompress((finished / name).read_bytes()).splitlines()
        assert lines == sorted(lines)
        assert len(lines) == part["statements"]
        everything += lines
    assert len(everything) == len(set(everything)) == manifest(finished)["statements"]
    assert len(set(parse(b"\n".join(everything), format=RdfFormat.N_QUADS))) == len(everything)


def test_a_second_run_changes_nothing(bulk: Path, finished: Path) -> None:
    before = contents(finished)
    again = subprocess.run(command(bulk, finished), check=True, timeout=300, capture_output=True, text=True)
    assert "nothing changed" in again.stdout
    assert contents(finished) == before


def test_a_killed_run_goes_on_where_it_was_and_ends_with_the_same_bytes(
    bulk: Path, finished: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(command(bulk, tmp_path), start_new_session=True) as run:
        deadline = time.monotonic() + 300
        while not list(tmp_path.glob(".unfinished/*/mapped/*.json")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGKILL)
    assert not (tmp_path / "manifest.json").exists()
    (kept,) = (tmp_path / ".unfinished").iterdir()
    steps = len(list(kept.glob("mapped/*.json")))
    assert 0 < steps < FILES
    for file in kept.glob("mapped/*.json"):
        record = json.loads(file.read_bytes())
        file.write_text(json.dumps({**record, "counts": {**record["counts"], "with_misshapen_fields": 1000}}))
    again = subprocess.run(command(bulk, tmp_path), check=True, timeout=300, capture_output=True, text=True)
    assert f"{steps * 1000:,} with misshapen fields" in again.stdout, "a finished step was done again"
    ours, theirs = without_times(contents(tmp_path)), without_times(contents(finished))
    assert {**ours, "manifest.json": b""} == {**theirs, "manifest.json": b""}
    assert manifest(tmp_path)["parts"] == manifest(finished)["parts"]


def test_a_run_over_the_same_files_by_other_names_does_not_mix_in_what_a_killed_one_left(
    bulk: Path, finished: Path, tmp_path: Path
) -> None:
    output = tmp_path / "corpus"
    shutil.copytree(bulk, tmp_path / "snapshot" / "works")
    killed = command(tmp_path / "snapshot" / "works", output)
    with subprocess.Popen(killed, start_new_session=True) as run:
        while not list(output.glob(".unfinished/*/mapped/*.json")) and run.poll() is None:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGKILL)
    subprocess.run(command(tmp_path / "snapshot", output), check=True, timeout=300)
    assert all(name.startswith("works/") for name in manifest(output)["inputs"])
    assert manifest(output)["parts"] == manifest(finished)["parts"]


def test_runs_killed_while_they_sort_lose_no_statement(tmp_path: Path) -> None:
    write("crossref", tmp_path / "bulk", 2000, 2, seed=1)
    fresh, output = tmp_path / "fresh", tmp_path / "killed"
    subprocess.run([*corpus("crossref", tmp_path / "bulk", fresh), "--everything"], check=True, timeout=300)
    for seconds in (0.0, 0.15):
        with subprocess.Popen(
            [*corpus("crossref", tmp_path / "bulk", output), "--everything"], start_new_session=True
        ) as run:
            while not list(output.glob(".unfinished/*/parts/.*")) and run.poll() is None:
                time.sleep(0.005)
            time.sleep(seconds)
            kill_but_for_the_workers(run.pid)
    subprocess.run([*corpus("crossref", tmp_path / "bulk", output), "--everything"], check=True, timeout=300)
    assert without_times(contents(output)) == without_times(contents(fresh))


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_run_that_is_interrupted_or_loses_java_ends_in_one_line(
    interrupted: bool, bulk: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(command(bulk, tmp_path), start_new_session=True, stderr=subprocess.PIPE, text=True) as run:
        while not list(tmp_path.glob(".unfinished/*/mapped/*.json")) and run.poll() is None:
            time.sleep(0.02)
        if interrupted:
            os.killpg(run.pid, signal.SIGINT)
        else:
            for java in children({run.pid}):
                os.kill(java, signal.SIGKILL)
        errors = run.communicate(timeout=300)[1]
    assert run.returncode == 1
    assert "Traceback" not in errors
    expected = "Aborted!" if interrupted else f"Error: {tmp_path}: Spark gave up (Java has ended)"
    assert errors.splitlines()[-1].startswith(expected)


def kill_but_for_the_workers(run: int) -> None:
    """Kill a run's group, and let Spark's Python workers, which have one of their own, come to their end.

    The daemon that starts them would end them soon, though not always in time; it goes first. Any may have ended.
    """
    for daemon in children(children({run})):
        with contextlib.suppress(ProcessLookupError):
            os.kill(daemon, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run, signal.SIGKILL)
    time.sleep(2)


def children(parents: set[int]) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    return {pid for pid, parent in (map(int, line.split()) for line in listed.splitlines()) if parent in parents}
