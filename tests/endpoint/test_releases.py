"""Releases over the real application: the list, the feed, the stream, a page each, queries to older ones."""

import json
import os
import re
import threading
import xml.etree.ElementTree as ElementTree  # the feed is our own
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from werkzeug.test import Client, TestResponse

from medsynth_kg.endpoint import older_releases, release_pages
from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.endpoint.errors import NotFound
from medsynth_kg.endpoint.kept_releases import Change, ReleaseHistory
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.older_releases import OlderReleases
from medsynth_kg.endpoint.serving import Releases
from medsynth_kg.query.errors import PoolBusy
from medsynth_kg.release.pruning import prune_releases
from medsynth_kg.release.reading import Release, current_release
from medsynth_kg.settings import BASE_IRI, Settings

from .conftest import STATEMENTS, publish, quad

HTML = {"Accept": "text/html"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/medsynth-kg/ontology#Paper> }"
ATOM = "{http://www.w3.org/2005/Atom}"
DAYS = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2)]


def make_release(releases: Path, number: int) -> Release:
    """The release of a day, with as many papers more than the first."""
    papers = tuple(quad(f"paper/arxiv/2302.0000{n}", "rdf:type", "msk:Paper") for n in range(number))
    return publish(releases, (*STATEMENTS, *papers), DAYS[number])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Release]]:
    """Three releases, oldest first; the last is the current one."""
    releases = tmp_path_factory.mktemp("releases")
    return releases, [make_release(releases, number) for number in range(3)]


@pytest.fixture(scope="module")
def site(kept: tuple[Path, list[Release]]) -> Iterator[Endpoint]:
    endpoint = Endpoint(Settings(releases=kept[0], query_workers=1))
    yield endpoint
    endpoint.close()


@pytest.fixture
def web(site: Endpoint) -> Client:
    return Client(site)


@pytest.fixture
def ids(kept: tuple[Path, list[Release]]) -> list[str]:
    return [release.id for release in kept[1]]


def count(response: TestResponse) -> int:
    assert response.status_code == 200, response.text
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


def test_the_list_has_every_release_newest_first_with_what_it_changed(web: Client, ids: list[str]) -> None:
    page = web.get("/releases/", headers=HTML).text
    positions = [page.index(f'<td><a href="/releases/{release_id}/">{release_id}</a>') for release_id in ids]
    assert positions == sorted(positions, reverse=True)
    assert page.count("1 entity changed: 1 statement added, 0 removed") == 2
    assert "the first that is kept" in page


def test_the_list_says_when_each_was_published_and_which_is_served(tmp_path: Path) -> None:
    built = [make_release(tmp_path, number) for number in (1, 0)]
    for number, release in enumerate(built):
        os.utime(release.path / "manifest.json", (86_400 * number, 86_400 * number))
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        rows = re.findall("<tr><td>.*?</tr>", Client(endpoint).get("/releases/", headers=HTML).text)
    finally:
        endpoint.close()
    assert [built[0].id in row for row in rows] == [True, False], "newest data first, whatever is served"
    assert ["served now" in row for row in rows] == [False, True]
    assert ["<td>1970-01-01 00:00</td>" in rows[0], "<td>1970-01-02 00:00</td>" in rows[1]] == [True, True]


def test_a_long_list_has_pages(web: Client, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_pages, "RELEASES_SHOWN", 2)
    first, second = (web.get(f"/releases/?page={page}", headers=HTML).text for page in (1, 2))
    listed = [f'<td><a href="/releases/{release_id}/">{release_id}</a>' in first for release_id in ids]
    assert listed == [False, True, True]
    assert 'rel="next" href="/releases/?page=2"' in first
    assert f'<td><a href="/releases/{ids[0]}/">{ids[0]}</a>' in second
    assert "Page 2 of 2" in second


