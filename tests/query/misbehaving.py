"""A store on loopback that does as it is told, however wrong, and an executor that has its queries run there."""

import contextlib
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from tests.loopback import serving_requests

from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.products import StoreProduct
from medsynth_kg.query.remote import RemoteExecutor, RemoteStore
from medsynth_kg.release.reading import Release

JSON = "application/sparql-results+json"
LIMITS = QueryLimits(timeout=5.0, result_size=200_000, workers=2, queue_seconds=10)
TRUE = b'{"head": {}, "boolean": true}'
Reply = tuple[int, bytes, dict[str, str]]


class Misbehaving:
    """A store on loopback that answers queries as it was told, and keeps what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.connections = 0
        self.queries: list[dict[str, list[str]]] = []


def reply(status: int, body: bytes, **headers: str) -> Reply:
    return status, body, {name.replace("_", "-"): value for name, value in headers.items()}


@contextlib.contextmanager
def misbehaving(
    answer: Callable[[dict[str, list[str]]], Reply], held: str | Callable[[], str] = "", software: str = "Store/1.0"
) -> Iterator[Misbehaving]:
    """``held`` is the release that the store says it holds, ``software`` what it says it is."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = software

        def setup(self) -> None:
            super().setup()
            store.connections += 1

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if "graph/push" in asked["query"][0]:
                binding = {"id": {"type": "literal", "value": held if isinstance(held, str) else held()}}
                document = {"head": {"vars": ["id"]}, "results": {"bindings": [binding]}}
                status, body, headers = reply(200, json.dumps(document).encode())
            else:
                store.queries.append(asked)
                status, body, headers = answer(asked)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body)), "Content-Type": JSON} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with serving_requests(Handler) as port:
        store = Misbehaving(f"http://127.0.0.1:{port}/sparql")
        yield store


@contextlib.contextmanager
def executor_of(
    address: str, release: Release, limits: QueryLimits = LIMITS, product: StoreProduct = StoreProduct.SPARQL
) -> Iterator[RemoteExecutor]:
    with contextlib.closing(RemoteExecutor(RemoteStore(address, product), release, limits)) as executor:
        yield executor
