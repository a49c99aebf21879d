"""Our endpoint beside Oxigraph's own server: the same store, the same machine, runs that alternate.

    make build && pip install oxigraph
    python benchmarks/endpoint.py releases/current            # the shipped release
    python benchmarks/scaled_store.py releases/current /tmp/scaled --quads 1000000
    python benchmarks/endpoint.py releases/current --store /tmp/scaled

Prints one table in Markdown: for each kind of query the median latency of one client on one kept-open connection, and,
where wrk is installed, the requests a second of 16 clients. Look-ups are never asked twice; the saved queries are asked
over and over, as visitors do, and come from our cache after the first time. Ratios are ours by theirs.
"""

import argparse
import http.client
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import NamedNode, Store

from medsynth_kg.query.saved import load_saved_queries

ACCEPT = {"Accept": "application/sparql-results+json"}
PAPER = NamedNode("https://w3id.org/medsynth-kg/ontology#Paper")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LONGER = """PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
SELECT ?family (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
  ?paper a msk:Paper ; msk:modelFamily ?family ; msk:evaluatedFor ?category . FILTER(STRLEN(STR(?paper)) > {0})
}} GROUP BY ?family"""


class Server:
    """A server under test: its name, port and the path of its endpoint."""

    def __init__(self, name: str, port: int, path: str) -> None:
        self.name = name
        self.port = port
        self.path = path
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def seconds(self, query: str) -> float:
        """The time until the last byte of an answer."""
        started = time.perf_counter()
        self._connection.request("GET", f"{self.path}?query={quote(query)}", headers=ACCEPT)
        response = self._connection.getresponse()
        response.read()
        if response.status != http.HTTPStatus.OK:
            raise SystemExit(f"{self.name} answered {response.status} to {query}")
        return time.perf_counter() - started

    def throughput(self, queries: Sequence[str], seconds: int) -> float:
        """Requests a second of 16 clients that ask the queries in turn."""
        paths = ",\n".join(json.dumps(f"{self.path}?query={quote(query)}") for query in queries)
        script = (
            f"local paths = {{\n{paths}\n}}\nlocal i = 0\n"
            f'wrk.headers["Accept"] = "{ACCEPT["Accept"]}"\n'
            "request = function() i = i + 1; return wrk.format('GET', paths[(i - 1) % #paths + 1]) end\n"
        )
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(script)
            file.flush()
            command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", file.name, f"http://127.0.0.1:{self.port}/"]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output:
            raise SystemExit(f"{self.name}: {output}")
        return float(next(line.split()[1] for line in output.splitlines() if line.startswith("Requests/sec")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--store", type=Path, help="another store to serve in the release's place")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lookups", type=int, default=200, help="look-ups a round")
    parser.add_argument("--seconds", type=int, default=5, help="seconds of each throughput run")
    options = parser.parse_args()
    store = options.store or options.release / "store"
    with (
        tempfile.TemporaryDirectory() as folder,
        ours(options.release, store, Path(folder)) as own,
        peer(store) as other,
    ):
        print("| queries | measure | medsynth-kg | Oxigraph | ratio |\n|---|---|---:|---:|---:|")
        compare_latency(own, other, options)
        compare_throughput(own, other, options)


def compare_latency(own: Server, other: Server, options: argparse.Namespace) -> None:
    store = Store.read_only(str(options.store or options.release / "store"))
    papers = [quad.subject.value for quad in store.quads_for_pattern(None, TYPE, PAPER)]
    lookups = [f"SELECT ?p ?o {{ <{paper}> ?p ?o }}#{n}" for n in range(1000) for paper in papers]
    longer = [LONGER.format(n) for n in range(options.rounds * 20)]
    for name, queries, per_round in (
        ("never-seen look-ups", lookups, options.lookups),
        ("never-seen counts", longer, 4),
    ):
        times: dict[str, list[float]] = {own.name: [], other.name: []}
        for round_number in range(options.rounds):
            chosen = queries[round_number * per_round : (round_number + 1) * per_round]
            for server in (own, other) if round_number % 2 else (other, own):
                times[server.name] += [server.seconds(query) for query in chosen]
        row(name, "median ms", *(statistics.median(times[server.name]) * 1000 for server in (own, other)))


def compare_throughput(own: Server, other: Server, options: argparse.Namespace) -> None:
    if not shutil.which("wrk"):
        print("wrk is not installed: no throughput", file=sys.stderr)
        return
    queries = load_saved_queries(options.release / "queries")
    saved = [query.text for query in queries if not query.form.is_graph and not query.federated]
    store = Store.read_only(str(options.store or options.release / "store"))
    papers = [quad.subject.value for quad in store.quads_for_pattern(None, TYPE, PAPER)][:40]
    lookups = [f"SELECT ?p ?o {{ <{paper}> ?p ?o }}" for paper in papers]
    for name, queries in (("saved queries, repeated", saved), ("look-ups, repeated", lookups)):
        rates: dict[str, list[float]] = {own.name: [], other.name: []}
        for _ in range(3):
            for server in (own, other):
                rates[server.name].append(server.throughput(queries, options.seconds))
        row(name, "requests/s", *(statistics.median(rates[server.name]) for server in (own, other)))


def row(name: str, measure: str, own: float, other: float) -> None:
    print(f"| {name} | {measure} | {own:,.2f} | {other:,.2f} | {own / other:.2f} |", flush=True)


@contextmanager
def ours(release: Path, store: Path, folder: Path) -> Iterator[Server]:
    """Our server over a release; a copy of the release holds another store, if one is given."""
    copy = folder / "release"
    shutil.copytree(release, copy, ignore=shutil.ignore_patterns("store", "dumps"))
    (copy / "dumps").mkdir()
    (copy / "store").symlink_to(store.resolve())
    (folder / "current").symlink_to("release")
    port = free_port()
    command = [sys.executable, "-m", "medsynth_kg", "serve", "--port", str(port), "--releases", str(folder)]
    with running(command, port):
        yield Server("medsynth-kg", port, "/sparql")


@contextmanager
def peer(store: Path) -> Iterator[Server]:
    """Oxigraph's server over the same store."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    port = free_port()
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with running(command, port):
        yield Server("Oxigraph", port, "/query")


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
