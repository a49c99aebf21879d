"""Whole runs of the command on a Spark of one core: what is broken, repeated or killed changes no result."""

import contextlib
import errno
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
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse

from medsynth_kg.cli import main
from medsynth_kg.corpus import running

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is missing: the extra corpus"),
    pytest.mark.skipif(shutil.which("java") is None, reason="java is missing: default-jre-headless"),
]
RECORDS, FILES = 2400, 12
TERM = "synthetic cardiac"
DATA = Path(__file__).parents[2] / "data"


def neighbours(bulk: Path, output: Path) -> list[str]:
    """The arguments of the command that maps what is related to the survey's papers."""
    return [*arguments("openalex", bulk, output), "--related", "citing", "--related", "references", "--term", TERM]


def everything(bulk: Path, output: Path) -> list[str]:
    return [*arguments("crossref", bulk, output), "--everything"]


def arguments(source: str, bulk: Path, output: Path) -> list[str]:
    run = ["corpus", source, str(bulk), "--output", str(output), "--date", "2026-03-01", "--parts", "3"]
    return [*run, "--master", "local[1]", "--data", str(DATA)]


def run_to_its_end(command: list[str]) -> str:
    """What the command prints; runs in this process start Java, which takes longest, once for all of them."""
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        result = CliRunner().invoke(main, command, catch_exceptions=False)
    finally:
        signal.signal(signal.SIGINT, interrupt)  # Spark puts its own in place
    assert result.exit_code == 0, result.output
    return result.output


def start(command: list[str], **options: Any) -> subprocess.Popen[str]:
    """The command as a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "medsynth_kg", *command], start_new_session=True, text=True, **options
    )


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
    run_to_its_end(neighbours(bulk, output))
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
    assert "nothing changed" in run_to_its_end(neighbours(bulk, finished))
    assert contents(finished) == before


@pytest.fixture(scope="module")
def killed(bulk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that was killed when it had mapped some of its files."""
    output = tmp_path_factory.mktemp("killed")
    with start(neighbours(bulk, output)) as run:
        wait_for_a_step(run, output)
        kill({run.pid, *(java := children({run.pid})), *(daemon := children(java)), *children(daemon)})
    assert not (output / "manifest.json").exists()
    assert 0 < len(list(output.glob(".unfinished/*/mapped/*.json"))) < FILES
    return output


def test_a_killed_run_goes_on_where_it_was_and_ends_with_the_same_bytes(
    bulk: Path, finished: Path, killed: Path, tmp_path: Path
) -> None:
    output = shutil.copytree(killed, tmp_path / "corpus")
    steps = list(output.glob(".unfinished/*/mapped/*.json"))
    for file in steps:
        record = json.loads(file.read_bytes())
        file.write_text(json.dumps({**record, "counts": {**record["counts"], "with_misshapen_fields": 1000}}))
    again = run_to_its_end(neighbours(bulk, output))
    assert f"{len(steps) * 1000:,} with misshapen fields" in again, "a finished step was done again"
    ours, theirs = without_times(contents(output)), without_times(contents(finished))
    assert {**ours, "manifest.json": b""} == {**theirs, "manifest.json": b""}
    assert manifest(output)["parts"] == manifest(finished)["parts"]


def test_a_run_over_the_same_files_by_other_names_does_not_mix_in_what_a_killed_one_left(
    bulk: Path, finished: Path, killed: Path, tmp_path: Path
) -> None:
    output = shutil.copytree(killed, tmp_path / "corpus")
    shutil.copytree(bulk, tmp_path / "snapshot" / "works")
    run_to_its_end(neighbours(tmp_path / "snapshot", output))
    assert all(name.startswith("works/") for name in manifest(output)["inputs"])
    assert manifest(output)["parts"] == manifest(finished)["parts"]


def test_parts_that_are_finished_are_not_written_again(
    bulk: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(running, "_publish", refuse)
    with pytest.raises(AssertionError, match="No space left on device"):
        run_to_its_end(neighbours(bulk, tmp_path))
    monkeypatch.undo()
    (record, missing, *_) = sorted(tmp_path.glob(".unfinished/*/parts/*.json"))
    missing.unlink()
    written = json.loads(record.read_bytes())
    record.write_text(json.dumps({**written, "part": {**written["part"], "statements": 7}}))
    run_to_its_end(neighbours(bulk, tmp_path))
    (first, *others), (theirs, *their_others) = (manifest(output)["parts"].items() for output in (tmp_path, finished))
    assert first == (theirs[0], {**theirs[1], "statements": 7})
    assert others == their_others


def test_runs_killed_while_they_sort_lose_no_statement(tmp_path: Path) -> None:
    write("crossref", tmp_path / "bulk", 1000, 2, seed=1)
    fresh, output = tmp_path / "fresh", tmp_path / "killed"
    run_to_its_end(everything(tmp_path / "bulk", fresh))
    for seconds in (0.0, 0.15):
        with start(everything(tmp_path / "bulk", output)) as run:
            while not list(output.glob(".unfinished/*/parts/.*")) and run.poll() is None:
                time.sleep(0.005)
            time.sleep(seconds)
            kill_but_for_the_workers(run.pid)
        assert not (output / "manifest.json").exists()
    run_to_its_end(everything(tmp_path / "bulk", output))
    assert without_times(contents(output)) == without_times(contents(fresh))


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_run_that_is_interrupted_or_loses_java_ends_in_one_line(
    interrupted: bool, bulk: Path, tmp_path: Path
) -> None:
    with start(neighbours(bulk, tmp_path), stderr=subprocess.PIPE) as run:
        wait_for_a_step(run, tmp_path)
        if interrupted:
            os.killpg(run.pid, signal.SIGINT)
        else:
            kill(children({run.pid}))
        errors = run.communicate(timeout=300)[1]
    assert run.returncode == 1
    assert "Traceback" not in errors
    expected = "Aborted!" if interrupted else f"Error: {tmp_path}: Spark gave up (Java has ended)"
    assert errors.splitlines()[-1].startswith(expected)


def wait_for_a_step(run: subprocess.Popen[str], output: Path) -> None:
    """Wait until a run has mapped one of its files, or has ended."""
    while not list(output.glob(".unfinished/*/mapped/*.json")) and run.poll() is None:
        time.sleep(0.02)


def kill_but_for_the_workers(run: int) -> None:
    """Kill a run's group, and let Spark's Python workers, which have one of their own, come to their end.

    The daemon that starts them would end them soon, though not always in time; it goes first.
    """
    kill(children(children({run})))
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run, signal.SIGKILL)
    time.sleep(2)


def kill(processes: set[int]) -> None:
    """Kill processes, of which any may have ended."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def children(parents: set[int]) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    return {pid for pid, parent in (map(int, line.split()) for line in listed.splitlines()) if parent in parents}
