"""A server's process is replaced when it dies or on demand, and ended when it is time: by signals to its parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.end_to_end.server import children, is_running, wait_for

PROGRAM = """
import signal, sys, time
from pathlib import Path
from medsynth_kg.cli import supervising
supervising.PAUSE_SECONDS = 0.1
started = Path("started")

def work(ready):
    with started.open("a") as file:
        file.write("x")
    {work}

supervising.Supervisor(work, lambda: Path("announced").write_text(""), Path("let go").touch, 0.5).run()
"""
WAIT = """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ready()
    while True:
        time.sleep(60)
"""
STUBBORN = """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready()
    while True:
        time.sleep(60)
"""
NEVER_READY = "time.sleep(60)"
FAILS = "raise OSError('no luck')"
FAILS_BY_NAME = """
    from medsynth_kg.errors import MedsynthError
    raise MedsynthError("the release is damaged")
"""
FAILS_THREE_TIMES = f"""
    if 2 <= started.stat().st_size <= 4:
        {FAILS}
    {WAIT}
"""


@contextmanager
def supervised(work: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-c", PROGRAM.format(work=work))
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as parent:
        try:
            yield parent
        finally:
            left = children(parent.pid)
            parent.kill()
    assert wait_for(lambda: not any(map(is_running, left)))


def ready(folder: Path) -> bool:
    return wait_for((folder / "announced").exists)


def times_started(folder: Path) -> int:
    return (folder / "started").stat().st_size


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_process(number: signal.Signals, tmp_path: Path) -> None:
    with supervised(WAIT, tmp_path) as parent:
        assert ready(tmp_path)
        (process,) = children(parent.pid)
        parent.send_signal(number)
        assert parent.wait(20) == 0
        assert not is_running(process)


def test_a_process_that_does_not_end_is_killed(tmp_path: Path) -> None:
    with supervised(STUBBORN, tmp_path) as parent:
        assert ready(tmp_path)
        (process,) = children(parent.pid)
        parent.terminate()
        assert parent.wait(20) == 0
        assert not is_running(process)


def test_one_that_is_not_ready_yet_is_ended_too(tmp_path: Path) -> None:
    with supervised(NEVER_READY, tmp_path) as parent:
        assert wait_for(lambda: bool(children(parent.pid)))
        parent.terminate()
        assert parent.wait(20) == 0
    assert not (tmp_path / "announced").exists()


def test_one_that_was_replaced_and_does_not_end_is_killed_too(tmp_path: Path) -> None:
    with supervised(STUBBORN, tmp_path) as parent:
        assert ready(tmp_path)
        (first,) = children(parent.pid)
        parent.send_signal(signal.SIGHUP)
        assert wait_for(lambda: not is_running(first))
        assert wait_for(lambda: len(children(parent.pid)) == 1)
        parent.terminate()
        assert parent.wait(20) == 0


def test_others_may_be_let_go_before_the_last_one_ends(tmp_path: Path) -> None:
    with supervised(STUBBORN, tmp_path) as parent:
        assert ready(tmp_path)
        parent.terminate()
        assert wait_for((tmp_path / "let go").exists)
        assert parent.wait(20) == 0


def test_nobody_needs_to_read_the_announcement(tmp_path: Path) -> None:
    (tmp_path / "announced").mkdir()  # so that it fails
    with supervised(WAIT, tmp_path) as parent:
        assert wait_for(lambda: (tmp_path / "started").exists() and len(children(parent.pid)) == 1)
        (first,) = children(parent.pid)
        parent.send_signal(signal.SIGHUP)
        assert wait_for(lambda: not is_running(first))
        parent.terminate()
        assert parent.wait(20) == 0


def test_a_first_process_that_fails_is_the_end(tmp_path: Path) -> None:
    with supervised(FAILS, tmp_path) as parent:
        assert parent.wait(20) == 1
        assert "no luck" in parent.communicate()[1]
    assert not (tmp_path / "announced").exists()
    assert times_started(tmp_path) == 1


def test_a_failure_with_a_name_is_one_line(tmp_path: Path) -> None:
    with supervised(FAILS_BY_NAME, tmp_path) as parent:
        assert parent.wait(20) == 1
        assert parent.communicate()[1] == "Error: the release is damaged\n"


def test_a_later_one_is_tried_again_until_it_does_not(tmp_path: Path) -> None:
    with supervised(FAILS_THREE_TIMES, tmp_path) as parent:
        assert ready(tmp_path)
        (first,) = children(parent.pid)
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: times_started(tmp_path) == 5)
        assert wait_for(lambda: len(children(parent.pid) - {first}) == 1)
        parent.terminate()
        assert parent.wait(20) == 0


def test_on_demand_another_process_takes_over(tmp_path: Path) -> None:
    with supervised(WAIT, tmp_path) as parent:
        assert ready(tmp_path)
        (first,) = children(parent.pid)
        parent.send_signal(signal.SIGHUP)
        assert wait_for(lambda: not is_running(first))
        assert len(children(parent.pid)) == 1
        assert times_started(tmp_path) == 2


def test_one_that_fails_does_not(tmp_path: Path) -> None:
    with supervised(FAILS_THREE_TIMES, tmp_path) as parent:
        assert ready(tmp_path)
        first = children(parent.pid)
        parent.send_signal(signal.SIGHUP)
        assert wait_for(lambda: times_started(tmp_path) == 2)
        assert wait_for(lambda: children(parent.pid) == first)
        parent.terminate()
        assert parent.wait(20) == 0
    assert times_started(tmp_path) == 2
