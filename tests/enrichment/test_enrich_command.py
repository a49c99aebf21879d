"""``medsynth-kg enrich`` as a process, against services in which everything goes wrong at once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.enrichment.scholarly_server import (
    ATOM_HEADERS,
    CROSSREF_HEADERS,
    Reply,
    ScholarlyServer,
    envelope,
    error_feed,
    gzip_bomb,
    work,
)
from tests.full_disk import no_larger_files_than

from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.enrichment.snapshots import read_snapshots
from medsynth_kg.settings import Settings

DOIS = [f"10.1000/{number:02}" for number in range(24)]
PREPRINTS = [f"2301.{number:05}" for number in range(1, 7)]
FAULTS = {
    DOIS[1]: Reply(400, {"Content-Type": "text/plain"}, b"no"),
    DOIS[2]: Reply(200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>"),
    DOIS[3]: Reply(200, CROSSREF_HEADERS, b'{"message": {"title": ["\xe9\xff"]}}'),
    DOIS[4]: Reply(200, CROSSREF_HEADERS, b"[]"),
    DOIS[5]: Reply(200, CROSSREF_HEADERS, envelope(work("10.1000/another"))),
    DOIS[6]: Reply(200, {**CROSSREF_HEADERS, "Content-Encoding": "gzip"}, gzip_bomb(100_000_000)),
    DOIS[7]: Reply(302, {"Location": "http://127.0.0.2:9/works/x"}),
    DOIS[8]: Reply(429, {"Retry-After": "86400"}),
}
UNKNOWN = "10.1000/23"


@pytest.fixture
def data(server: ScholarlyServer, tmp_path: Path) -> Path:
    rows = [f"GAN,https://doi.org/{doi},F" for doi in DOIS]
    rows += [f"GAN,https://arxiv.org/abs/{preprint},F" for preprint in PREPRINTS]
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "ecg.csv").write_text("\n".join(["type,paper,evaluation", *rows, ""]), encoding="utf-8")
    server.add_works(*DOIS[:-1])
    server.add_preprints(*PREPRINTS)
    return tmp_path


def command(data: Path, server: ScholarlyServer, *options: str) -> list[str]:
    addresses = ["--crossref-url", server.crossref_url, "--arxiv-url", server.arxiv_url]
    return [sys.executable, "-m", "medsynth_kg", "enrich", "--data", str(data), *addresses, *options]


def environment(data: Path) -> dict[str, str]:
    return os.environ | {"XDG_CACHE_HOME": str(data / "cache"), "NO_PROXY": "127.0.0.1"}


def enrich(data: Path, server: ScholarlyServer, *options: str) -> subprocess.CompletedProcess[str]:
    arguments = command(data, server, *options)
    return subprocess.run(arguments, env=environment(data), capture_output=True, text=True, timeout=120, check=False)


def test_with_every_fault_at_once_each_paper_ends_in_one_way_and_the_build_tells_the_bad_ones(
    server: ScholarlyServer, data: Path
) -> None:
    server.always |= FAULTS
    server.always[PREPRINTS[2]] = Reply(400, ATOM_HEADERS, error_feed(f"incorrect id format for {PREPRINTS[2]}"))
    server.works[DOIS[9]] = work(DOIS[9], title=[None], author=[{"name": "A Consortium"}, None], volume={"nr": 1})
    result = enrich(data, server)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    lines = result.stdout.splitlines()
    failed = {*FAULTS, PREPRINTS[2]}
    assert {line.split()[1].rstrip(":") for line in lines[:-1]} == {*failed, UNKNOWN}
    assert len(lines) == len(failed) + 2
    records = read_snapshots(data / "metadata")
    assert Counter(record.paper for record in records) == Counter(
        [doi for doi in DOIS if doi not in {*FAULTS, UNKNOWN}]
        + [f"arxiv/{preprint}" for preprint in PREPRINTS if preprint != PREPRINTS[2]]
    )
    told = {finding.value for finding in assemble(Settings(data=data)).findings if "-failed" in finding.kind}
    assert told == failed


def test_a_killed_process_is_continued_without_asking_again_for_what_it_had(
    server: ScholarlyServer, data: Path
) -> None:
    server.once[DOIS[5]] = [Reply(200, CROSSREF_HEADERS, b"{}", delay=60)]
    arguments = command(data, server)
    with subprocess.Popen(
        arguments, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while DOIS[5] not in server.dois_asked and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert len(read_snapshots(data / "metadata")) == 5
    assert enrich(data, server).returncode == 0
    assert Counter(server.dois_asked) == Counter([*DOIS, DOIS[5]])
    assert len(read_snapshots(data / "metadata")) == len(DOIS) - 1 + len(PREPRINTS)


@pytest.mark.parametrize(("file_size", "kept"), [(0, 0), (2_000, 0), (20_000, 0), (60_000, 5)])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(
    server: ScholarlyServer, data: Path, file_size: int, kept: int
) -> None:
    server.works[DOIS[5]] = work(DOIS[5], title=["long " * 20_000])
    with no_larger_files_than(file_size):
        result = enrich(data, server)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"Error: {data / 'metadata'}: the answers can't be kept (" in result.stderr.splitlines()[-1]
    assert len(read_snapshots(data / "metadata")) == kept
    assert enrich(data, server).returncode == 0
    assert len(read_snapshots(data / "metadata")) == len(DOIS) - 1 + len(PREPRINTS)


def test_a_file_in_the_place_of_the_directory_is_named(server: ScholarlyServer, data: Path) -> None:
    (data / "metadata").write_text("")
    result = enrich(data, server)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {data / 'metadata'}: the answers can't be kept (Not a directory")
    assert server.asked == []


def test_no_request_goes_beyond_the_budget(server: ScholarlyServer, data: Path) -> None:
    server.always |= dict.fromkeys(DOIS[:2], Reply(503, {"Retry-After": "0"}))
    result = enrich(data, server, "--requests", "5")
    assert len(server.asked) == 5
    assert "5 requests" in result.stdout.splitlines()[-1]
