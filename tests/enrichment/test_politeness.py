import datetime
import itertools
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.enrichment.scholarly_server import http_date

from medsynth_kg.enrichment.errors import BudgetSpentError, EnrichmentRunningError
from medsynth_kg.enrichment.politeness import Budget, Turns, advertised_rate, only_run, requested_pause

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


def test_the_budget_allows_so_many_requests_and_no_more() -> None:
    budget = Budget(requests=2, seconds=60)
    budget.spend()
    budget.spend()
    with pytest.raises(BudgetSpentError, match="2 requests"):
        budget.spend()
    assert budget.requests_left == 0


def test_the_budget_ends_with_its_time() -> None:
    with pytest.raises(BudgetSpentError, match="0 seconds"):
        Budget(requests=2, seconds=0).spend()


@pytest.mark.parametrize(
    ("limit", "interval", "rate"),
    [("50", "1s", (50, 1)), ("3", "1", (3, 1)), ("0", "1s", None), ("x", "1s", None), ("5", "-1s", None)],
)
def test_crossrefs_headers_announce_a_rate(limit: str, interval: str, rate: tuple[int, int] | None) -> None:
    assert advertised_rate({"x-rate-limit-limit": limit, "x-rate-limit-interval": interval}) == rate


def test_without_headers_no_rate_is_announced() -> None:
    assert advertised_rate({}) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("999999999999", 999_999_999_999.0),
        (http_date(NOW + datetime.timedelta(seconds=30)), 30.0),
        (http_date(NOW - datetime.timedelta(hours=1)), 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert requested_pause(header, NOW) == seconds


def test_turns_are_an_interval_apart(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "turn", interval=0.15)
    begins = []
    for _ in range(3):
        with turns.turn():
            begins.append(time.monotonic())
    assert all(later - earlier >= 0.15 for earlier, later in itertools.pairwise(begins))


def test_turns_are_kept_between_processes(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from medsynth_kg.enrichment.politeness import Turns\n"
        "with Turns(pathlib.Path(sys.argv[1]), 0).turn(): print('in', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "turn")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        before = time.time()
        other.stdin.close()
        with Turns(tmp_path / "turn", interval=0.2).turn():
            waited = time.time() - before
    assert other.returncode == 0
    assert waited >= 0.15


@pytest.mark.parametrize("content", ["", "garbage", "99999999999.0"])
def test_a_damaged_record_of_the_last_turn_costs_one_interval_at_most(tmp_path: Path, content: str) -> None:
    (tmp_path / "turn").write_text(content)
    before = time.monotonic()
    with Turns(tmp_path / "turn", interval=0.05).turn():
        assert time.monotonic() - before < 30


def test_a_second_run_in_the_same_place_is_refused_with_the_process_to_look_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    refused = pytest.raises(EnrichmentRunningError, match="process 4711")
    with only_run(lock, 4711), refused, only_run(lock, 2):
        pass
    with only_run(lock, 3):
        assert lock.read_text() == "3"
