"""How long cheap queries take, alone and while hostile ones run; how soon a killed worker is replaced.

    python benchmarks/query_workers.py [STORE]

Without a store, a small one is made. Prints medians and 99th percentiles in milliseconds.
"""

import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import QueryError
from medsynth_kg.query.limits import MEBIBYTE, QueryLimits
from medsynth_kg.query.request import QueryRequest

JSON = "application/sparql-results+json"
ASK = "ASK WHERE{ ?s ?p ?o . }"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "ASK { " + " ".join(f"?s <urn:p{n}> ?o{n} ." for n in range(400)) + " }",
    "SELECT (COUNT(*) AS ?n) { ?a (<urn:p0>|!<urn:p0>)* ?b . ?c (<urn:p1>|!<urn:p1>)* ?d }",
)


def small_store(folder: Path) -> Path:
    store = Store(str(folder))
    store.bulk_extend(
        Quad(NamedNode(f"urn:s{n}"), NamedNode(f"urn:p{n % 7}"), Literal(f"value {n}")) for n in range(20_000)
    )
    store.flush()
    return folder


def measure(executor: EmbeddedExecutor, seconds: float, pause: float) -> list[float]:
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.perf_counter()
        try:
            executor.execute(QueryRequest(ASK, JSON))
        except QueryError as error:
            print(f"  lost: {error}")
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(pause)
    return times


def report(what: str, times: list[float]) -> None:
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"{what:40} median {statistics.median(times):8.2f} ms  p99 {p99:8.2f} ms  max {max(times):8.2f} ms")


def attack(executor: EmbeddedExecutor, over: threading.Event, number: int) -> None:
    while not over.is_set():
        try:
            executor.execute(QueryRequest(HOSTILE[number % len(HOSTILE)], JSON))
        except QueryError:
            over.wait(0.05)


def under_attack(executor: EmbeddedExecutor, attackers: int) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=attack, args=(executor, over, number)) for number in range(attackers)]
    for thread in threads:
        thread.start()
    report(f"ASK while {attackers} hostile clients ask", measure(executor, 10, 0.02))
    over.set()
    executor.close()
    for thread in threads:
        thread.join()


def replacement(executor: EmbeddedExecutor) -> list[float]:
    times = []
    for _ in range(10):
        (worker, *_), before = executor._pool._idle, executor.replaced
        started = time.perf_counter()
        os.kill(worker.pid, signal.SIGKILL)
        executor._pool._idle.remove(worker)
        executor._pool.retire(worker)
        while executor.replaced == before or len(executor._pool._idle) <= 4:
            time.sleep(0.0005)
        times.append((time.perf_counter() - started) * 1000)
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(sys.argv[1]) if len(sys.argv) > 1 else small_store(Path(folder) / "store")
        limits = QueryLimits(timeout=3, memory=256 * MEBIBYTE)
        started = time.perf_counter()
        executor = EmbeddedExecutor(store, limits)
        print(f"start-up of {limits.workers} workers {(time.perf_counter() - started) * 1000:.0f} ms")
        report("ASK alone", measure(executor, 3, 0))
        report("a killed worker is replaced", replacement(executor))
        executor.close()
        for attackers in (3, 8, 40):
            under_attack(EmbeddedExecutor(store, limits), attackers)


if __name__ == "__main__":
    main()
