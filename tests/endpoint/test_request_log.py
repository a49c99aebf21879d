"""Each request is one line of JSON, whatever it carries; clients' addresses are kept only where that is wished."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.endpoint.stepped import whole
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.endpoint.request_log import RequestLog
from medsynth_kg.query.steps import BLOCKING, Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def entries(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="ascii").splitlines()]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "requests.jsonl"


@pytest.fixture
def logged(endpoint: Endpoint, log: Path) -> Iterator[Client]:
    with closing(RequestLog(endpoint.steps, str(log), addresses=False)) as application:
        yield Client(whole(application))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_is_logged_with_what_became_of_it(logged: Client, log: Path, method: str) -> None:
    query = f"ASK {{ ?{method.lower()} ?p ?o }}"
    for _ in range(2):
        if method == "GET":
            logged.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
        else:
            logged.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    first, again = entries(log)
    assert (first["method"], first["path"], first["query"], first["status"]) == (method, "/sparql", query, 200)
    assert first["type"] == "text/csv; charset=utf-8"
    assert first["bytes"] == len(b"true")
    assert first["release"]
    assert first["milliseconds"] > 0
    assert again["query"] == query
    assert "client" not in first


def test_a_page_is_logged_with_its_parameters_and_a_broken_query_with_its_text(logged: Client, log: Path) -> None:
    logged.get("/search?q=difusion")
    logged.get("/sparql?query=SELEKT", headers={"Accept": "text/csv"})
    page, broken = entries(log)
    assert (page["path"], page["parameters"], page["status"]) == ("/search", "q=difusion", 200)
    assert (broken["query"], broken["status"]) == ("SELEKT", 400)


def test_addresses_are_kept_where_that_is_wished(endpoint: Endpoint, log: Path) -> None:
    with closing(RequestLog(endpoint.steps, str(log), addresses=True)) as application:
        Client(whole(application)).get("/about", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert entries(log)[0]["client"] == "192.0.2.7"


def test_a_log_that_is_moved_away_is_begun_anew(logged: Client, log: Path) -> None:
    logged.get("/about")
    log.rename(log.with_suffix(".1"))
    logged.get("/api")
    assert [entry["path"] for entry in entries(log)] == ["/api"]


def refuse(environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
    yield BLOCKING
    start_response("404 NOT FOUND", [])
    return [b""]


@given(path=some.text(), parameters=some.text(), method=some.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_ends_a_line_or_steers_a_terminal(tmp_path: Path, path: str, parameters: str, method: str) -> None:
    log = tmp_path / "any"
    log.write_bytes(b"")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": parameters,
    }
    with closing(RequestLog(refuse, str(log), addresses=False)) as application:
        whole(application)(environ, lambda *_: lambda _: None)
    content = log.read_bytes()
    assert content.count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in content[:-1])
