"""Whatever comes over the wire, the server answers it as documented: no failure of its own, no trace, no path."""

import http.client
import re
from contextlib import closing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.end_to_end.server import Server

from medsynth_kg.endpoint.problems import KINDS

DOCUMENTED = {kind.status for kind in KINDS.values()} - {500} | {200, 204, 206, 303, 304, 307, 308, 400, 416, 431}
TELLTALE = re.compile(rb"Traceback|site-packages|/usr/lib/|\.py\"")
FRAGMENTS = ["SELECT", "ASK", "{", "}", "?s", "<", ">", "'", '"', "\\", "SERVICE", "#", "\n", "\0", "é", "(", "a", ":"]

PARTS = b"/ .. %2e%2e %00 %ff dumps latest paper 10.3390 .ttl queries releases sparql static ? = & search explore ; //"
CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range")
NAMES = (*CONDITIONS, "Accept", "Accept-Encoding", "Content-Type", "Content-Encoding", "Host", "Upgrade")

paths = st.binary(max_size=40) | st.lists(st.sampled_from(PARTS.split()), max_size=8).map(b"".join)
queries = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join))
headers = st.dictionaries(
    st.sampled_from(NAMES),
    st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "S"]), max_size=40),
    max_size=3,
)
fuzzed = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def encoded(path: bytes) -> str:
    """A path that can stand in a request line; what is percent-encoded stays so."""
    return "/" + "".join(chr(byte) if 33 <= byte < 127 else f"%{byte:02X}" for byte in path)


def check(server: Server, method: str, address: str, body: str | None, sent: dict[str, str]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        content = None if body is None else body.encode("utf-8", "surrogatepass")
        connection.request(method, address, body=content, headers=sent)
        response = connection.getresponse()
        answer = response.read()
    assert response.status in DOCUMENTED
    assert not TELLTALE.search(answer)


@given(path=paths, sent=headers)
@fuzzed
def test_any_path_and_headers(server: Server, path: bytes, sent: dict[str, str]) -> None:
    check(server, "GET", encoded(path), None, sent)


@given(query=queries, sent=headers, method=st.sampled_from(["POST", "PUT", "DELETE", "PATCH", "TRACE"]))
@fuzzed
def test_any_body_and_headers(server: Server, query: str, sent: dict[str, str], method: str) -> None:
    typed = {"Content-Type": "application/sparql-query"} | sent
    check(server, method, "/sparql", query, typed)


@given(parameters=st.lists(st.tuples(st.sampled_from(["query", "format", "timeout", "update", "release"]), queries)))
@fuzzed
def test_any_parameters(server: Server, parameters: list[tuple[str, str]]) -> None:
    pairs = (f"{name}={encoded(value.encode('utf-8', 'surrogatepass'))[1:]}" for name, value in parameters)
    check(server, "GET", f"/sparql?{'&'.join(pairs)[:8000]}", None, {})
