"""The site with a store of another maker behind it: the same answers and pages, and newer releases as they come."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from tests.end_to_end.server import Server, serving, wait_for
from tests.end_to_end.small_releases import build_small_release
from tests.stores.servers import oxigraph

from medsynth_kg.query.saved import load_saved_queries
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.pushing import push_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
FIND = """SELECT DISTINCT ?thing {
  ?thing a ?class FILTER STRSTARTS(STR(?thing), "https://w3id.org/medsynth-kg/")
} ORDER BY ?thing"""


@pytest.fixture
def addresses(tmp_path: Path) -> Iterator[StoreAddresses]:
    """A store of the test's own."""
    with oxigraph(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def with_store(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    output = tmp_path_factory.mktemp("server") / "output"
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as addresses:
        push(shipped_release, addresses)
        with serving(shipped_release.path.parent, output, "--store", addresses.query) as running:
            yield running
    assert "Traceback" not in output.read_text()


def push(release: Release, addresses: StoreAddresses) -> None:
    client = StoreClient(addresses)
    push_release(release, client, 5000, lambda _: None)
    client.close()


def fetch(server: Server, path: str, accept: str) -> tuple[int, str | None, bytes]:
    response = requests.get(f"{server.address}{path}", headers={"Accept": accept}, timeout=30)
    return (
        response.status_code,
        response.headers.get("Content-Type"),
        response.content.replace(b"127.0.0.1:%d" % server.port, b""),
    )


def test_every_saved_query_has_the_same_answer_in_every_format(
    with_store: Server, server: Server, shipped_release: Release
) -> None:
    queries = [query for query in load_saved_queries(shipped_release.queries) if not query.federated]
    assert len(queries) > 20
    for query in queries:
        for extension in ("ttl", "nt") if query.form.is_graph else ("json", "csv", "xml", "html"):
            path = f"/queries/{query.slug}" + ("" if extension == "html" else f".{extension}")
            theirs, ours = (
                fetch(one, path, "text/html" if extension == "html" else "*/*") for one in (with_store, server)
            )
            assert theirs == ours, path


def test_things_have_the_same_pages_and_the_same_data(with_store: Server, server: Server) -> None:
    """A sample of them, for the sake of time."""
    rows = json.loads(server.ask(FIND).content)["results"]["bindings"]
    paths = [row["thing"]["value"].removeprefix("https://w3id.org/medsynth-kg") for row in rows]
    assert len(paths) > 500
    for path in paths[::25]:
        page = path.partition("#")[0]
        assert fetch(with_store, page, "text/html") == fetch(server, page, "text/html"), page
        theirs, ours = (fetch(one, page, "application/n-triples") for one in (with_store, server))
        assert (theirs[0], sorted(theirs[2].splitlines())) == (ours[0], sorted(ours[2].splitlines())), page


@pytest.mark.parametrize(
    "path",
    ["/", "/explore", "/gaps", "/findings", "/papers", "/ontology", "/queries/", "/search?q=ecg", "/sparql", "/void"],
)
def test_the_rest_of_the_site_is_the_same(with_store: Server, server: Server, path: str) -> None:
    assert fetch(with_store, path, "text/html,text/turtle;q=0.5") == fetch(server, path, "text/html,text/turtle;q=0.5")


def test_failures_are_the_same_problems(with_store: Server, server: Server) -> None:
    for query in ("SELECT * {", "DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://127.0.0.1/> {} }"):
        theirs, ours = with_store.ask(query), server.ask(query)
        assert (theirs.status_code, theirs.json()) == (ours.status_code, ours.json())


def test_a_newer_release_in_the_store_is_taken_up_and_the_former_can_still_be_asked(
    addresses: StoreAddresses, tmp_path: Path
) -> None:
    releases = tmp_path / "releases"
    first = build_small_release(releases, 20)
    push(first, addresses)
    with serving(releases, tmp_path / "output", "--store", addresses.query) as server:
        before = server.ask(COUNT, "text/csv")
        assert (before.headers["Release-Id"], count(before)) == (first.id, first.manifest.counts["triples"])
        second = build_small_release(releases, 25)
        assert server.ask(COUNT, "text/csv").headers["Release-Id"] == first.id, "built here, but not in the store yet"
        push(second, addresses)
        assert wait_for(lambda: server.ask(COUNT, "text/csv").headers["Release-Id"] == second.id)
        after = server.ask(f"{COUNT} # again", "text/csv")
        assert (after.headers["Release-Id"], count(after)) == (second.id, second.manifest.counts["triples"])
        older = server.ask(COUNT, "text/csv", release=first.id)
        assert count(older) == first.manifest.counts["triples"]
    assert "Traceback" not in (tmp_path / "output").read_text()


def test_no_answer_comes_from_a_release_that_it_does_not_name(addresses: StoreAddresses, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    kept = {release.id: release for release in (build_small_release(releases, papers) for papers in (21, 26, 31))}
    first, *others = kept.values()
    push(first, addresses)
    with serving(releases, tmp_path / "output", "--store", addresses.query) as server:
        for release in others:
            push(release, addresses)
            for number in range(30):
                answer = server.ask(f"{COUNT} # {release.id} {number}", "text/csv")
                assert answer.status_code in (200, 503)
                if answer.status_code == 200:
                    assert count(answer) == kept[answer.headers["Release-Id"]].manifest.counts["triples"]
                else:
                    assert answer.json()["type"].endswith("#problem-release-replaced")
                    assert answer.headers["Retry-After"]


@contextlib.contextmanager
def asking(server: Server, query: str) -> Iterator[None]:
    """A client that asks, and leaves at the end of the block."""
    with server.connect() as connection:
        connection.sendall(f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        yield


def test_a_client_that_leaves_takes_its_query_with_it(tmp_path: Path) -> None:
    """Also one that waits for its turn; the store has an end of its own to what it can't be told to stop."""
    release = build_small_release(tmp_path / "releases", 20)
    options = ("--query-workers", "1", "--query-timeout", "300")
    with oxigraph(tmp_path, "--timeout-s", "20") as addresses:
        push(release, addresses)
        with serving(tmp_path / "releases", tmp_path / "output", "--store", addresses.query, *options) as server:
            with asking(server, ENDLESS):
                assert server.cancelled == 0
                with asking(server, f"{ENDLESS} # waits"):
                    assert server.cancelled == 0
                assert wait_for(lambda: server.cancelled == 1)
            assert wait_for(lambda: server.cancelled == 2)
            assert server.answers(), "the only place at the store is free"
    assert "Traceback" not in (tmp_path / "output").read_text()


def test_without_its_store_the_site_answers_what_needs_no_query_and_says_what_is_wrong(tmp_path: Path) -> None:
    release = build_small_release(tmp_path / "releases", 20)
    with contextlib.ExitStack() as opened:
        with oxigraph(tmp_path) as addresses:
            push(release, addresses)
            server = opened.enter_context(
                serving(tmp_path / "releases", tmp_path / "output", "--store", addresses.query)
            )
            known = server.ask(COUNT, "text/csv")
        assert server.ask(COUNT, "text/csv").content == known.content
        assert requests.get(f"{server.address}/dumps/{release.id}/medsynth-kg.nt", timeout=20).status_code == 200
        assert requests.get(f"{server.address}/healthz", timeout=20).status_code == 200
        assert requests.get(f"{server.address}/readyz", timeout=20).status_code == 502
        failed = server.ask("SELECT ?s { ?s ?p ?o }")
        assert failed.status_code == 502
        assert failed.json()["type"].endswith("#problem-store-unavailable")
        assert addresses.query not in failed.text
        assert server.ask("SELECT ?s { ?s ?p }").status_code == 400
    assert "Traceback" not in (tmp_path / "output").read_text()


def count(answer: requests.Response) -> int:
    return int(answer.text.splitlines()[1])


def start(releases: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "medsynth_kg", "serve", "--port", "1", "--releases", str(releases), *options)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_store_that_does_not_hold_a_kept_release_is_told_at_the_start(
    addresses: StoreAddresses, tmp_path: Path
) -> None:
    kept, elsewhere = tmp_path / "kept", tmp_path / "elsewhere"
    first, another = build_small_release(kept, 22), build_small_release(elsewhere, 23)
    client = StoreClient(addresses)
    client.update("DROP ALL")
    assert "holds no release; load one with" in start(kept, "--store", addresses.query).stderr
    push(another, addresses)
    assert f"holds release {another.id}, which is not in" in start(kept, "--store", addresses.query).stderr
    push(first, addresses)
    client.update("INSERT DATA { GRAPH <https://w3id.org/medsynth-kg/graph/union> { <urn:a> <urn:b> <urn:c> } }")
    assert "graph/union: the store counts" in start(kept, "--store", addresses.query).stderr
    assert "no answer" in start(kept, "--store", "http://127.0.0.1:9/").stderr
    refused = start(kept, "--store", "http://me:secret@127.0.0.1:9/").stderr
    assert "may not hold a password" in refused
    assert "secret" not in refused
    client.close()
