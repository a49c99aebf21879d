"""Requests a second on one core, two, and so on, beside Oxigraph's own server: on queries never asked before.

    make build && pip install oxigraph && apt install wrk
    python benchmarks/cores.py releases/current

Prints one table in Markdown. Only the servers are kept to so many cores; the 16 clients may use all.
"""

import argparse
import os
import tempfile
from pathlib import Path

from peers import medsynth_kg, oxigraph

from endpoint import EVERYTHING, LONGER

LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/medsynth-kg/paper/10.3390/s23198328> ?p ?o }}"
ASKED = {"look-ups": LOOKUP, "counts": LONGER, "counts over everything": EVERYTHING}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("--seconds", type=int, default=10, help="seconds of each run")
    options = parser.parse_args()
    store = options.release / "store"
    processors = sorted(os.sched_getaffinity(0))
    print("| never-seen queries | cores | medsynth-kg, requests/s | Oxigraph, requests/s | ratio |")
    print("|---|---:|---:|---:|---:|")
    for number in range(1, len(processors) + 1):
        rates: dict[str, list[float]] = {name: [] for name in ASKED}
        for start in (medsynth_kg, oxigraph):
            os.sched_setaffinity(0, processors[:number])
            with tempfile.TemporaryDirectory() as folder, start(options.release, store, Path(folder)) as server:
                os.sched_setaffinity(0, processors)
                server.rest()
                for name, query in ASKED.items():
                    rates[name].append(server.throughput([query.format(0)], options.seconds, never_seen=True))
                    server.rest()
        for name, (own, other) in rates.items():
            print(f"| {name} | {number} | {own:,.0f} | {other:,.0f} | {own / other:.2f} |", flush=True)


if __name__ == "__main__":
    main()
