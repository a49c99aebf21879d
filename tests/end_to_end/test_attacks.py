"""What strangers may send, to a server with tight limits: each gets an answer, and so does everybody else meanwhile."""

import contextlib
import http.client
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from tests.end_to_end.server import SOON, Server, children, serving

from medsynth_kg.release.reading import Release

WORKERS = 3
LIMITS = (
    ("--query-timeout", "2"),
    ("--query-memory", str(200 * 2**20)),
    ("--result-size", str(4 * 2**20)),
    ("--query-workers", str(WORKERS)),
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
STRANGER = ("127.0.0.2", 0)
"""Another address of this machine, so that the server can tell the attacker from others."""
STOPPED = {503, 504, 507}
REFUSED = {400}
HOSTILE = {
    "endless product": (ENDLESS, STOPPED),
    "sorted product": ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", STOPPED),
    "distinct product": ("SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", STOPPED),
    "large answer": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "large graph": ("CONSTRUCT { ?a ?b ?c . ?d ?b ?c } { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "closures of paths": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:x>)* ?b . ?c (!<x:x>)* ?d }", STOPPED),
    "product of values": (
        "SELECT (COUNT(*) AS ?n) {"
        + " ".join(f"VALUES ?v{k} {{ {' '.join(map(str, range(300)))} }}" for k in range(5))
        + "}",
        STOPPED,
    ),
    "string doubling": (
        'SELECT ?x30 { BIND("aaaaaaaaaaaaaaaa" AS ?x0) '
        + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
        + "}",
        STOPPED,
    ),
    "star of patterns": ("SELECT * {" + "".join(f"?x ?p{n} ?o{n} ." for n in range(400)) + "}", STOPPED),
    "list in a list": ("ASK { ?a ?b " + "(" * 90 + "1" + ")" * 90 + "}", STOPPED | {200}),
    "a hash per pair": ("SELECT (COUNT(SHA512(CONCAT(STR(?a), STR(?d)))) AS ?n) { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "open braces": ("ASK " + "{" * 60_000, REFUSED),
    "functions in functions": ("SELECT (" + "STR(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}", REFUSED),
    "negations": ("ASK { FILTER(" + "!" * 200_000 + "true) }", REFUSED | STOPPED | {200}),
    "unions": ("ASK {" + " UNION ".join(["{ ?a ?b ?c }"] * 10_000) + "}", REFUSED | STOPPED),
    "service on this machine": ("SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", REFUSED),
    "service by a variable": ("SELECT * { VALUES ?s { <http://127.0.0.1:1/> } SERVICE ?s { ?s ?p ?o } }", REFUSED),
    "update": ("DROP ALL", {403}),
    "update after a query": ("ASK {} ; DROP ALL", REFUSED),
    "expensive expressions": ('SELECT (REGEX("' + "a" * 5000 + '", "(a+)+$") AS ?x) {}', {200}),
    "unknown function": ("SELECT (<urn:x>(1) AS ?x) {}", REFUSED),
}


@pytest.fixture(scope="module")
def server(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    output: Path = tmp_path_factory.mktemp("attacked") / "output"
    options = (part for option in LIMITS for part in option)
    with serving(shipped_release.path.parent, output, *options) as running:
        before = children(running.process.pid)
        yield running
        assert children(running.process.pid) == before, "the server's own process was replaced"
    assert "Traceback" not in output.read_text()


@dataclass(frozen=True)
class Outcome:
    status: int
    body: str


def post(server: Server, query: str, path: str = "/sparql") -> Outcome:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=STRANGER)
    try:
        connection.request("POST", path, query.encode(), {"Content-Type": "application/sparql-query"})
        response = connection.getresponse()
        return Outcome(response.status, response.read(4096).decode())
    finally:
        connection.close()


@dataclass(frozen=True)
class Attack:
    """What each hostile query was told, and how many of those that run were while each cheap one waited for its answer.

    Any number of the others may be refused meanwhile, which takes no worker.
    """

    outcomes: dict[str, Outcome]
    waits: list[int]


@pytest.fixture(scope="module")
def attack(server: Server) -> Attack:
    """All hostile queries at once, while somebody else keeps asking something cheap."""
    waits = []
    with ThreadPoolExecutor(len(HOSTILE)) as pool:
        pending = {name: pool.submit(post, server, query) for name, (query, _) in HOSTILE.items()}
        running = [pending[name] for name, (_, statuses) in HOSTILE.items() if not statuses <= REFUSED | {403}]
        while not all(future.done() for future in pending.values()):
            before = sum(future.done() for future in running)
            assert server.answers()
            waits.append(sum(future.done() for future in running) - before)
            time.sleep(0.02)
    return Attack({name: future.result() for name, future in pending.items()}, waits)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_told_its_limit(attack: Attack, name: str) -> None:
    outcome = attack.outcomes[name]
    assert outcome.status in HOSTILE[name][1], outcome
    check_discretion(outcome.body)


def test_cheap_questions_are_answered_while_hostile_ones_run(attack: Attack) -> None:
    assert len(attack.waits) > 5
    assert sorted(attack.waits)[len(attack.waits) * 9 // 10] <= WORKERS, attack.waits


def check_discretion(body: str) -> None:
    """No answer tells of the machine or the program."""
    for secret in ("Traceback", ".py", sys.prefix, "/tmp/", "/home/", "RocksDB", "panicked"):  # noqa: S108  # a word
        assert secret not in body


@contextlib.contextmanager
def connections(server: Server, number: int, beginning: bytes) -> Iterator[list[socket.socket]]:
    """Connections on which only the beginning of a request has been sent."""
    with contextlib.ExitStack() as stack:
        opened = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 20, STRANGER))
            connection.sendall(beginning)
            opened.append(connection)
        yield opened


POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
DUMP = b"GET /dumps/latest/medsynth-kg.nt HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = b"GET /sparql?query=SELECT%20*%20%7B?a%20?b%20?c.?d%20?e%20?f%7D%20LIMIT%208000 HTTP/1.1\r\nHost: x\r\n\r\n"
UNFINISHED = {
    "nothing at all": b"",
    "half of the headers": b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half of a body": POST + b"Content-Length: 1000\r\n\r\nASK {",
    "half of a chunked body": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK {\r\n",
    "never reading an answer": LARGE,
    "never reading a dump": DUMP,
}


SLOW_CLIENTS = 400
"""More than the server has threads."""


@pytest.mark.parametrize("beginning", UNFINISHED)
def test_slow_clients_keep_nobody_waiting(server: Server, beginning: str) -> None:
    with connections(server, SLOW_CLIENTS, UNFINISHED[beginning]):
        assert [server.answers(SOON) for _ in range(3)] == [True] * 3
        posted = requests.post(server.sparql, data={"query": "ASK {}"}, headers={"Accept": "text/csv"}, timeout=20)
        assert posted.text == "true"
    assert server.answers()


def test_clients_that_hang_up_leave_nothing_behind(server: Server) -> None:
    request = f"GET /sparql?{urlencode({'query': ENDLESS})} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(3):
        with connections(server, 20, request):
            pass
    assert server.answers()


def exchange(server: Server, request: bytes, *, no_more: bool = False) -> tuple[int, str]:
    """The status (0 where the connection is closed at once) and the text of what comes back on a bare connection.

    ``no_more`` tells the server that nothing follows.
    """
    received = b""
    with server.connect() as connection, contextlib.suppress(ConnectionError):
        connection.settimeout(15)
        connection.sendall(request)
        if no_more:
            connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            received += part
    words = received.split(b" ", 2)
    return (int(words[1]) if received.startswith(b"HTTP/") else 0), received.decode("utf-8", "replace")


CLOSE = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
TOO_LARGE = {
    "a long address": (b"GET /sparql?query=" + b"A" * 100_000 + CLOSE + b"\r\n", 414),
    "a huge address": (b"GET /sparql?query=" + b"A" * 2_000_000 + CLOSE + b"\r\n", 414),
    "a huge header": (b"GET /" + CLOSE + b"X-Large: " + b"A" * 2_000_000 + b"\r\n\r\n", 431),
    "many headers": (b"GET /" + CLOSE + b"X-Many: 1\r\n" * 20_000 + b"\r\n", 431),
    "a huge body": (POST + b"Content-Length: 3000000\r\n\r\n" + b"A" * 3_000_000, 413),
    "a body said to be huge": (POST + b"Content-Length: 99999999999999\r\n\r\n", 413),
    "a chunked body without end": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"A" * 65536 + b"\r\n") * 40,
        413,
    ),
    "a compressed body": (POST + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", 415),
    "a body twice as long": (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}", 400),
    "two lengths": (POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a body that breaks off": (POST + b"Content-Length: 60\r\n\r\nASK {}", 400),
    "a chunk that breaks off": (POST + b"Transfer-Encoding: chunked\r\n\r\n60\r\nASK {}", 400),
    "a chunk of no size": (POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\nZZ\r\n", 400),
    "a chunk in another coding": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "no host": (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    "two hosts": (b"GET /sparql?query=ASK%7B%7D" + CLOSE + b"Host: y\r\n\r\n", 400),
    "long headers": (b"GET /" + CLOSE + b"X-Large: " + b"A" * 600_000 + b"\r\n\r\n", 431),
    "no length": (POST.replace(b"sparql-query", b"sparql-query; x") + b"Content-Length: -1\r\n\r\n", 400),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_or_dishonest_is_refused(server: Server, name: str) -> None:
    request, expected = TOO_LARGE[name]
    status, text = exchange(server, request, no_more="breaks off" in name)
    assert status == expected, text[:500]
    assert "\r\nRelease-Id: " in text
    check_discretion(text)
    assert server.answers()


@pytest.mark.parametrize(
    "request_line",
    [
        b"GARBAGE",
        b"GET",
        b"GET / HTTP/9.9",
        b"\x00\x01\x02\xff",
        b"PRI * HTTP/2.0",
        b"TRACE /sparql HTTP/1.1",
        b"\x16\x03\x01",
    ],
)
def test_what_is_no_request_harms_nobody(server: Server, request_line: bytes) -> None:
    status, text = exchange(server, request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert 400 <= status < 500, text
    assert "\r\nRelease-Id: " in text
    check_discretion(text)
    assert server.answers()


SECRET_FILES = ("etc/passwd", "manifest.json", "proc/self/environ")
CLIMBS = (
    "../" * 6,
    "..%2f" * 6,
    "%2e%2e/" * 6,
    "..%5c" * 6,
    "%252e%252e%252f" * 3,
    "....//" * 6,
    "%c0%ae%c0%ae/" * 4,
    "/",
)


@pytest.mark.parametrize("folder", ["", "dumps/latest/", "static/", "queries/", "paper/", "sparql/"])
def test_no_path_leads_out_of_the_site(server: Server, folder: str) -> None:
    for climb in CLIMBS:
        for file in SECRET_FILES:
            status, text = exchange(server, f"GET /{folder}{climb}{file}".encode() + CLOSE + b"\r\n")
            assert 300 <= status < 500, (climb, file, text[:300])
            assert "root:" not in text
            assert "PATH=" not in text
            check_discretion(text)


@pytest.mark.parametrize("folder", ["", "dumps/", "dumps/latest/", "static/", "queries/", "paper/", "findings/"])
@pytest.mark.parametrize(
    "name", ["%00", "a%00.ttl", "%0d%0aSet-Cookie:x=1", "%ff%fe", "<script>", "%F0%9F%98%80", "a" * 9000]
)
def test_strange_names_are_not_found(server: Server, folder: str, name: str) -> None:
    response = requests.get(f"{server.address}/{folder}{name}", timeout=10, headers={"Accept": "text/html"})
    assert 400 <= response.status_code < 500
    assert "Set-Cookie" not in response.headers
    assert "<script>" not in response.text
    check_discretion(response.text)


@pytest.mark.parametrize("value", ["text/csv\r\nSet-Cookie: x=1", "x" * 5000, "text/csv;q=nan", ",;=" * 500, "\x00"])
@pytest.mark.parametrize("parameter", ["format", "output", "timeout", "default-graph-uri", "named-graph-uri", "other"])
def test_strange_parameters_change_no_header(server: Server, parameter: str, value: str) -> None:
    response = requests.get(server.sparql, params={"query": "ASK {}", parameter: value}, timeout=20)
    assert response.status_code < 500
    assert "Set-Cookie" not in response.headers
    check_discretion(response.text)


def test_many_clients_at_once_are_answered_or_asked_to_come_back(server: Server) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda n=number: statuses.append(post(server, f"{ENDLESS} #{n}", "/sparql?timeout=0.5").status)
        )
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    try:
        assert [server.answers(SOON) for _ in range(10)] == [True] * 10
    finally:
        for thread in threads:
            thread.join()
    assert set(statuses) <= STOPPED
