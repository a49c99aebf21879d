"""A store that has less of its release than it should is not asked, until it is whole again."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tests.end_to_end.server import Server, serving, wait_for
from tests.end_to_end.small_releases import build_small_release
from tests.stores.servers import oxigraph

from medsynth_kg.endpoint import places
from medsynth_kg.endpoint.places import POLL_SECONDS, HeldByStore
from medsynth_kg.query.errors import StoreIncomplete
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.holding import IDENTIFIER
from medsynth_kg.stores.pushing import push_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreAddresses]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as started:
        yield started


def push(release: Release, addresses: StoreAddresses) -> None:
    with store_client(addresses) as client:
        push_release(release, client, 5000, lambda _: None)


@pytest.mark.parametrize("what", ["union", "push"])
def test_a_store_that_lost_a_graph_is_not_asked_until_it_is_whole_again(
    addresses: StoreAddresses, tmp_path: Path, what: str
) -> None:
    release = build_small_release(tmp_path / "releases", 24)
    push(release, addresses)
    with store_client(addresses) as client, open_place(addresses, tmp_path / "releases") as place:
        before = place.target()
        client.update(f"DROP GRAPH <https://w3id.org/medsynth-kg/graph/{what}>")
        place.check()
        place.doubt()
        assert wait_for(lambda: place.target() is not None and is_refused(place))
        push(release, addresses)
        assert wait_for(lambda: place.target() != before), "what was answered meanwhile is forgotten"
        place.check()


def test_while_its_store_lacks_a_graph_the_site_is_not_ready_and_answers_no_query(
    addresses: StoreAddresses, tmp_path: Path
) -> None:
    release = build_small_release(tmp_path / "releases", 27)
    push(release, addresses)
    with (
        store_client(addresses) as client,
        serving(tmp_path / "releases", tmp_path / "output", "--store", addresses.query) as server,
    ):
        known = server.ask(COUNT, "text/csv")
        state = "https://w3id.org/medsynth-kg/graph/push"
        client.update(f"DELETE WHERE {{ GRAPH <{state}> {{ ?graph <{IDENTIFIER}> ?id }} }}")
        client.update("DROP GRAPH <https://w3id.org/medsynth-kg/graph/union>")
        assert wait_for(lambda: ready(server) == 503)
        # The store names the release again, but has not the whole of it.
        client.update(f'INSERT DATA {{ GRAPH <{state}> {{ <{state}> <{IDENTIFIER}> "{release.id}" }} }}')
        assert wait_for(lambda: readiness(server).text.find("problem-store-incomplete") > 0)
        time.sleep(POLL_SECONDS * 2)
        assert ready(server) == 503
        refused = server.ask(COUNT, "text/csv")
        assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (503, "problem-store-incomplete")
        assert asked_again(server, known.headers["ETag"]).status_code == 503
        assert requests.get(f"{server.address}/healthz", timeout=20).status_code == 200
        push(release, addresses)
        assert wait_for(lambda: ready(server) == 200)
        assert server.ask(COUNT, "text/csv").content == known.content
        assert asked_again(server, known.headers["ETag"]).status_code == 200, "it may have been wrong all the time"
    assert "Traceback" not in (tmp_path / "output").read_text()


def test_graphs_are_counted_seldom_while_the_store_names_the_same_release(
    addresses: StoreAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(build_small_release(tmp_path / "releases", 28), addresses)
    counted: list[str] = []
    count_really = StoreClient.count

    def count_and_note(client: StoreClient, graph: str, expected: int = 0) -> int:
        counted.append(graph)
        return count_really(client, graph, expected)

    monkeypatch.setattr(places, "POLL_SECONDS", 0.05)
    with open_place(addresses, tmp_path / "releases") as place:
        monkeypatch.setattr(StoreClient, "count", count_and_note)
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            place.target()
            time.sleep(0.02)
        assert counted == []
        place.doubt()
        assert wait_for(lambda: place.target() is not None and len(counted) > 1)


def test_graphs_are_counted_the_more_seldom_the_longer_that_takes(
    addresses: StoreAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(build_small_release(tmp_path / "releases", 29), addresses)
    counted: list[str] = []
    count_really = StoreClient.count

    def count_slowly(client: StoreClient, graph: str, expected: int = 0) -> int:
        counted.append(graph)
        time.sleep(0.1)
        return count_really(client, graph, expected)

    monkeypatch.setattr(StoreClient, "count", count_slowly)
    monkeypatch.setattr(places, "COUNT_SECONDS", 0.0)
    monkeypatch.setattr(places, "POLL_SECONDS", 0.05)
    with open_place(addresses, tmp_path / "releases") as place:
        at_the_start = len(counted)
        deadline = time.monotonic() + at_the_start * 0.1
        while time.monotonic() < deadline:
            place.target()
            time.sleep(0.02)
        assert len(counted) == at_the_start > 1


@contextlib.contextmanager
def open_place(addresses: StoreAddresses, releases: Path) -> Iterator[HeldByStore]:
    with contextlib.closing(HeldByStore(Settings(releases=releases), addresses.query)) as place:
        yield place


@contextlib.contextmanager
def store_client(addresses: StoreAddresses) -> Iterator[StoreClient]:
    with contextlib.closing(StoreClient(addresses)) as client:
        yield client


def is_refused(place: HeldByStore) -> bool:
    try:
        place.check()
    except StoreIncomplete:
        return True
    return False


def asked_again(server: Server, entity_tag: str) -> requests.Response:
    """What somebody is told who has had the answer to a query."""
    headers = {"Accept": "text/csv", "If-None-Match": entity_tag}
    return requests.get(server.sparql, params={"query": COUNT}, headers=headers, timeout=20)


def readiness(server: Server) -> requests.Response:
    return requests.get(f"{server.address}/readyz", timeout=20)


def ready(server: Server) -> int:
    return readiness(server).status_code
