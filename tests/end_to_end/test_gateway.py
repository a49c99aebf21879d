"""Clients that leave, dawdle or don't listen cost the server next to nothing; answers of every size arrive whole."""

import contextlib
import gzip
import http.client
import resource
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from tests.end_to_end.server import SOON, Server, children, serving, until_queries_run, wait_for
from tests.external_programs import cannot_run
from tests.full_disk import no_larger_files_than
from tests.loopback import is_open

from medsynth_kg.cli.serving import CONNECTIONS_OF_A_CLIENT, OTHER_FILES
from medsynth_kg.release.reading import Release

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
"""An answer of several MB, more than the connection's buffers take."""
NEVER_KEPT = "SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(NOW() > 0 || true) } LIMIT 20000"
"""As large, and another each time as far as the server knows."""
LONG_ENOUGH = 60
"""Seconds that a query may take here, so that none ends by itself while a test looks."""


@pytest.fixture(scope="module")
def server(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    output: Path = tmp_path_factory.mktemp("gateway") / "output"
    with serving(shipped_release.path.parent, output, "--query-timeout", str(LONG_ENOUGH)) as running:
        yield running
    assert "Traceback" not in output.read_text()


def asking(query: str, *headers: str) -> bytes:
    lines = (f"GET /sparql?{urlencode({'query': query})} HTTP/1.1", "Host: x", *headers, "", "")
    return "\r\n".join(lines).encode()


def test_a_client_that_leaves_takes_its_query_with_it(server: Server) -> None:
    before = server.cancelled
    with server.connect() as connection, until_queries_run(server):
        connection.sendall(asking(ENDLESS + " #leaves"))
    assert wait_for(lambda: server.cancelled == before + 1, LONG_ENOUGH / 2)


def test_so_does_one_that_leaves_after_other_queries_on_the_same_connection(server: Server) -> None:
    before = server.cancelled
    lasting = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?b ?f . FILTER(STRLEN(STR(?c)) > STRLEN(STR(?f))) }"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LONG_ENOUGH)
    with contextlib.closing(connection):
        connection.request("GET", f"/sparql?{urlencode({'query': lasting, 'timeout': '0.4'})}")
        with connection.getresponse() as response:
            response.read()
        with until_queries_run(server):
            connection.request("GET", f"/sparql?{urlencode({'query': ENDLESS + ' #leaves later'})}")
    assert wait_for(lambda: server.cancelled == before + 1, LONG_ENOUGH / 2)


def test_a_query_that_others_wait_for_too_goes_on(server: Server) -> None:
    before = server.cancelled
    query = (
        "SELECT (COUNT(*) AS ?n) { { SELECT ?c { ?a ?b ?c } LIMIT 3000 } { SELECT ?d { ?d ?e ?f } LIMIT 10000 } "
        "FILTER(STRLEN(STR(?c)) > 5) }"
    )
    accept = {"Accept": "application/sparql-results+json"}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=LONG_ENOUGH)) as stays:
        with server.connect() as leaves:
            with until_queries_run(server, 0.1):
                leaves.sendall(asking(query, *(f"{name}: {value}" for name, value in accept.items())))
            stays.request("GET", f"/sparql?{urlencode({'query': query, 'x': '1'})}", headers=accept)
            assert server.answers(), "so it has read what came before"
        assert stays.getresponse().status == 200
    assert server.cancelled == before


def test_slow_bodies_keep_not_even_their_own_client_waiting(server: Server) -> None:
    half = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    )
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(server.connect()).sendall(half)
        for number in range(3):
            posted = requests.post(server.sparql, data={"query": f"ASK {{}} #{number}"}, timeout=20)
            assert posted.status_code == 200
        assert server.answers(SOON)


def test_large_answers_arrive_whole_compressed_or_not(server: Server) -> None:
    plain = requests.get(
        server.sparql,
        params={"query": LARGE},
        headers={"Accept": "text/csv", "Accept-Encoding": "identity"},
        timeout=LONG_ENOUGH,
    )
    assert len(plain.content) == int(plain.headers["Content-Length"]) > 2**20
    assert plain.content.count(b"\r\n") == 20001
    packed = requests.get(
        server.sparql,
        params={"query": LARGE},
        headers={"Accept": "text/csv", "Accept-Encoding": "gzip"},
        stream=True,
        timeout=LONG_ENOUGH,
    )
    with packed:
        content = packed.raw.read(decode_content=False)
    assert len(content) == int(packed.headers["Content-Length"]) < len(plain.content)
    assert sorted(gzip.decompress(content).splitlines()) == sorted(plain.content.splitlines())


