"""The head of a request becomes the environment that a WSGI application expects (PEP 3333)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from wsgiref.validate import validator

import pytest

from medsynth_kg.endpoint.errors import MalformedRequest
from medsynth_kg.endpoint.gateway.environment import Ends, check_framing, environment_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERE = Ends("192.0.2.1", "127.0.0.1", "8000")
TARGET = b"/sparql?query=ASK%7B%7D"


def read(
    target: bytes = TARGET,
    headers: Sequence[tuple[bytes, bytes]] = ((b"Host", b"example.org"),),
    method: str = "GET",
    version: str = "1.1",
) -> "WSGIEnvironment":
    return environment_of(HERE, method, target, version, headers)


def test_it_is_what_the_standard_asks_for() -> None:
    def application(_environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"valid"]

    answer = validator(application)(read(), lambda *_: bytes)
    assert b"".join(answer) == b"valid"
    answer.close()  # type: ignore[attr-defined]  # the validator's own iterator


def test_a_request_keeps_its_parts() -> None:
    environment = read(method="POST")
    assert environment["REQUEST_METHOD"] == "POST"
    assert environment["PATH_INFO"] == "/sparql"
    assert environment["QUERY_STRING"] == "query=ASK%7B%7D"
    assert environment["REMOTE_ADDR"] == "192.0.2.1"
    assert (environment["SERVER_NAME"], environment["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert environment["HTTP_HOST"] == "example.org"


def test_header_lines_of_one_name_become_one_and_those_of_the_body_lose_their_prefix() -> None:
    environment = read(
        headers=[
            (b"accept", b"text/csv"),
            (b"ACCEPT", b"text/html;q=0.1"),
            (b"Content-Type", b"x/y"),
            (b"Content-Length", b"3"),
        ]
    )
    assert environment["HTTP_ACCEPT"] == "text/csv,text/html;q=0.1"
    assert (environment["CONTENT_TYPE"], environment["CONTENT_LENGTH"]) == ("x/y", "3")


def test_a_header_that_only_resembles_another_one_is_left_out() -> None:
    environment = read(headers=[(b"X-Forwarded-For", b"192.0.2.7"), (b"X_Forwarded_For", b"192.0.2.8")])
    assert environment["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"
    assert "" not in environment


@pytest.mark.parametrize("scheme", [b"http", b"HTTPS"])
def test_the_target_of_a_request_in_absolute_form_goes_before_host(scheme: bytes) -> None:
    target = scheme + b"://a.example:1/sparql?x=1"
    environment = read(target)
    check_framing(environment, target)
    assert environment["HTTP_HOST"] == "a.example:1"
    assert (environment["PATH_INFO"], environment["QUERY_STRING"]) == ("/sparql", "x=1")


def test_neither_does_it_stand_for_host() -> None:
    with pytest.raises(MalformedRequest):
        check_framing(read(headers=[]), b"http://a.example:1/")


@pytest.mark.parametrize("target", [b"*", b"example.org:80", b"http://example.org", b"http://example.org?x"])
def test_what_names_no_path_means_the_whole_server(target: bytes) -> None:
    assert read(target)["PATH_INFO"] == "/"


@pytest.mark.parametrize("host", ["a", "kg_server:8000", "a.example:", "192.0.2.1:80", "[2001:db8::1]:8000", "%C3%A9"])
def test_a_host_is_a_name_or_an_address_with_a_port_or_without(host: str) -> None:
    environment = read(headers=[(b"host", host.encode())])
    check_framing(environment, TARGET)
    assert environment["HTTP_HOST"] == host


@pytest.mark.parametrize(
    "host",
    ["a" * 400, "a/b", "a b", "user@evil", "[::1", "a:b", "a:1:2", "é", "%zz", "<x>", "[:::]", "[1.2.3]", "a'b;$(id)"],
)
def test_all_else_is_no_host(host: str) -> None:
    with pytest.raises(MalformedRequest):
        check_framing(read(headers=[(b"host", host.encode())]), TARGET)


def test_an_offer_to_change_the_protocol_is_not_taken_up() -> None:
    lines = [(b"host", b"a"), (b"connection", b"upgrade"), (b"upgrade", b"websocket")]
    assert "HTTP_UPGRADE" not in read(headers=lines)


@pytest.mark.parametrize(
    "lines",
    [[], [(b"host", b"a"), (b"host", b"b")], [(b"host", b"a"), (b"transfer-encoding", b"gzip, chunked")]],
)
def test_what_the_parser_lets_through_is_malformed(lines: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(MalformedRequest):
        check_framing(read(headers=lines), TARGET)


def test_blanks_around_a_value_are_no_part_of_it() -> None:
    lines = [(b"host", b"a \t"), (b"content-length", b"5 "), (b"x-" + b"y" * 200, b" \t1 2 ")]
    environment = read(headers=lines)
    check_framing(environment, TARGET)
    assert (environment["HTTP_HOST"], environment["CONTENT_LENGTH"]) == ("a", "5")
    assert environment[f"HTTP_X_{'Y' * 200}"] == "1 2"


def test_http_1_0_has_no_chunks() -> None:
    lines = [(b"host", b"a"), (b"transfer-encoding", b"chunked")]
    with pytest.raises(MalformedRequest):
        check_framing(read(version="1.0", headers=lines), TARGET)


def test_http_1_0_needs_no_host_and_chunks_are_fine() -> None:
    check_framing(read(version="1.0", headers=[]), TARGET)
    check_framing(read(headers=[(b"host", b"a"), (b"transfer-encoding", b"Chunked")]), TARGET)


def test_a_path_is_the_bytes_that_its_escapes_stand_for_and_a_query_keeps_them() -> None:
    environment = read(b"/%C3%A9%2F%FF?q=%C3%A9#beyond")
    assert environment["PATH_INFO"].encode("latin-1") == "/é/".encode() + b"\xff"
    assert environment["QUERY_STRING"] == "q=%C3%A9"