def test_releases_of_one_day_are_in_the_order_in_which_they_were_built(tmp_path: Path) -> None:
    for labels in (("a", "b", "c"), ("c", "b", "a")):
        releases = tmp_path / labels[0]
        built = []
        for number, label in enumerate(labels):
            built.append(publish(releases, (*STATEMENTS, quad(f"paper/arxiv/{label}", "rdf:type", "msk:Paper"))).id)
            os.utime(releases / built[-1] / "manifest.json", (number, number))
        editions = ReleaseHistory(releases).editions()
        assert [edition.id for edition in editions] == built[::-1]
        assert [edition.previous for edition in editions] == [*built[-2::-1], None]


def test_a_change_leaves_out_how_releases_describe_themselves(kept: tuple[Path, list[Release]]) -> None:
    changes = [edition.change for edition in ReleaseHistory(kept[0]).editions()]
    assert changes == [Change(1, 1, 0), Change(1, 1, 0), None]


def test_the_feed_is_atom_with_permanent_ids(web: Client, ids: list[str]) -> None:
    response = web.get("/releases/feed.atom")
    feed = ElementTree.fromstring(response.data)  # noqa: S314  # our own text
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")] == [
        f"{BASE_IRI}releases/{release_id}" for release_id in reversed(ids)
    ]
    assert feed.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}entry/{ATOM}updated")
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))