def test_the_headers_of_a_large_answer_are_had_without_it(server: Server) -> None:
    options = {"params": {"query": LARGE}, "headers": {"Accept": "text/csv", "Accept-Encoding": "identity"}}
    asked = requests.head(server.sparql, timeout=LONG_ENOUGH, **options)  # type: ignore[arg-type]  # keyword arguments
    assert (asked.status_code, asked.content) == (200, b"")
    assert int(asked.headers["Content-Length"]) > 2**20


def unnamed_files(server: Server) -> int:
    """How many answers the server keeps in files."""
    found = 0
    for pid in children(server.process.pid):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                target = link.readlink().name
                found += target.startswith("#") and target.endswith("(deleted)")
    return found


def test_clients_that_never_read_large_answers_hold_nobody_up_and_no_file_once_they_leave(server: Server) -> None:
    kept = unnamed_files(server)
    with contextlib.ExitStack() as stack:
        for number in range(12):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(asking(f"{NEVER_KEPT} #{number}", "Accept: text/csv"))
        assert wait_for(lambda: unnamed_files(server) > kept)
        assert [server.answers(SOON) for _ in range(5)] == [True] * 5
    assert wait_for(lambda: unnamed_files(server) == kept)


def test_a_large_answer_that_many_ask_at_once_reaches_all_of_them(server: Server) -> None:
    def get(_number: int) -> bytes:
        headers = {"Accept": "text/csv", "Accept-Encoding": "identity"}
        response = requests.get(server.sparql, params={"query": LARGE}, headers=headers, timeout=LONG_ENOUGH)
        response.raise_for_status()
        return response.content

    with ThreadPoolExecutor(30) as threads:
        contents = list(threads.map(get, range(60)))
    assert len(contents[0]) > 2**20
    assert set(contents) == {contents[0]}


def test_a_large_dump_is_had_whole_and_in_parts(server: Server, shipped_release: Release) -> None:
    address = f"{server.address}/dumps/{shipped_release.id}/medsynth-kg.nq"
    content = (shipped_release.dumps / "medsynth-kg.nq").read_bytes()
    assert len(content) > 2**21
    assert requests.get(address, timeout=20).content == content
    part = requests.get(address, headers={"Range": "bytes=1000-1501000"}, timeout=20)
    assert (part.status_code, part.content) == (206, content[1000:1501001])
    rest = requests.get(address, headers={"Range": f"bytes={len(content) - 7}-"}, timeout=20)
    assert (rest.status_code, rest.content) == (206, content[-7:])
    beyond = requests.get(address, headers={"Range": f"bytes={len(content)}-"}, timeout=20)
    assert beyond.status_code == 416


@pytest.fixture
def with_few_files() -> Iterator[None]:
    """Processes started meanwhile may open as few files as a login shell commonly allows, unless they ask for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("with_few_files")
def test_idle_connections_use_up_no_files(shipped_release: Release, tmp_path: Path) -> None:
    with serving(shipped_release.path.parent, tmp_path / "output") as server, contextlib.ExitStack() as stack:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for _ in range(600):
            stack.enter_context(server.connect())
        assert [server.answers(SOON) for _ in range(3)] == [True] * 3
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("with_few_files")
def test_a_client_with_too_many_connections_loses_some_and_nobody_else_does(
    shipped_release: Release, tmp_path: Path
) -> None:
    with contextlib.ExitStack() as stack:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 4 * CONNECTIONS_OF_A_CLIENT + OTHER_FILES:
            cannot_run(f"this process may open {hard} files; the bound of a client depends on that")
        server = stack.enter_context(serving(shipped_release.path.parent, tmp_path / "output"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        modest = [stack.enter_context(server.connect()) for _ in range(20)]
        greedy = [stack.enter_context(server.connect("127.0.0.2")) for _ in range(CONNECTIONS_OF_A_CLIENT + 200)]
        assert wait_for(lambda: sum(map(is_open, greedy)) == CONNECTIONS_OF_A_CLIENT, SOON)
        for connection in modest:
            connection.sendall(asking("ASK {}"))
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_full_disk_costs_large_answers_alone(shipped_release: Release, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        with no_larger_files_than(2**20):
            server = stack.enter_context(serving(shipped_release.path.parent, tmp_path / "output"))
        for _ in range(3):
            refused = requests.get(server.sparql, params={"query": LARGE}, timeout=LONG_ENOUGH)
            assert refused.status_code == 503
            assert "room" in refused.json()["detail"]
            assert "Retry-After" in refused.headers
        assert [server.answers(SOON) for _ in range(5)] == [True] * 5
    assert "Traceback" not in (tmp_path / "output").read_text()
