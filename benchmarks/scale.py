"""How mapping, building, loading, dumping, opening and asking grow with the number of papers.

    make corpus && pip install oxigraph && apt install virtuoso-opensource-7-bin
    python benchmarks/scale.py DIRECTORY --papers 10000 100000

Papers are Crossref's records, written by bulk_files.py from a seed; each has some 84 statements. Beside Oxigraph's own
commands and Virtuoso's bulk loader, in the same run, on the same statements: a release stores what a corpus states in
its graph and in the default graph, so Oxigraph is given both too; Virtuoso has the graph alone. Memory is that of all
processes of a command at once. The corpora stay in the directory; a million papers need some 40 GB there at once.

Spark's mapping is measured on as many processors as ``--cores`` says, which the system keeps it to.
"""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests
from bulk_files import write
from costs import Cost, cost, resident, size
from peers import free_port, is_installed, medsynth_kg, oxigraph, program, virtuoso_server

from medsynth_kg.corpus.manifest import read_corpus_manifest
from medsynth_kg.query.saved import load_saved_queries
from medsynth_kg.settings import BASE_IRI

COMMAND = (sys.executable, "-m", "medsynth_kg")
GRAPH = f"{BASE_IRI}graph/corpus"
LOAD = f"""
import sys
from pathlib import Path
from medsynth_kg.corpus.taking_in import read_corpus
from medsynth_kg.release.store import write_store
write_store(Path(sys.argv[2]), (), read_corpus(Path(sys.argv[1]), "{BASE_IRI}")[1])
"""
DUMP = f"""
import sys
from pyoxigraph import NamedNode, RdfFormat, Store
Store.read_only(sys.argv[1]).dump(sys.argv[2], RdfFormat.N_TRIPLES, from_graph=NamedNode("{GRAPH}"))
"""
STAGES = ("build", "load", "oxigraph", "virtuoso")
"""What is done with a corpus: a release, or a store by one of these; ``build`` asks the saved queries too."""
ROUNDS = 5
FILES = 16
"""Bulk files to read; Spark's tasks are as many."""


@dataclass(frozen=True)
class Stage:
    """What was done, what that cost, and the bytes that it left."""

    name: str
    cost: Cost
    written: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--papers", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument(
        "--cores", type=int, nargs="+", default=[1, 2], help="for Spark; what the last one maps is kept"
    )
    parser.add_argument("--mapped", action="store_true", help="take the corpora that an earlier run left")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES, help="what to do with a corpus")
    options = parser.parse_args()
    print("| papers | triples | stage | seconds | s a million | bytes a triple | MiB of memory |")
    print("|---:|---:|---|---:|---:|---:|---:|")
    asked: dict[int, Mapping[str, Sequence[float]]] = {}
    for papers in options.papers:
        folder = options.directory / str(papers)
        clear(folder, keeping=("corpus",) if options.mapped else ())
        for stage in measured(folder, papers, () if options.mapped else options.cores, options.stages, asked):
            triples = statements(folder)
            print(
                f"| {papers:,} | {triples:,} | {stage.name} | {stage.cost.seconds:.1f} | "
                f"{stage.cost.seconds / triples * 1e6:.1f} | {stage.written / triples:.0f} | "
                f"{f'{stage.cost.memory:,}' if stage.cost.memory else 'not watched'} |",
                flush=True,
            )
    print_query_times(asked)


def clear(folder: Path, keeping: Sequence[str]) -> None:
    """Remove what an earlier run left."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in keeping:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def measured(
    folder: Path,
    papers: int,
    cores: Sequence[int],
    stages: Sequence[str],
    asked: dict[int, Mapping[str, Sequence[float]]],
) -> Iterator[Stage]:
    """The stages in their order; the times of the saved queries go to ``asked``."""
    if cores:
        yield from mapping(folder, papers, cores)
    if "build" in stages:
        yield from release(folder)
        asked[papers] = query_times(folder)
        clear(folder, keeping=("corpus",))
    if "load" in stages:
        yield from own_store(folder)
    if "oxigraph" in stages and is_installed("oxigraph"):
        yield from oxigraph_store(folder)
    if "virtuoso" in stages and is_installed("virtuoso-t") and is_installed("isql-vt"):
        yield virtuoso_store(folder)
    clear(folder, keeping=("corpus",))


def release(folder: Path) -> Iterator[Stage]:
    """A release with the corpus, and a server over it."""
    releases = folder / "releases"
    command = [*COMMAND, "build", "--releases", releases, "--corpus", folder / "corpus"]
    yield Stage("build, verified", cost(command, folder), size(releases))
    yield Stage("open", opening(releases), 0)


def statements(folder: Path) -> int:
    """How many statements the corpus has."""
    manifest = read_corpus_manifest(folder / "corpus")
    if manifest is None:
        raise SystemExit(f"{folder}: Spark left no corpus")
    return manifest.statements


def mapping(folder: Path, papers: int, cores: Sequence[int]) -> Iterator[Stage]:
    """Spark on one processor and on more; its programs run beside each other, so its own setting would not keep it."""
    bulk, corpus = folder / "bulk", folder / "corpus"
    write("crossref", bulk, papers, FILES, 1)
    command = [*COMMAND, "corpus", "crossref", bulk, "--output", corpus, "--date", "2026-03-01", "--everything"]
    processors = sorted(os.sched_getaffinity(0))
    for number in cores:
        shutil.rmtree(corpus, ignore_errors=True)
        os.sched_setaffinity(0, processors[:number])
        spent = cost([*command, "--master", f"local[{number}]"], folder)
        os.sched_setaffinity(0, processors)
        yield Stage(f"map, processors: {number}", spent, size(corpus / "parts"))
    clear(folder, keeping=("corpus",))


def own_store(folder: Path) -> Iterator[Stage]:
    """The statements into our store, and its graph out again; a release's dumps are the files that it took in."""
    store, dump = folder / "store", folder / "dump.nt"
    yield Stage("load", cost([sys.executable, "-c", LOAD, folder / "corpus", store], folder), size(store))
    yield Stage("dump", cost([sys.executable, "-c", DUMP, store, dump], folder), size(dump))
    clear(folder, keeping=("corpus",))


