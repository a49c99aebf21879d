"""Our endpoint beside Oxigraph's own server, Virtuoso and rdflib-endpoint: the same statements, runs that alternate.

    make build && pip install oxigraph rdflib-endpoint uvicorn && apt install wrk virtuoso-opensource-7-bin
    python benchmarks/endpoint.py releases/current            # the shipped release
    python benchmarks/scaled_store.py releases/current /tmp/scaled --quads 1000000
    python benchmarks/endpoint.py releases/current --store /tmp/scaled

Prints one table in Markdown: for each kind of query the median latency of one client on one kept-open connection, and,
where wrk is installed, the requests a second of 16 clients. Look-ups and counts are never asked twice; the saved
queries are asked over and over, as visitors do, and come from our cache after the first time. With Oxigraph as the one
peer there is one more row, of the saved queries that take more than 5 milliseconds (and less than 5 seconds), each time
with another comment at their end so that they are never seen either: the sum of their medians. The ratio is ours
by Oxigraph's. A peer that is not installed is left out, which standard error says.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from peers import PEERS, Server, Unanswered, is_installed, medsynth_kg
from pyoxigraph import NamedNode, Store

from medsynth_kg.query.saved import load_saved_queries

PAPER = NamedNode("https://w3id.org/medsynth-kg/ontology#Paper")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LONGER = """PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
SELECT ?family (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{
  ?paper a msk:Paper ; msk:modelFamily ?family ; msk:evaluatedFor ?category . FILTER(STRLEN(STR(?paper)) > {0})
}} GROUP BY ?family"""
LONG, TOO_LONG = 0.005, 5.0
"""Seconds between which a saved query takes part as a longer one, by our server, which gives up in the end."""
EVERYTHING = """SELECT ?property (COUNT(DISTINCT ?value) AS ?values) WHERE {{
  ?subject ?property ?value . FILTER(STRLEN(STR(?subject)) > {0})
}} GROUP BY ?property"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--store", type=Path, help="another store to serve in the release's place")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lookups", type=int, default=200, help="look-ups a round")
    parser.add_argument("--seconds", type=int, default=5, help="seconds of each throughput run")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    options = parser.parse_args()
    store = options.store or options.release / "store"
    with ExitStack() as started:
        servers = []
        for start in (medsynth_kg, *(PEERS[name] for name in options.peers if is_installed(name))):
            folder = Path(started.enter_context(tempfile.TemporaryDirectory()))
            servers.append(started.enter_context(start(options.release, store, folder)))
            servers[-1].rest()
        print(f"| queries | measure | {' | '.join(server.name for server in servers)} | ratio |")
        print(f"|---|---|{'---:|' * (len(servers) + 1)}")
        compare_latency(servers, store, options)
        if options.peers == ["oxigraph"] and len(servers) == 2:
            compare_saved(servers, options)
        compare_throughput(servers, store, options)


def compare_latency(servers: Sequence[Server], store: Path, options: argparse.Namespace) -> None:
    papers = [quad.subject.value for quad in Store.read_only(str(store)).quads_for_pattern(None, TYPE, PAPER)]
    lookups = [f"SELECT ?p ?o {{ <{paper}> ?p ?o }}#{n}" for n in range(1000) for paper in papers]
    whole = [EVERYTHING.format(n) for n in range(options.rounds * 4)]
    longer = [LONGER.format(n) for n in range(options.rounds * 20)]
    for name, queries, per_round in (
        ("never-seen look-ups", lookups, options.lookups),
        ("never-seen counts", longer, 4),
        ("never-seen counts over everything", whole, 4),
    ):
        times: dict[str, list[float]] = {server.name: [] for server in servers}
        for round_number in range(options.rounds):
            chosen = queries[round_number * per_round : (round_number + 1) * per_round]
            for server in servers if round_number % 2 else reversed(servers):
                times[server.name] += [server.seconds(query) for query in chosen]
        row(name, "median ms", [statistics.median(times[server.name]) * 1000 for server in servers])


def compare_saved(servers: Sequence[Server], options: argparse.Namespace) -> None:
    """The saved queries that take the peer long enough to tell; other peers can't answer all of them."""
    comments = count()
    long = [
        text
        for text in saved_texts(options)
        if is_long(servers[0], [f"{text}\n#{next(comments)}" for _ in range(1 + options.rounds)])
    ]
    answered = []
    for text in long:
        times: dict[str, list[float]] = {server.name: [] for server in servers}
        try:
            for round_number in range(options.rounds):
                for server in servers if round_number % 2 else reversed(servers):
                    times[server.name].append(server.seconds(f"{text}\n#{next(comments)}"))
        except Unanswered as unanswered:
            print(f"left out: {unanswered}", file=sys.stderr)
            continue
        answered.append([statistics.median(times[server.name]) * 1000 for server in servers])
    if not answered:
        print(f"no saved query takes more than {LONG} seconds", file=sys.stderr)
    else:
        row(f"never-seen saved queries, {len(answered)} of them", "ms", list(map(sum, zip(*answered, strict=True))))


def is_long(server: Server, queries: Sequence[str]) -> bool:
    """By the fastest answer but for the first, which also fills the caches of disk and processor."""
    try:
        return server.seconds(queries[0]) < TOO_LONG and min(map(server.seconds, queries[1:])) > LONG
    except Unanswered:
        return False


def saved_texts(options: argparse.Namespace) -> list[str]:
    queries = load_saved_queries(options.release / "queries")
    return [query.text for query in queries if not query.form.is_graph and not query.federated]


def compare_throughput(servers: Sequence[Server], store: Path, options: argparse.Namespace) -> None:
    if not shutil.which("wrk"):
        print("wrk is not installed: no throughput", file=sys.stderr)
        return
    papers = [quad.subject.value for quad in Store.read_only(str(store)).quads_for_pattern(None, TYPE, PAPER)][:40]
    lookups = [f"SELECT ?p ?o {{ <{paper}> ?p ?o }}" for paper in papers]
    for name, asked in (("saved queries, repeated", saved_texts(options)), ("look-ups, repeated", lookups)):
        rates: dict[str, list[float]] = {server.name: [] for server in servers}
        for _ in range(3):
            for server in servers:
                rates[server.name].append(server.throughput(asked, options.seconds))
                server.rest()
        row(name, "requests/s", [statistics.median(rates[server.name]) for server in servers])


def row(name: str, measure: str, figures: Sequence[float]) -> None:
    own, *others = figures
    ratio = f"{own / others[0]:.2f}" if others else ""
    print(f"| {name} | {measure} | {' | '.join(f'{figure:,.2f}' for figure in figures)} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