def test_the_lists_for_machines_say_when_a_release_was_published_and_go_on_saying_so(tmp_path: Path) -> None:
    """Two releases whose newest input is of one day, the second of them built two days later."""
    papers = [(), (quad("paper/arxiv/2302.00001", "rdf:type", "msk:Paper"),)]
    built = [publish(tmp_path, (*STATEMENTS, *more)) for more in papers]
    times = ["2026-02-01T10:00:00.250Z", "2026-02-03T10:00:00.250Z"]
    for release, time in zip(built, times, strict=True):
        seconds = datetime.fromisoformat(time).timestamp()
        os.utime(release.path / "manifest.json", (seconds, seconds))
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        client = Client(endpoint)
        for _ in range(2):
            feed = ElementTree.fromstring(client.get("/releases/feed.atom").data)  # noqa: S314  # our own text
            assert feed.findtext(f"{ATOM}updated") == times[1]
            assert [entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")] == times[::-1]
            stream = client.get("/releases/ldes.ttl").text
            assert re.findall(r'dcterms:issued "(.*)"\^\^xsd:dateTime', stream) == times
            touched = datetime.fromisoformat("2026-02-02T00:00:00Z").timestamp()
            os.utime(built[0].path / "manifest.json", (touched, touched))
    finally:
        endpoint.close()


def test_the_stream_is_an_ldes_with_every_release_as_member(web: Client, ids: list[str]) -> None:
    triples = {quad.triple for quad in parse(web.get("/releases/ldes.ttl").data, format=RdfFormat.TURTLE)}
    stream = NamedNode(f"{BASE_IRI}releases/")
    members = {t.object for t in triples if t.subject == stream and t.predicate.value == "https://w3id.org/tree#member"}
    assert members == {NamedNode(f"{BASE_IRI}releases/{release_id}") for release_id in ids}
    for path in ("timestampPath", "versionOfPath"):
        (chosen,) = [t.object for t in triples if t.predicate.value == f"https://w3id.org/ldes#{path}"]
        assert {t.subject for t in triples if t.predicate == chosen} == members


@pytest.mark.parametrize("host", ["localhost", "mirror.example:8080"])
def test_the_view_of_the_stream_is_the_address_that_was_asked_so_that_clients_go_on(web: Client, host: str) -> None:
    triples = {
        quad.triple
        for quad in parse(web.get("/releases/ldes.ttl", headers={"Host": host}).data, format=RdfFormat.TURTLE)
    }
    (view,) = [t.object for t in triples if t.predicate.value == "https://w3id.org/tree#view"]
    assert view == NamedNode(f"http://{host}/releases/ldes.ttl")
    assert "https://w3id.org/tree#Node" in {
        t.object.value for t in triples if t.subject == view and isinstance(t.object, NamedNode)
    }


def test_the_stream_tells_the_oldest_release_first(web: Client, ids: list[str]) -> None:
    text = web.get("/releases/ldes.ttl").text
    positions = [text.index(release_id) for release_id in ids]
    assert positions == sorted(positions)


def test_the_page_of_a_release_has_its_counts_dumps_and_checksums(
    web: Client, kept: tuple[Path, list[Release]]
) -> None:
    for release in kept[1]:
        page = web.get(f"/releases/{release.id}/", headers=HTML).text
        assert f"{release.manifest.counts['triples']:,} triples" in page
        for name, entry in release.manifest.files.items():
            if name.startswith("dumps/"):
                assert f'href="/dumps/{release.id}/{name.removeprefix("dumps/")}"' in page
                assert entry.sha256 in page


def test_the_iri_of_a_release_leads_to_its_page_and_to_its_description(web: Client, ids: list[str]) -> None:
    redirect = web.get(f"/releases/{ids[0]}", headers=HTML)
    assert (redirect.status_code, redirect.headers["Location"].endswith(f"/releases/{ids[0]}/")) == (308, True)
    turtle = web.get(f"/releases/{ids[0]}/", headers={"Accept": "text/turtle"})
    assert NamedNode(f"{BASE_IRI}void#dataset") in {q.subject for q in parse(turtle.data, format=RdfFormat.TURTLE)}
    with web.get(f"/releases/{ids[0]}/manifest.json") as manifest:
        assert json.loads(manifest.data)["id"] == ids[0]
    assert web.get(f"/releases/{ids[0]}/", headers={"Accept": "image/png"}).status_code == 406
    turtle.close()


def test_an_older_release_answers_as_it_did_and_says_so(web: Client, ids: list[str]) -> None:
    for number, release_id in enumerate(ids):
        for address, parameters in (
            (f"/releases/{release_id}/sparql", {"query": COUNT}),
            ("/sparql", {"query": COUNT, "release": release_id}),
        ):
            response = web.get(address, query_string=parameters)
            assert count(response) == 2 + number
            assert response.headers["Release-Id"] == release_id
    assert count(web.get("/sparql", query_string={"query": COUNT})) == 4


def test_a_form_names_a_release_as_an_address_does(web: Client, ids: list[str]) -> None:
    response = web.post("/sparql", data={"query": COUNT, "release": ids[0]})
    assert (count(response), response.headers["Release-Id"]) == (2, ids[0])
    assert web.post("/sparql", data={"query": COUNT, "release": "2020-01-01-000000000000"}).status_code == 404
    assert count(web.post("/sparql", data={"query": COUNT, "release": ""})) == 4


def test_a_query_asks_no_two_releases(web: Client, ids: list[str]) -> None:
    asked = {"query": COUNT, "release": ids[1]}
    for response in (
        web.get(f"/releases/{ids[0]}/sparql", query_string=asked),
        web.get("/sparql", query_string=[*asked.items(), ("release", ids[0])]),
        web.post("/sparql", query_string={"release": ids[0]}, data=asked),
    ):
        assert (response.status_code, "release" in json.loads(response.data)["detail"]) == (400, True)
    assert count(web.get(f"/releases/{ids[1]}/sparql", query_string=asked)) == 3


def test_all_that_is_of_an_older_release_says_so(web: Client, ids: list[str]) -> None:
    of_it = (
        "dumps/{}/",
        "dumps/{}/medsynth-kg.ttl",
        "releases/{}/",
        "releases/{}/void.ttl",
        "releases/{}/linkset.json",
    )
    for release_id in ids:
        for path in of_it:
            with web.get("/" + path.format(release_id)) as response:
                assert (response.status_code, response.headers["Release-Id"]) == (200, release_id)
            refused = web.get("/" + path.format(release_id), headers={"If-Match": '"x"'})
            assert (refused.status_code, refused.headers["Release-Id"]) == (412, release_id)


@pytest.mark.parametrize(
    ("host", "root"), [("localhost:8120", "http://localhost:8120/"), ("somebody.example", BASE_IRI)]
)
def test_an_older_release_describes_its_own_address(web: Client, ids: list[str], host: str, root: str) -> None:
    for path in (f"releases/{ids[0]}/sparql", "sparql"):
        response = web.get(f"/{path}", headers={"Accept": "application/n-triples", "Host": host})
        endpoints = {
            quad.object
            for quad in parse(response.data, format=RdfFormat.N_TRIPLES)
            if quad.predicate.value == "http://www.w3.org/ns/sparql-service-description#endpoint"
        }
        assert endpoints == {NamedNode(f"{root}{path}")}


def test_an_older_release_speaks_the_whole_protocol(web: Client, ids: list[str]) -> None:
    address = f"/releases/{ids[0]}/sparql"
    assert count(web.post(address, data={"query": COUNT})) == 2
    assert web.post(address, data=COUNT, content_type="application/sparql-query").status_code == 200
    assert web.get(address, query_string={"query": COUNT}, headers={"Accept": "text/csv"}).data == b"n\r\n2\r\n"
    assert web.get(address, query_string={"query": "SELECT nonsense"}).status_code == 400
    assert web.head(address, query_string={"query": COUNT}).data == b""
    tag = web.get(address, query_string={"query": COUNT}).headers["ETag"]
    assert web.get(address, query_string={"query": COUNT}, headers={"If-None-Match": tag}).status_code == 304


def test_the_page_of_an_answer_has_a_permanent_link_that_gives_the_same_answer(web: Client, ids: list[str]) -> None:
    page = web.get("/sparql", query_string={"query": COUNT}, headers=HTML).text
    start = page.index(f'href="/releases/{ids[2]}/sparql?query=') + len('href="')
    permanent = page[start : page.index('"', start)]
    assert count(web.get(permanent)) == 4


def test_a_permanent_link_keeps_the_graphs_that_were_asked(web: Client) -> None:
    parameters = {"query": COUNT, "default-graph-uri": f"{BASE_IRI}graph/vocabulary"}
    page = web.get("/sparql", query_string=parameters, headers=HTML).text
    (permanent,) = re.findall(r'rel="nofollow" href="([^"]+)"', page)
    assert count(web.get(unescape(permanent))) == 0


def test_the_form_of_an_older_release_asks_that_release(web: Client, ids: list[str]) -> None:
    address = f"/releases/{ids[0]}/sparql"
    page = web.get(address, query_string={"query": COUNT}, headers=HTML).text
    assert f'<form action="{address}" method="get">' in page
    assert f'href="{address}?query=' in page


@pytest.mark.parametrize("release_id", ["2020-01-01-000000000000", "current", "..", "%2e%2e", "x" * 500, "a<b>"])
def test_an_unknown_release_is_not_found(web: Client, release_id: str) -> None:
    for address in (f"/releases/{release_id}/", f"/releases/{release_id}/sparql", f"/dumps/{release_id}/"):
        for headers in (HTML, {}):
            assert web.get(address, query_string={"query": COUNT}, headers=headers).status_code == 404
    problem = web.get("/sparql", query_string={"query": COUNT, "release": release_id})
    assert (problem.status_code, problem.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_damaged_release_is_told_as_damaged_and_hides_no_other(tmp_path: Path) -> None:
    releases = [make_release(tmp_path, number) for number in range(3)]
    (releases[1].path / "manifest.json").write_text("{")
    (releases[0].path / "prefixes.json").write_text("{")
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    web = Client(endpoint)
    try:
        assert "This release is damaged here." in web.get("/releases/", headers=HTML).text
        assert len(ElementTree.fromstring(web.get("/releases/feed.atom").data).findall(f"{ATOM}entry")) == 2  # noqa: S314  # our own text
        for address in (f"/releases/{releases[1].id}/", *(f"/releases/{old.id}/sparql" for old in releases[:2])):
            problem = web.get(address, query_string={"query": COUNT}, headers={"Accept": "application/json"})
            assert json.loads(problem.data)["type"].endswith("#problem-release-damaged")
            assert str(tmp_path) not in problem.text
        assert count(web.get("/sparql", query_string={"query": COUNT})) == 4
    finally:
        endpoint.close()


def test_a_newer_release_that_is_damaged_leaves_the_one_before_serving(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    older = make_release(tmp_path, 0)
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        (make_release(tmp_path, 1).path / "prefixes.json").unlink()
        answer = Client(endpoint).get("/sparql", query_string={"query": COUNT})
        assert (answer.status_code, answer.headers["Release-Id"]) == (200, older.id)
        assert f"release {older.id} stays" in caplog.text
    finally:
        endpoint.close()


class ReleasedLate:
    """A lock after whose release its holder is held up until somebody else has taken it and is done."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._lock = threading.Lock()
        self._meanwhile = meanwhile
        self._is_first = True

    def acquire(self, *, blocking: bool) -> bool:
        return self._lock.acquire(blocking=blocking)

    def release(self) -> None:
        self._lock.release()
        if self._is_first:
            self._is_first = False
            self._meanwhile()


def test_whoever_opened_an_older_release_does_not_put_it_in_the_place_of_a_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_release(tmp_path, 0)
    releases = Releases(Settings(releases=tmp_path, query_workers=1))

    def another_is_built_and_taken_up() -> None:
        make_release(tmp_path, 2)
        releases.catch_up()

    monkeypatch.setattr(releases, "_opening", ReleasedLate(another_is_built_and_taken_up))
    try:
        make_release(tmp_path, 1)
        releases.catch_up()
        with releases.lease() as served:
            assert served.release.id == current_release(tmp_path).id
    finally:
        releases.close()


def test_a_release_whose_store_cannot_be_opened_is_told_as_damaged(tmp_path: Path) -> None:
    older, _ = (make_release(tmp_path, number) for number in range(2))
    (older.store / "CURRENT").write_text("nothing that was ever written")
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        problem = Client(endpoint).get(f"/releases/{older.id}/sparql", query_string={"query": COUNT})
        assert problem.status_code == 500
        assert json.loads(problem.data)["type"].endswith("#problem-release-damaged")
        assert older.id in problem.text
        assert str(tmp_path) not in problem.text
    finally:
        endpoint.close()


def test_a_server_keeps_what_it_has_open_and_asks_an_old_release_again_after_three_builds(tmp_path: Path) -> None:
    oldest = make_release(tmp_path, 0)
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    web = Client(endpoint)
    query = {"query": "SELECT ?s { ?s a <https://w3id.org/medsynth-kg/ontology#Paper> } ORDER BY ?s"}
    try:
        first = web.get("/sparql", query_string=query)
        for number in (1, 2):
            make_release(tmp_path, number)
        latest = publish(tmp_path, STATEMENTS[1:], date(2026, 2, 3))
        assert oldest.id not in prune_releases(tmp_path, keep=1)
        again = web.get(f"/releases/{oldest.id}/sparql", query_string=query)
        assert (again.data, again.headers["Release-Id"]) == (first.data, oldest.id)
        assert web.get("/sparql", query_string=query).headers["Release-Id"] == latest.id
        assert oldest.id not in prune_releases(tmp_path, keep=1)
    finally:
        endpoint.close()
    assert prune_releases(tmp_path, keep=1) == (oldest.id,)


def test_many_clients_of_more_releases_than_can_be_open_all_get_the_right_answer(
    web: Client, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(older_releases, "MOST_OPEN", 1)
    monkeypatch.setattr(older_releases, "PATIENCE", 30)

    def ask(number: int) -> int:
        address = f"/releases/{ids[number % 2]}/sparql"
        return count(web.get(address, query_string={"query": f"{COUNT} #{number}"}))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(8))) == [2, 3] * 4


def test_only_a_few_older_releases_are_open_and_idle_ones_make_room(
    kept: tuple[Path, list[Release]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(older_releases, "MOST_OPEN", 1)
    monkeypatch.setattr(older_releases, "PATIENCE", 0.05)
    first, second = (release.id for release in kept[1][:2])
    older = OlderReleases(Settings(releases=kept[0]), Metrics())
    try:
        with older.lease(first) as served:
            assert served.executor.waiting == 0
            with pytest.raises(PoolBusy), older.lease(second):
                pass
        with older.lease(second):
            assert older.open_ids == (second,)
            older.close_idle(0)
            assert older.open_ids == (second,)
        older.close_idle()
        assert older.open_ids == (second,)
        older.close_idle(0)
        assert not older.open_ids
        with pytest.raises(NotFound), older.lease("none"):
            pass
    finally:
        older.close()
