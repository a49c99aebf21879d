"""The servers that the endpoint is measured beside, each started on loopback over the same statements."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests
from pyoxigraph import DefaultGraph, RdfFormat, Store
from requests.auth import HTTPDigestAuth

ACCEPT = {"Accept": "application/sparql-results+json, application/n-triples;q=0.5"}
BATCH = 50_000
"""Triples that Virtuoso is sent at once."""
VIRTUOSO = Path(__file__).parents[1] / "tests" / "stores" / "virtuoso.ini"
"""Its configuration, as a template; the tests fill in smaller numbers."""


class Unanswered(Exception):
    """A server could not, or would not, answer a query."""


class Server:
    """A server under test: its name, port, the path of its endpoint, and the session of its processes."""

    def __init__(self, name: str, port: int, path: str, session: int) -> None:
        self.name = name
        self.port = port
        self.path = path
        self.session = session
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def seconds(self, query: str) -> float:
        """The time until the last byte of an answer, on a connection that is open already; raises ``Unanswered``."""
        try:
            return self._seconds(query)
        except http.client.RemoteDisconnected:
            # It had been idle for too long.
            self._connection.connect()
            return self._seconds(query)

    def _seconds(self, query: str) -> float:
        started = time.perf_counter()
        self._connection.request("GET", f"{self.path}?query={quote(query)}", headers=ACCEPT)
        response = self._connection.getresponse()
        response.read()
        if response.status != http.HTTPStatus.OK:
            raise Unanswered(f"{self.name} answered {response.status} to {query}")
        return time.perf_counter() - started

    def processes(self) -> list[Path]:
        """Where the system tells of each of its processes."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.session:
                    found.append(process)
        return found

    def rest(self) -> None:
        """Wait until it has nothing to do, for a minute at most: some go on after their clients have left."""
        for _ in range(60 * 2):
            before = self._processor_ticks()
            time.sleep(0.5)
            if self._processor_ticks() - before < os.sysconf("SC_CLK_TCK") / 20:
                return

    def _processor_ticks(self) -> int:
        fields = [(process / "stat").read_text().rpartition(")")[2].split() for process in self.processes()]
        return sum(int(user) + int(system) for *_, user, system in (field[:13] for field in fields))

    def throughput(self, queries: Sequence[str], seconds: int, *, never_seen: bool = False) -> float:
        """Requests a second of 16 clients that ask the queries in turn, with ``never_seen`` each time anew."""
        comment = "'%23' .. os.time() .. '-' .. i" if never_seen else "''"
        paths = ",\n".join(json.dumps(f"{self.path}?query={quote(query)}") for query in queries)
        script = (
            f"local paths = {{\n{paths}\n}}\nlocal i = 0\n"
            f'wrk.headers["Accept"] = "{ACCEPT["Accept"]}"\n'
            f"request = function() i = i + 1; return wrk.format('GET', paths[(i - 1) % #paths + 1] .. {comment}) end\n"
        )
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(script)
            file.flush()
            command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", file.name, f"http://127.0.0.1:{self.port}/"]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output:
            raise SystemExit(f"{self.name}: {output}")
        return float(next(line.split()[1] for line in output.splitlines() if line.startswith("Requests/sec")))


@contextmanager
def medsynth_kg(release: Path, store: Path, folder: Path) -> Iterator[Server]:
    """Our server over a release; a copy of the release holds another store, if one is given."""
    copy = folder / "release"
    shutil.copytree(release, copy, ignore=shutil.ignore_patterns("store", "dumps"))
    (copy / "dumps").mkdir()
    (copy / "store").symlink_to(store.resolve())
    (folder / "current").symlink_to("release")
    port = free_port()
    command = [sys.executable, "-m", "medsynth_kg", "serve", "--port", str(port), "--releases", str(folder)]
    with running(command, port) as session:
        yield Server("medsynth-kg", port, "/sparql", session)


@contextmanager
def oxigraph(_release: Path, store: Path, _folder: Path) -> Iterator[Server]:
    """Oxigraph's server over the same store."""
    port = free_port()
    command = [program("oxigraph"), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with running(command, port) as session:
        yield Server("Oxigraph", port, "/query", session)


@contextmanager
def rdflib_endpoint(_release: Path, store: Path, folder: Path) -> Iterator[Server]:
    """rdflib-endpoint over the union of the store's graphs, in rdflib's own memory."""
    port = free_port()
    command = [program("rdflib-endpoint"), "serve", str(dumped(store, folder)), "--host", "127.0.0.1"]
    with running([*command, "--port", str(port)], port) as session:
        yield Server("rdflib-endpoint", port, "/", session)


@contextmanager
def virtuoso(_release: Path, store: Path, folder: Path) -> Iterator[Server]:
    """Virtuoso 7 with the union of the store's graphs in one graph."""
    with virtuoso_server(folder) as (_, http_port, session):
        address = f"http://127.0.0.1:{http_port}/sparql-graph-crud-auth"
        for batch in batches(dumped(store, folder)):
            requests.post(
                address,
                params={"graph-uri": "urn:all"},
                data=batch,
                headers={"Content-Type": "application/n-triples"},
                auth=HTTPDigestAuth("dba", "dba"),
                timeout=600,
            ).raise_for_status()
        yield Server("Virtuoso 7", http_port, "/sparql", session)


@contextmanager
def virtuoso_server(folder: Path, allowed: Path | None = None) -> Iterator[tuple[int, int, int]]:
    """An empty Virtuoso 7 in a folder: its ports for SQL and HTTP, and its session.

    ``allowed`` is where it may read files.
    """
    port, http_port = free_port(), free_port()
    configuration = folder / "virtuoso.ini"
    configuration.write_text(
        VIRTUOSO.read_text().format(
            folder=folder,
            port=port,
            http_port=http_port,
            allowed=allowed or folder,
            buffers=170_000,
            dirty_buffers=130_000,
        )
    )
    command = [program("virtuoso-t"), "+foreground", "+configfile", str(configuration)]
    with running(command, http_port) as session:
        yield port, http_port, session


PEERS = {"oxigraph": oxigraph, "virtuoso-t": virtuoso, "rdflib-endpoint": rdflib_endpoint}
"""The peers by the programs that they need, the one that ratios are taken to first."""


def dumped(store: Path, folder: Path) -> Path:
    """The union of a store's graphs in N-Triples, which a release's store holds as its default graph."""
    path = folder / "union.nt"
    Store.read_only(str(store)).dump(path, format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return path


def batches(path: Path) -> Iterator[bytes]:
    """The lines of a file, so many at a time."""
    lines: list[bytes] = []
    with path.open("rb") as file:
        for line in file:
            lines.append(line)
            if len(lines) == BATCH:
                yield b"".join(lines)
                lines = []
    yield b"".join(lines)


def program(name: str) -> str:
    """Where a program is: beside this Python, or on the path; empty where it is not installed."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name) or ""


def is_installed(name: str) -> bool:
    if not program(name):
        print(f"{name} is not installed: left out", file=sys.stderr)
    return bool(program(name))


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A process that listens on a port until the end of the block; the session of it and of those that it starts."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(0.5)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
