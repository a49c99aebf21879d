"""A request over RSGI becomes the environment that a WSGI application expects (PEP 3333)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from wsgiref.validate import validator

import pytest

from medsynth_kg.endpoint.errors import MalformedRequest
from medsynth_kg.endpoint.gateway.environment import check_framing, read_environment

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass
class Headers:
    lines: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        return self.lines


@dataclass
class Scope:
    """What Granian says of a request, in its own forms."""

    path: str = "/sparql"
    query_string: str = "query=ASK%7B%7D"
    client: str = "192.0.2.1:50000"
    server: str = "127.0.0.1:8000"
    method: str = "GET"
    scheme: str = "http"
    http_version: str = "1.1"
    authority: str | None = None
    headers: Headers = field(default_factory=lambda: Headers([("host", "example.org")]))


def test_it_is_what_the_standard_asks_for() -> None:
    def application(_environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"valid"]

    answer = validator(application)(read_environment(Scope()), lambda *_: bytes)  # type: ignore[arg-type]  # as below
    assert b"".join(answer) == b"valid"
    answer.close()  # type: ignore[attr-defined]  # the validator's own iterator


def test_a_request_keeps_its_parts() -> None:
    environment = read_environment(Scope(method="POST"))  # type: ignore[arg-type]  # a scope of our own
    assert environment["REQUEST_METHOD"] == "POST"
    assert environment["PATH_INFO"] == "/sparql"
    assert environment["QUERY_STRING"] == "query=ASK%7B%7D"
    assert environment["REMOTE_ADDR"] == "192.0.2.1"
    assert (environment["SERVER_NAME"], environment["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert environment["HTTP_HOST"] == "example.org"


@pytest.mark.parametrize("client", ["[2001:db8::1]:50000", "2001:db8::1:50000"])
def test_a_client_is_its_address_without_the_port(client: str) -> None:
    assert read_environment(Scope(client=client))["REMOTE_ADDR"] == "2001:db8::1"  # type: ignore[arg-type]  # as above


def test_header_lines_of_one_name_become_one_and_those_of_the_body_lose_their_prefix() -> None:
    lines = [("accept", "text/csv"), ("accept", "text/html;q=0.1"), ("content-type", "x/y"), ("content-length", "3")]
    environment = read_environment(Scope(headers=Headers(lines)))  # type: ignore[arg-type]  # a scope of our own
    assert environment["HTTP_ACCEPT"] == "text/csv,text/html;q=0.1"
    assert (environment["CONTENT_TYPE"], environment["CONTENT_LENGTH"]) == ("x/y", "3")


def test_the_target_of_a_request_in_absolute_form_goes_before_host() -> None:
    environment = read_environment(Scope())  # type: ignore[arg-type]  # a scope of our own
    check_framing(environment, "a.example:1")
    assert environment["HTTP_HOST"] == "a.example:1"


def test_neither_does_it_stand_for_host() -> None:
    with pytest.raises(MalformedRequest):
        check_framing(read_environment(Scope(headers=Headers([]))), "a.example:1")  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("host", ["a", "kg_server:8000", "a.example:", "192.0.2.1:80", "[2001:db8::1]:8000", "%C3%A9"])
def test_a_host_is_a_name_or_an_address_with_a_port_or_without(host: str) -> None:
    environment = read_environment(Scope(headers=Headers([("host", host)])))  # type: ignore[arg-type]  # as above
    check_framing(environment)
    assert environment["HTTP_HOST"] == host


@pytest.mark.parametrize(
    "host", ["a/b", "a b", "user@evil", "[::1", "a:b", "a:1:2", "é", "%zz", "<x>", "[:::]", "[1.2.3]", "a'b;$(id)"]
)
def test_all_else_is_no_host(host: str) -> None:
    with pytest.raises(MalformedRequest):
        check_framing(read_environment(Scope(headers=Headers([("host", host)]))))  # type: ignore[arg-type]  # as above


def test_an_offer_to_change_the_protocol_is_not_taken_up() -> None:
    lines = [("host", "a"), ("connection", "upgrade"), ("upgrade", "websocket")]
    assert "HTTP_UPGRADE" not in read_environment(Scope(headers=Headers(lines)))  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    "lines",
    [[], [("host", "a"), ("host", "b")], [("host", "a"), ("transfer-encoding", "gzip, chunked")]],
)
def test_what_the_http_library_lets_through_is_malformed(lines: list[tuple[str, str]]) -> None:
    scope = Scope(headers=Headers(lines))
    with pytest.raises(MalformedRequest):
        check_framing(read_environment(scope))  # type: ignore[arg-type]  # a scope of our own


def test_http_1_0_needs_no_host_and_chunks_are_fine() -> None:
    check_framing(read_environment(Scope(http_version="1.0", headers=Headers([]))))  # type: ignore[arg-type]  # as above
    lines = Headers([("host", "a"), ("transfer-encoding", "Chunked")])
    check_framing(read_environment(Scope(headers=lines)))  # type: ignore[arg-type]  # as above


def test_characters_beyond_ascii_are_bytes_as_latin_1() -> None:
    environment = read_environment(Scope(path="/é", query_string="q=é"))  # type: ignore[arg-type]  # a scope of our own
    assert environment["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert environment["QUERY_STRING"].encode("latin-1").decode() == "q=é"
