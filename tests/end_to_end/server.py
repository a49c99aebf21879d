"""The product as its users run it: its own command, in its own process, answering over a real socket."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
from tests.loopback import free_ports

JSON = "application/sparql-results+json"
SOON = 8.0
"""Seconds within which nobody has yet been given up who is slow, so that an answer did not wait for that."""
_PATIENCE = 30.0
"""Seconds after which a server that does not start or stop has failed."""


@dataclass(frozen=True)
class Server:
    """A running server, and what it has written to its terminal."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sparql(self) -> str:
        return f"{self.address}/sparql"

    def ask(self, query: str, accept: str = JSON, *, timeout: float = 20.0, **parameters: str) -> requests.Response:
        return requests.get(
            self.sparql, params={"query": query, **parameters}, headers={"Accept": accept}, timeout=timeout
        )

    @property
    def cancelled(self) -> int:
        """How many queries have been taken back, because their clients had left."""
        return self._metric('medsynth_kg_queries_total{outcome="cancelled"}')

    @property
    def is_in_memory(self) -> bool:
        """Whether it has the store in memory; until then, it has processes that it will not have later."""
        return self._metric("medsynth_kg_store_in_memory") == 1

    def _metric(self, name: str) -> int:
        exposition = requests.get(f"{self.address}/metrics", timeout=10).text
        return next((int(line.split()[-1]) for line in exposition.splitlines() if line.startswith(name)), 0)

    def answers(self, within: float = 20.0) -> bool:
        """Whether a cheap question that was never asked before is answered in time."""
        query = f"ASK {{ FILTER({time.monotonic_ns()} > 0) }}"
        try:
            return self.ask(query, "text/csv", timeout=within).content == b"true"
        except requests.RequestException:
            return False

    def connect(self, client: str = "127.0.0.1") -> socket.socket:
        """A bare connection from a loopback address, for clients that don't speak HTTP as they should."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(client, 0))


@contextlib.contextmanager
def serving(releases: Path, output: Path, *options: str) -> Iterator[Server]:
    """Serve the current release of a directory until the end of the block; no process is left then."""
    (port,) = free_ports(1)
    command = (sys.executable, "-m", "medsynth_kg", "serve", "--port", str(port), "--releases", str(releases), *options)
    with output.open("wb") as terminal, subprocess.Popen(command, stdout=terminal, stderr=terminal) as process:
        server = Server(port, process, output)
        try:
            wait_until_ready(server)
            yield server
        finally:
            left = descendants(process.pid)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_PATIENCE)
            finally:
                process.kill()
    assert wait_for(lambda: not any(map(is_running, left))), "processes are left over"


def wait_until_ready(server: Server) -> None:
    def is_ready() -> bool:
        assert server.process.poll() is None, server.output.read_text()
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            return requests.get(f"{server.address}/readyz", timeout=5).status_code == 200
        return False

    assert wait_for(is_ready), server.output.read_text()


def wait_for(condition: Callable[[], bool], seconds: float = _PATIENCE) -> bool:
    """Whether a condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def children(pid: int) -> set[int]:
    """The processes that a process has started, by what /proc says."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found |= set(map(int, task.read_text().split()))
    return found


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, those that these have started, and so on."""
    return {below for child in children(pid) for below in {child} | descendants(child)}


def work_of_queries(pid: int) -> dict[int, float]:
    """The seconds of processor time that each of a server's query workers, which start no others, has used."""
    seconds = {}
    for process in descendants(pid):
        if not children(process):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                seconds[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


@contextlib.contextmanager
def until_queries_run(server: Server, seconds: float = 0.2) -> Iterator[None]:
    """Go on after the block only when the query that it sends has made a worker work for so long."""
    before = work_of_queries(server.process.pid)

    def runs() -> bool:
        now = work_of_queries(server.process.pid)
        return any(used > before.get(worker, 0) + seconds for worker, used in now.items())

    yield
    assert wait_for(runs), "no query runs"


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