def oxigraph_store(folder: Path) -> Iterator[Stage]:
    """The same by Oxigraph's own commands, from the same compressed files and others for the default graph."""
    store, dump = folder / "oxigraph", folder / "dump.nt"
    files = [*sorted((folder / "corpus" / "parts").iterdir()), *for_default_graph(folder)]
    loaded = cost([program("oxigraph"), "load", "--location", store, "--file", *files], folder)
    yield Stage("load, oxigraph load", loaded, size(store))
    optimized = cost([program("oxigraph"), "optimize", "--location", store], folder)
    both = Cost(loaded.seconds + optimized.seconds, max(loaded.memory, optimized.memory))
    yield Stage("load, oxigraph load and optimize", both, size(store))
    command = [program("oxigraph"), "dump", "--location", store, "--graph", GRAPH, "--file", dump]
    yield Stage("dump, oxigraph dump", cost(command, folder), size(dump))
    clear(folder, keeping=("corpus",))


def virtuoso_store(folder: Path) -> Stage:
    """The graph by Virtuoso's bulk loader."""
    corpus, virtuoso = folder / "corpus", folder / "virtuoso"
    virtuoso.mkdir()
    with virtuoso_server(virtuoso, corpus / "parts") as (port, http_port, _):
        load = f"ld_dir('{corpus.resolve()}/parts', '*.nq.gz', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        spent = cost([program("isql-vt"), f"127.0.0.1:{port}", "dba", "dba", f"exec={load}"], folder)
        check_count(f"http://127.0.0.1:{http_port}/sparql", statements(folder))
    return Stage("load, Virtuoso 7", Cost(spent.seconds, 0), size(virtuoso / "virtuoso.db"))


def check_count(endpoint: str, expected: int) -> None:
    """That a store holds all of the corpus."""
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    answer = requests.get(endpoint, params={"query": query}, headers={"Accept": "text/csv"}, timeout=600)
    if str(expected) not in answer.text:
        raise SystemExit(f"{endpoint} holds {answer.text}, not {expected}")


def for_default_graph(folder: Path) -> list[Path]:
    """The corpus without its graph, as N-Triples in as many files."""
    (folder / "triples").mkdir()
    written = []
    ending = f" <{GRAPH}> .\n".encode()
    for part in sorted((folder / "corpus" / "parts").iterdir()):
        path = folder / "triples" / f"{part.name.partition('.')[0]}.nt.gz"
        with gzip.open(part) as lines, gzip.open(path, "wb", 1) as triples:
            triples.writelines(line.removesuffix(ending) + b" .\n" for line in lines)
        written.append(path)
    return written


def opening(releases: Path) -> Cost:
    """A server from its start until it is ready, and its memory then."""
    port = free_port()
    command = [*COMMAND, "serve", "--port", str(port), "--releases", str(releases)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not is_ready(port):
            time.sleep(0.01)
        spent = Cost(time.perf_counter() - started, resident(process.pid) >> 20)
        process.terminate()
    return spent


def is_ready(port: int) -> bool:
    """Whether a server answers that it is ready."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=60).ok
    except requests.ConnectionError:
        return False


def query_times(folder: Path) -> Mapping[str, Sequence[float]]:
    """The median milliseconds of each saved query that asks no other service, ours and Oxigraph's server's."""
    release = folder / "releases" / "current"
    saved = {query.slug: query.text for query in load_saved_queries(release / "queries") if not query.federated}
    times: dict[str, list[float]] = {slug: [] for slug in saved}
    with ExitStack() as started:
        starts = (medsynth_kg, oxigraph) if is_installed("oxigraph") else (medsynth_kg,)
        for start in starts:
            place = Path(started.enter_context(tempfile.TemporaryDirectory()))
            server = started.enter_context(start(release, release / "store", place))
            for slug, found in times.items():
                rounds = [server.seconds(f"{saved[slug]}\n#{number}") for number in range(ROUNDS)]
                found.append(statistics.median(rounds) * 1000)
    return times


def print_query_times(asked: Mapping[int, Mapping[str, Sequence[float]]]) -> None:
    """One line a saved query, its times at each size."""
    if not asked:
        return
    print(f"\n| saved query, ms (Oxigraph's server) | {' | '.join(f'{papers:,}' for papers in asked)} |")
    print(f"|---|{'---:|' * len(asked)}")
    for slug in next(iter(asked.values())):
        cells = []
        for times in asked.values():
            own, *others = times[slug]
            cells.append(f"{own:.1f}" + "".join(f" ({other:.1f})" for other in others))
        print(f"| {slug} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
