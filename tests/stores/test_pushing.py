"""A release in a real store of another maker: whole, once, and switched in one step."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from pyoxigraph import Store, Triple
from tests.release.example_release import count_nothing, example_contents
from tests.release.test_supplement import CORPUS, STATED_TWICE, supplement, works
from tests.stores.saved_answers import own_answers, pushed_answers

from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.remote import RemoteExecutor, RemoteStore
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import Credentials, StoreAddresses, StoreClient
from medsynth_kg.stores.errors import CountsDiffer, StoreAddressInvalid, StoreRefused, StoreUnreachable
from medsynth_kg.stores.holding import graph_counts, held_release_id
from medsynth_kg.stores.pushing import push_release
from medsynth_kg.stores.switching import Switch

BASE = "https://w3id.org/medsynth-kg/"


def silent(_line: str) -> None:
    pass


def graphs(client: StoreClient) -> dict[str, int]:
    rows = client.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    return {row["g"]: int(row["n"]) for row in rows if row["g"] != f"{BASE}graph/push"}


def expected(release: Release) -> dict[str, int]:
    return {**release.manifest.counts["graphs"], f"{BASE}graph/union": release.manifest.counts["triples"]}


@pytest.mark.parametrize("switch", Switch)
@pytest.mark.parametrize("by_graph_store", [True, False])
def test_a_pushed_release_has_its_graphs_and_their_union_and_no_others(
    addresses: StoreAddresses, first: Release, switch: Switch, *, by_graph_store: bool
) -> None:
    graph_store = addresses.graph_store if by_graph_store else None
    client = StoreClient(StoreAddresses(addresses.query, addresses.update, graph_store))
    assert push_release(first, client, 50, silent, switch)
    assert graphs(client) == expected(first)
    client.close()


def test_a_release_that_is_there_is_not_sent_again(client: StoreClient, first: Release) -> None:
    push_release(first, client, 50, silent)
    assert not push_release(first, client, 50, silent)


@pytest.mark.parametrize("switch", Switch)
def test_another_release_takes_the_place_of_the_former_and_other_graphs_stay(
    client: StoreClient, first: Release, second: Release, switch: Switch
) -> None:
    client.update("INSERT DATA { GRAPH <urn:theirs> { <urn:a> <urn:b> <urn:c> } }")
    push_release(first, client, 50, silent)
    push_release(second, client, 50, silent, switch)
    assert graphs(client) == {**expected(second), "urn:theirs": 1}


def test_readers_see_one_release_or_the_other_in_oxigraph(client: StoreClient, first: Release, second: Release) -> None:
    push_release(first, client, 1000, silent)
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), '%sgraph/') && ?g != <%s>) }"
    seen: set[int] = set()
    seen_before, pushed = threading.Event(), threading.Event()

    def read() -> None:
        reader = StoreClient(client.addresses)
        is_last = False
        while not is_last:
            is_last = pushed.is_set()
            seen.add(int(reader.select(query % (BASE, f"{BASE}graph/push"))[0]["n"]))
            seen_before.set()
        reader.close()

    thread = threading.Thread(target=read)
    thread.start()
    assert seen_before.wait(20)
    push_release(second, client, 1000, silent)
    pushed.set()
    thread.join()
    assert seen == {sum(expected(first).values()), sum(expected(second).values())}


def test_a_store_never_says_that_it_holds_a_release_while_a_stepwise_switch_is_under_way(
    client: StoreClient, first: Release, second: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_release(first, client, 1000, silent)
    seen: list[str | None] = []
    update = client.update

    def observe(text: str) -> None:
        before = graphs(client)
        held = held_release_id(client, BASE)
        for release in (first, second):
            wanted = expected(release)
            assert held != release.id or {graph: before.get(graph) for graph in wanted} == wanted
        seen.append(held)
        update(text)

    monkeypatch.setattr(client, "update", observe)
    push_release(second, client, 1000, silent, Switch.STEPWISE)
    assert [seen[0], seen[-1], held_release_id(client, BASE)] == [first.id, None, second.id]


@pytest.mark.parametrize("last", [3, 5, 8])
def test_a_stepwise_switch_that_was_broken_off_is_made_again(
    client: StoreClient, first: Release, second: Release, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_release(first, client, 1000, silent)
    update, run = client.update, iter(range(last))

    def break_off(text: str) -> None:
        if next(run, None) is None:
            raise StoreUnreachable(client.addresses.update)
        update(text)

    monkeypatch.setattr(client, "update", break_off)
    with pytest.raises(StoreUnreachable):
        push_release(second, client, 1000, silent, Switch.STEPWISE)
    monkeypatch.undo()
    assert held_release_id(client, BASE) is None
    assert push_release(second, client, 1000, silent, Switch.STEPWISE)
    assert graphs(client) == expected(second)


def test_a_killed_push_leaves_the_former_release_and_continues(
    client: StoreClient, first: Release, shipped_release: Release
) -> None:
    push_release(first, client, 1000, silent)
    addresses = client.addresses
    command = [sys.executable, "-m", "medsynth_kg", "push", "--to", addresses.query, "--update", addresses.update]
    command += ["--graph-store", str(addresses.graph_store), "--batch", "200"]
    command += ["--releases", str(shipped_release.path.parent)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as run:
        assert run.stdout
        for _ in range(20):
            assert "triples sent" in run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    assert {graph: client.count(graph) for graph in expected(first)} == expected(first)
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "continuing after" in again.stdout
    assert graphs(client) == expected(shipped_release)


def test_what_a_push_of_another_release_left_is_dropped(client: StoreClient, first: Release, second: Release) -> None:
    class Stopped(Exception):
        pass

    def stop(_line: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        push_release(first, client, 20, stop)
    assert any("/staging/" in graph for graph in graphs(client))
    push_release(second, client, 50, silent)
    assert graphs(client) == expected(second)


def test_a_store_that_refuses_or_is_not_there_is_named_without_its_own_words(
    client: StoreClient, first: Release
) -> None:
    wrong = StoreClient(StoreAddresses(client.addresses.query, f"{client.addresses.query}/nothing"))
    with pytest.raises(StoreRefused, match="answered 404"):
        push_release(first, wrong, 50, silent)
    wrong.close()
    nowhere = StoreClient(StoreAddresses("http://127.0.0.1:9/", "http://127.0.0.1:9/"))
    with pytest.raises(StoreUnreachable):
        push_release(first, nowhere, 50, silent)
    nowhere.close()


def test_a_release_whose_store_is_damaged_here_is_not_pushed(
    client: StoreClient, first: Release, second: Release, tmp_path: Path
) -> None:
    push_release(first, client, 1000, silent)
    copy = Path(shutil.copytree(second.path, tmp_path / second.id))
    (copy / "store" / "CURRENT").write_text("nothing\n")
    with pytest.raises(DamagedRelease, match="store: cannot be opened"):
        push_release(replace(second, path=copy), client, 1000, silent)
    assert graphs(client) == expected(first)


@pytest.mark.parametrize("address", ["store", "ftp://host/", "http://user:secret@host/"])
def test_addresses_that_are_none_and_passwords_in_them_are_refused(address: str) -> None:
    with pytest.raises(StoreAddressInvalid) as refused:
        StoreAddresses(address, address)
    assert "secret" not in str(refused.value)


def test_a_password_is_sent_and_not_shown() -> None:
    credentials = Credentials("user", "secret")
    assert "secret" not in repr(credentials)
    request = requests.Request("POST", "http://127.0.0.1/", auth=credentials.as_authentication()).prepare()
    assert request.headers["Authorization"].startswith("Basic ")
    token = Credentials("", "secret", "bearer").as_authentication()
    assert (
        requests.Request("POST", "http://127.0.0.1/", auth=token).prepare().headers["Authorization"] == "Bearer secret"
    )


def test_a_staging_graph_with_something_else_in_it_is_emptied_and_filled_again(
    client: StoreClient, first: Release
) -> None:
    staging = f"{BASE}staging/{first.id}/union"
    client.update(f"INSERT DATA {{ GRAPH <{staging}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    assert push_release(first, client, 50, silent)
    assert graphs(client) == expected(first)


def test_a_store_that_keeps_less_than_it_is_sent_stops_the_push_and_the_former_release_stays(
    addresses: StoreAddresses, client: StoreClient, first: Release, second: Release
) -> None:
    class Losing(StoreClient):
        def add(self, graph: str, triples: Iterable[Triple]) -> None:
            super().add(graph, list(triples)[1:])

    push_release(first, client, 50, silent)
    losing = Losing(addresses)
    with pytest.raises(CountsDiffer, match="staging"):
        push_release(second, losing, 50, silent)
    losing.close()
    assert graphs(client) == expected(first)
    assert held_release_id(client, BASE) == first.id


def test_saved_queries_have_the_same_answers_from_oxigraph(client: StoreClient, shipped_release: Release) -> None:
    push_release(shipped_release, client, 5000, silent)
    assert pushed_answers(shipped_release, client.addresses.query) == own_answers(shipped_release)


@pytest.fixture(scope="session")
def supplemented(tmp_path_factory: pytest.TempPathFactory) -> Release:
    directory = tmp_path_factory.mktemp("supplemented")
    taken_in = supplement(directory, [STATED_TWICE, *works(1000, 1400)])
    return build_release(replace(example_contents(), supplement=taken_in), directory / "releases", count_nothing)


@pytest.mark.parametrize("switch", Switch)
def test_the_corpus_of_a_release_is_pushed_as_a_graph_and_as_a_part_of_the_union(
    client: StoreClient, supplemented: Release, switch: Switch
) -> None:
    def stop(line: str) -> None:
        if line.startswith("corpus: 200 of"):
            raise StoreUnreachable(client.addresses.update)

    with pytest.raises(StoreUnreachable):
        push_release(supplemented, client, 100, stop, switch)
    told: list[str] = []
    assert push_release(supplemented, client, 100, told.append, switch)
    assert "corpus: continuing after 200 triples" in told
    triples = len({quad.triple for quad in Store.read_only(str(supplemented.store))})
    own = supplemented.manifest.counts
    assert triples == own["triples"] + 400
    assert graphs(client) == {**own["graphs"], CORPUS.value: 401, f"{BASE}graph/union": triples}
    assert not push_release(supplemented, client, 100, silent, switch)


@pytest.mark.parametrize("switch", Switch)
def test_a_graph_that_a_broken_off_switch_has_put_in_place_goes_with_a_release_that_lacks_it(
    client: StoreClient, first: Release, supplemented: Release, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_release(first, client, 1000, silent)
    update = client.update

    def break_off(text: str) -> None:
        update(text)
        if text.startswith(f"INSERT {{ GRAPH <{CORPUS.value}>"):
            raise StoreUnreachable(client.addresses.update)

    monkeypatch.setattr(client, "update", break_off)
    with pytest.raises(StoreUnreachable):
        push_release(supplemented, client, 1000, silent, Switch.STEPWISE)
    monkeypatch.undo()
    assert graphs(client)[CORPUS.value] == 401
    push_release(first, client, 1000, silent, switch)
    assert graphs(client) == expected(first)


def test_a_release_with_a_corpus_is_served_whole_from_a_store(client: StoreClient, supplemented: Release) -> None:
    push_release(supplemented, client, 1000, silent)
    executor = RemoteExecutor(RemoteStore(client.addresses.query), supplemented, QueryLimits(workers=1))
    for pattern, expected_count in (
        ("?s ?p ?o", graph_counts(supplemented)[f"{BASE}graph/union"]),
        (f"GRAPH <{CORPUS.value}> {{ ?s ?p ?o }}", 401),
    ):
        answer = executor.execute(QueryRequest(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", "text/csv"))
        assert answer.body == f"n\r\n{expected_count}\r\n".encode()
    executor.close()
