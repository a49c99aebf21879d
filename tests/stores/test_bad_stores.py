"""What is no store, answers as none does, or can't be reached, is told in one line that says what to do."""

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterable, Iterator

import pytest
from click.testing import CliRunner
from pyoxigraph import Triple
from tests.loopback import free_ports, serving_requests
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.cli.pushing import push_command
from medsynth_kg.errors import MedsynthError
from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.errors import StoreAddressInvalid, StoreAnswerInvalid, StoreRefused, StoreUnreachable
from medsynth_kg.stores.pushing import push_release

ANSWERS = {
    "page": b"<html>hello</html>",
    "nothing": b"",
    "list": b"[1, 2]",
    "null": b"null",
    "text": b'"x"',
    "no bindings": b'{"results": {}}',
    "results are a list": b'{"results": []}',
    "bindings are null": b'{"results": {"bindings": null}}',
    "bindings are text": b'{"results": {"bindings": "abc"}}',
    "solutions are text": b'{"results": {"bindings": ["abc"]}}',
    "terms are text": b'{"results": {"bindings": [{"id": "x", "triples": "7"}]}}',
    "terms without value": b'{"results": {"bindings": [{"id": {"type": "literal"}}]}}',
    "values are numbers": b'{"results": {"bindings": [{"id": {"value": 7}}]}}',
    "other variables": b'{"results": {"bindings": [{"foo": {"value": "7"}}]}}',
    "too deep": b"[" * 100_000,
    "no UTF-8": b'{"results": {"bindings": [{"id": {"value": "\xff"}}]}}',
    "UTF-16 that is none": b"\xff\xfe{",
}
COUNTS = {
    "none": b'{"results": {"bindings": []}}',
    "a word": b'{"results": {"bindings": [{"triples": {"value": "many"}}]}}',
    "two": b'{"results": {"bindings": [{"triples": {"value": "1"}}, {"triples": {"value": "2"}}]}}',
    "below nothing": b'{"results": {"bindings": [{"triples": {"value": "-1"}}]}}',
    "too long": b'{"results": {"bindings": [{"triples": {"value": "%s"}}]}}' % (b"9" * 5000),
}
BINDINGS = "application/sparql-results+json"


@contextlib.contextmanager
def answering(status: int, content: bytes) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", BINDINGS)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def client_of(address: str, *, graph_store: bool = False) -> Iterator[StoreClient]:
    addresses = StoreAddresses(address, address, address if graph_store else None)
    with contextlib.closing(StoreClient(addresses)) as client:
        yield client


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(3), tmp_path_factory.mktemp("releases"), count_nothing)


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_is_no_answer_of_a_store_ends_a_push_with_a_sentence(release: Release, kind: str) -> None:
    with (
        answering(200, ANSWERS[kind]) as address,
        client_of(address) as client,
        pytest.raises(StoreAnswerInvalid, match="check that this is the store's address"),
    ):
        push_release(release, client, 100, lambda _: None)


@pytest.mark.parametrize("kind", COUNTS)
def test_what_is_no_count_is_not_taken_for_one(kind: str) -> None:
    with answering(200, COUNTS[kind]) as address, client_of(address) as client, pytest.raises(StoreAnswerInvalid):
        client.count("urn:graph")


def test_what_is_no_iri_gets_into_no_update(release: Release) -> None:
    content = b'{"results": {"bindings": [{"id": {"value": "x"}, "staged": {"value": "urn:a> } ; DROP ALL #"}}]}}'
    with answering(200, content) as address, client_of(address) as client, pytest.raises(StoreAnswerInvalid):
        push_release(release, client, 100, lambda _: None)


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1/query",
        "http://host:port/",
        "http://host:99999/",
        f"http://{'a' * 64}.example/",
        "http://a..example/",
        "http://",
    ],
)
def test_addresses_that_can_not_be_used_are_told_at_once(release: Release, address: str) -> None:
    with pytest.raises(StoreAddressInvalid, match="is not an address"):
        StoreAddresses(address, address)
    run = CliRunner().invoke(push_command, ["--to", address, "--releases", str(release.path.parent)])
    assert isinstance(run.exception, MedsynthError)


def test_a_password_in_an_address_that_is_none_is_not_told_either() -> None:
    with pytest.raises(StoreAddressInvalid) as refused:
        StoreAddresses("http://me:secret@[::1/", "http://host/")
    assert "secret" not in str(refused.value)


def test_nobody_is_told_to_push_again_who_does_not_push(release: Release) -> None:
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}/"
    with client_of(address) as client, pytest.raises(StoreUnreachable, match="nothing listens there") as unreachable:
        client.select("ASK {}")
    assert "push" not in str(unreachable.value)
    run = CliRunner().invoke(push_command, ["--to", address, "--releases", str(release.path.parent)])
    assert isinstance(run.exception, StoreUnreachable)
    assert "push again" not in run.output


def test_who_pushes_is_told_that_a_push_that_broke_off_continues(
    addresses: StoreAddresses, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, batches = StoreClient.add, iter(range(2))

    def break_off(client: StoreClient, graph: str, triples: Iterable[Triple]) -> None:
        if next(batches, None) is None:
            raise StoreUnreachable(addresses.update)
        add(client, graph, triples)

    monkeypatch.setattr(StoreClient, "add", break_off)
    command = ["--to", addresses.query, "--update", addresses.update, "--releases", str(release.path.parent)]
    assert "push again, and it continues" in CliRunner().invoke(push_command, command).output


def test_a_name_without_a_host_and_tls_at_a_port_without_it_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        answering(200, b"") as address,
        client_of(address.replace("http:", "https:")) as client,
        pytest.raises(StoreUnreachable, match="whether the address begins with http:// instead"),
    ):
        client.select("ASK {}")

    def find_nothing(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", find_nothing)
    with client_of("http://name.invalid/") as client, pytest.raises(StoreUnreachable, match="no host of this name"):
        client.select("ASK {}")


@pytest.mark.parametrize(
    ("status", "query", "update", "batch"),
    [
        (400, "its own log", "its own log", "try a smaller --batch"),
        (403, "may not ask", "may not write", "may not write"),
        (405, "takes queries", "--update and --graph-store", "--update and --graph-store"),
        (413, "too large", "too large", "try a smaller --batch"),
        (500, "its own log", "/sparql-auth", "/sparql-auth"),
    ],
)
def test_advice_is_for_what_was_asked(status: int, query: str, update: str, batch: str) -> None:
    with answering(status, b"secret") as address, client_of(address) as client:
        with pytest.raises(StoreRefused, match=query):
            client.select("ASK {}")
        with pytest.raises(StoreRefused, match=update):
            client.update("CLEAR ALL")
        with pytest.raises(StoreRefused, match=batch):
            client.add("urn:graph", [])
    with (
        answering(status, b"") as address,
        client_of(address, graph_store=True) as client,
        pytest.raises(StoreRefused, match=batch),
    ):
        client.add("urn:graph", [])


def test_a_graph_that_should_be_large_is_waited_for_longer() -> None:
    counted = threading.Event()

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            counted.wait(0.6)
            content = b'{"results": {"bindings": [{"triples": {"value": "7"}}]}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content)

    with serving_requests(Slow) as port:
        address = f"http://127.0.0.1:{port}/sparql"
        with contextlib.closing(StoreClient(StoreAddresses(address, address), seconds=(5.0, 0.2))) as client:
            with pytest.raises(StoreUnreachable, match="no answer in time"):
                client.count("urn:g", 1_000)
            assert client.count("urn:g", 1_000_000) == 7
        counted.set()
