"""What the whole server takes of the memory, and whether it grows.

    make build
    python benchmarks/memory.py releases/current

Prints a table in Markdown: the proportional set size (a page that several processes share counts once) and the sum of
the resident sets of all processes: at the start, after each saved query and page, and after so many requests, of which
half are asked for the first time and half are saved queries and look-ups again.
"""

import argparse
import contextlib
import http.client
import tempfile
from pathlib import Path
from urllib.parse import quote

from peers import ACCEPT, Server, medsynth_kg

from medsynth_kg.query.saved import load_saved_queries

PAGES = (
    "/",
    "/explore",
    "/gaps",
    "/search?q=gan",
    "/queries/",
    "/releases/",
    "/dumps/latest/",
    "/about",
    "/openapi.json",
)
MEBIBYTE_IN_KIBIBYTES = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--requests", type=int, default=100_000)
    options = parser.parse_args()
    queries = load_saved_queries(options.release / "queries")
    repeated = [query.text for query in queries if not query.federated]
    print("| after | MiB, shared pages counted once | MiB, sum of resident sets |\n|---|---:|---:|")
    with (
        tempfile.TemporaryDirectory() as folder,
        medsynth_kg(options.release, options.release / "store", Path(folder)) as server,
    ):
        server.rest()
        report(server, "the start")
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for path in (*PAGES, *(f"/sparql?query={quote(text)}" for text in repeated)):
            ask(connection, path)
        report(server, "every page and saved query")
        for tenth in range(1, 11):
            for number in range(options.requests // 10):
                unseen = f"ASK {{ FILTER({tenth}{number} > 0) }}"
                text = unseen if number % 2 else repeated[number // 2 % len(repeated)]
                ask(connection, f"/sparql?query={quote(text)}")
            if tenth % 2 == 0:
                report(server, f"{options.requests * tenth // 10:,} requests more")


def ask(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path, headers={"Accept": f"{ACCEPT['Accept']},text/turtle;q=0.9,*/*;q=0.8"})
    response = connection.getresponse()
    response.read()
    if response.status >= http.HTTPStatus.BAD_REQUEST:
        raise SystemExit(f"{response.status} for {path}")


def report(server: Server, moment: str) -> None:
    proportional, resident = (sum(kibibytes(server, name)) / MEBIBYTE_IN_KIBIBYTES for name in ("Pss:", "Rss:"))
    print(f"| {moment} | {proportional:,.0f} | {resident:,.0f} |", flush=True)


def kibibytes(server: Server, name: str) -> list[int]:
    found = []
    for process in server.processes():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a worker that is being replaced
            lines = (process / "smaps_rollup").read_text().splitlines()
            found += [int(line.split()[1]) for line in lines if line.startswith(name)]
    return found


if __name__ == "__main__":
    main()
