"""A small real store, worker processes over it, and a server that must never be asked."""

import contextlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.loopback import serving_requests

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.limits import MEBIBYTE, QueryLimits

EXAMPLE = "http://example.org/"
REMOTE = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "from afar"}}]}}'
LIMITS = QueryLimits(timeout=1.0, memory=200 * MEBIBYTE, result_size=4 * MEBIBYTE, workers=2, short=0.1, queue=20)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "store"
    store = Store(str(path))
    knows, name = NamedNode(EXAMPLE + "knows"), NamedNode(EXAMPLE + "name")
    graphs = [NamedNode(EXAMPLE + "graph/one"), NamedNode(EXAMPLE + "graph/two")]
    quads = []
    for number in range(1000):
        person = NamedNode(f"{EXAMPLE}person/{number}")
        quads.append(Quad(person, name, Literal(f"Person {number}"), graphs[number % 2]))
        quads.append(Quad(person, knows, NamedNode(f"{EXAMPLE}person/{(number * 7 + 1) % 1000}"), graphs[number % 2]))
    store.bulk_extend(quads)
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    store.flush()
    return path


@pytest.fixture(scope="session")
def executor(store: Path) -> Iterator[EmbeddedExecutor]:
    executor = EmbeddedExecutor(store, LIMITS)
    yield executor
    executor.close()


class Canary:
    """A server on loopback that counts who asks it; at /sparql it has an answer, anywhere else a secret."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                canary.requests.append(self.path)
                if self.path != "/sparql":
                    self.send_error(403, "INTERNAL-SECRET")
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(REMOTE)))
                self.end_headers()
                self.wfile.write(REMOTE)

        self.handler = Handler
        self.address = ""


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    with serving_requests(canary.handler) as port:
        canary.address = f"http://127.0.0.1:{port}/"
        yield canary


Processes = Callable[[int], set[int]]


@pytest.fixture
def descendants() -> Processes:
    """The processes below one, by what /proc says; a process may end while it is looked at."""

    def below(pid: int) -> set[int]:
        found: set[int] = set()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                for child in map(int, task.read_text().split()):
                    found |= {child} | below(child)
        return found

    return below
