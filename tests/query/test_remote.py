"""Queries run by another store have our answers; its failures are told without its words."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.query.misbehaving import JSON, LIMITS, TRUE, Reply, executor_of, misbehaving, reply
from tests.release.example_release import count_nothing, example_contents
from tests.stores.servers import oxigraph

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import (
    EvaluationFailed,
    ExecutorClosed,
    PoolBusy,
    QueryError,
    QuerySyntaxError,
    QueryTimeout,
    ReleaseReplaced,
    ResultTooLarge,
    ServiceRefused,
    StoreFailed,
    StoreUnavailable,
    UpdateRefused,
)
from medsynth_kg.query.products import StoreProduct
from medsynth_kg.query.remote import RemoteExecutor, RemoteStore
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreClient
from medsynth_kg.stores.pushing import push_release
from medsynth_kg.stores.solutions import read_solutions

BASE = "https://w3id.org/medsynth-kg/"
PREFIXES = {"msk": f"{BASE}ontology#"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(30), tmp_path_factory.mktemp("releases"), count_nothing)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Iterator[StoreClient]:
    """A store with the release and with a graph of somebody else's."""
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as addresses:
        client = StoreClient(addresses)
        push_release(release, client, 5000, lambda _: None)
        client.update("INSERT DATA { GRAPH <urn:theirs> { <urn:a> <urn:b> 'secret' } }")
        yield client
        client.close()


@pytest.fixture(scope="module")
def remote(client: StoreClient, release: Release) -> Iterator[RemoteExecutor]:
    executor = RemoteExecutor(RemoteStore(client.addresses.query), release, LIMITS, PREFIXES)
    yield executor
    executor.close()


@pytest.fixture(scope="module")
def embedded(release: Release) -> Iterator[EmbeddedExecutor]:
    executor = EmbeddedExecutor(release.store, LIMITS, PREFIXES)
    yield executor
    executor.close()


def content(executor: RemoteExecutor | EmbeddedExecutor, request: QueryRequest) -> bytes:
    answer = executor.execute(request)
    body = answer.body if isinstance(answer.body, bytes) else answer.body.read()
    assert len(body) == answer.size
    return body


PAPERS = "PREFIX msk: <ontology#> SELECT ?paper ?o { ?paper a msk:Paper ; ?p ?o } ORDER BY ?paper ?p ?o"


@pytest.mark.parametrize(
    "media_type", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
@pytest.mark.parametrize("query", [PAPERS, "ASK { ?s ?p ?o }", "ASK { <urn:a> <urn:b> ?o }", "SELECT ?x { }"])
def test_answers_are_byte_for_byte_those_of_the_embedded_engine(
    remote: RemoteExecutor, embedded: EmbeddedExecutor, query: str, media_type: str
) -> None:
    request = QueryRequest(query, media_type, base_iri=BASE)
    assert content(remote, request) == content(embedded, request)


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"]
)
def test_graphs_are_those_of_the_embedded_engine_in_every_syntax(
    remote: RemoteExecutor, embedded: EmbeddedExecutor, media_type: str
) -> None:
    request = QueryRequest("CONSTRUCT { ?s ?p ?o } { ?s a <ontology#Paper> ; ?p ?o }", media_type, base_iri=BASE)
    syntax = RdfFormat.from_media_type(media_type)
    assert syntax is not None
    theirs, ours = (set(map(str, parse(content(executor, request), format=syntax))) for executor in (remote, embedded))
    assert theirs == ours
    assert theirs


def test_a_graph_tells_first_and_at_once_what_it_was_asked_about(
    remote: RemoteExecutor, embedded: EmbeddedExecutor
) -> None:
    query = "CONSTRUCT { ?e ?p ?o . ?s ?q ?e . ?o ?r ?v } { { ?s ?q ?e } UNION { ?e ?p ?o OPTIONAL { ?o ?r ?v } } }"
    concept = f"{BASE}modality/ecg"
    request = QueryRequest(query, "application/ld+json", substitutions={"e": f"<{concept}>"})
    for executor in (remote, embedded):
        ids = [node["@id"] for node in json.loads(content(executor, request))]
        assert ids[0] == concept
        assert len(set(ids)) == len(ids) > 10


@pytest.mark.parametrize(
    "request_",
    [
        QueryRequest("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o", JSON),
        QueryRequest("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g", JSON),
        QueryRequest("SELECT ?e ?o { ?e ?p ?o } ORDER BY ?o", JSON, substitutions={"e": f"<{BASE}graph/survey>"}),
        QueryRequest("SELECT (COUNT(*) AS ?n) FROM <graph/survey> { ?s ?p ?o }", JSON, base_iri=BASE),
        QueryRequest("SELECT (COUNT(*) AS ?n) FROM NAMED <graph/survey> { ?s ?p ?o }", JSON, base_iri=BASE),
        QueryRequest("PREFIX g: <graph/> SELECT ?g FROM g:x FROM NAMED g:survey { GRAPH ?g {} }", JSON, base_iri=BASE),
        QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", JSON, default_graphs=(f"{BASE}graph/survey",)),
        QueryRequest("SELECT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1", JSON, named_graphs=(f"{BASE}graph/survey",)),
        QueryRequest("SELECT (IRI('a') AS ?x) (STR(<>) AS ?y) { }", JSON, base_iri=BASE),
        QueryRequest(
            "BASE <http://example.org/> SELECT (STR(<b#c>) AS ?y) { } # FROM <urn:theirs>", JSON, base_iri=BASE
        ),
    ],
    ids=lambda request: request.query[:60],
)
def test_a_query_reads_the_graphs_that_it_would_read_in_the_release(
    remote: RemoteExecutor, embedded: EmbeddedExecutor, request_: QueryRequest
) -> None:
    assert content(remote, request_) == content(embedded, request_)


@pytest.mark.parametrize(
    "request_",
    [
        QueryRequest("SELECT ?o { <urn:a> ?p ?o }", "text/csv"),
        QueryRequest("SELECT ?o { GRAPH <urn:theirs> { ?s ?p ?o } }", "text/csv"),
        QueryRequest("SELECT ?o { GRAPH ?g { <urn:a> ?p ?o } }", "text/csv"),
        QueryRequest("SELECT ?o FROM <urn:theirs> { ?s ?p ?o }", "text/csv"),
        QueryRequest("PREFIX u: <urn:> SELECT ?o FROM NAMED u:theirs { GRAPH ?g { ?s ?p ?o } }", "text/csv"),
        QueryRequest("SELECT ?o { ?s ?p ?o }", "text/csv", default_graphs=("urn:theirs",)),
        QueryRequest("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", "text/csv", named_graphs=("urn:theirs",)),
    ],
    ids=lambda request: request.query[:60],
)
def test_other_graphs_of_the_store_are_not_seen(remote: RemoteExecutor, request_: QueryRequest) -> None:
    assert content(remote, request_) == b"o\r\n"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p }", QuerySyntaxError),
        ("SELECT * {\n  ?s ?p ?o . FILTER(bif:exec('x')) }", QuerySyntaxError),
        ("PREFIX bif: <bif:> SELECT (bif:exec('x') AS ?y) { }", EvaluationFailed),
        ("DELETE WHERE { ?s ?p ?o }", UpdateRefused),
        ("DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", ServiceRefused),
    ],
)
def test_what_is_no_query_is_refused_before_the_store_sees_it(
    release: Release, query: str, error: type[QueryError]
) -> None:
    with misbehaving(lambda _: reply(200, b"{}")) as store, executor_of(store.address, release) as executor:
        with pytest.raises(error):
            executor.execute(QueryRequest(query, JSON))
        assert store.queries == []


def test_a_syntax_error_has_the_position_that_the_embedded_engine_gives(
    remote: RemoteExecutor, embedded: EmbeddedExecutor
) -> None:
    request = QueryRequest("SELECT * {\n  ?s ?p ?o ;; ?q }", JSON, base_iri=BASE)
    with pytest.raises(QuerySyntaxError) as theirs:
        remote.execute(request)
    with pytest.raises(QuerySyntaxError) as ours:
        embedded.execute(request)
    assert (theirs.value.line, theirs.value.column, str(theirs.value)) == (
        ours.value.line,
        ours.value.column,
        str(ours.value),
    )


def test_a_query_that_takes_too_long_is_given_up_in_time(remote: RemoteExecutor) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"1\.5 seconds"):
        remote.execute(QueryRequest(ENDLESS, JSON, timeout=1.5))
    assert time.monotonic() - started < 5


def test_an_answer_larger_than_allowed_is_refused(remote: RemoteExecutor) -> None:
    with pytest.raises(ResultTooLarge):
        remote.execute(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", "text/csv"))


def test_another_release_in_the_store_is_noticed(client: StoreClient, tmp_path: Path) -> None:
    another = build_release(example_contents(31), tmp_path, count_nothing)
    executor = RemoteExecutor(RemoteStore(client.addresses.query), another, LIMITS)
    with contextlib.closing(executor), pytest.raises(ReleaseReplaced):
        executor.execute(QueryRequest("ASK { }", JSON))


def test_a_closed_executor_says_so(client: StoreClient, release: Release) -> None:
    executor = RemoteExecutor(RemoteStore(client.addresses.query), release, LIMITS)
    executor.close()
    with pytest.raises(ExecutorClosed):
        executor.execute(QueryRequest("ASK { }", JSON))


SECRET = b"at /var/lib/secret on host 10.0.0.7: wrong"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(400, SECRET), EvaluationFailed),
        (reply(400, SECRET * 5000), EvaluationFailed),
        (reply(401, SECRET), StoreFailed),
        (reply(404, SECRET), StoreFailed),
        (reply(302, SECRET, Location="http://127.0.0.1:9/"), StoreFailed),
        (reply(500, SECRET), StoreFailed),
        (reply(503, SECRET, Retry_After="7"), PoolBusy),
        (reply(504, SECRET), QueryTimeout),
        (reply(200, SECRET), StoreFailed),
        (reply(200, b""), StoreFailed),
        (reply(200, b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}'), StoreFailed),
        (reply(200, b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}'), StoreFailed),
        (reply(200, TRUE, Content_Length="400", Connection="close"), StoreUnavailable),
    ],
)
def test_a_failure_of_the_store_is_told_without_its_words(
    release: Release, answer: Reply, error: type[QueryError]
) -> None:
    with misbehaving(lambda _: answer, release.id) as store, executor_of(store.address, release) as executor:
        with pytest.raises(error) as failed:
            executor.execute(QueryRequest("ASK { }", JSON))
        assert "secret" not in str(failed.value)
        assert "127.0.0.1" not in str(failed.value)


@pytest.mark.parametrize(
    ("product", "parameter", "answer"),
    [
        (StoreProduct.VIRTUOSO, ["3000"], reply(200, TRUE, X_SQL_State="S1TAT")),
        (StoreProduct.VIRTUOSO, ["3000"], reply(206, TRUE)),
        (StoreProduct.SPARQL, None, reply(200, TRUE, X_SQL_State="S1TAT")),
        (StoreProduct.SPARQL, None, reply(206, TRUE)),
        (StoreProduct.GRAPHDB, ["3"], reply(503, b"Query evaluation took too long")),
        (StoreProduct.QLEVER, ["3s"], reply(429, b"{}")),
        (StoreProduct.NEPTUNE, None, reply(500, b'{"code": "TimeLimitExceededException"}')),
    ],
)
def test_each_product_gets_the_time_limit_in_its_own_way_and_says_in_its_own_way_that_it_was_reached(
    release: Release, product: StoreProduct, parameter: list[str] | None, answer: Reply
) -> None:
    with (
        misbehaving(lambda _: answer, release.id) as store,
        executor_of(store.address, release, product=product) as executor,
    ):
        with pytest.raises(QueryTimeout, match="3 seconds"):
            executor.execute(QueryRequest("ASK { ?s ?p ?o }", JSON, timeout=3))
        (asked,) = store.queries
    assert asked.get("timeout") == parameter
    assert ("queryTimeout> 3000 ." in asked["query"][0]) is (product is StoreProduct.NEPTUNE)


@pytest.mark.parametrize(("software", "limit"), [("Virtuoso/07.20.3229 (Linux)", ["3000"]), ("Store/1.0", None)])
def test_virtuoso_gets_the_time_limit_unnamed_as_soon_as_it_has_said_what_it_is(
    release: Release, software: str, limit: list[str] | None
) -> None:
    with (
        misbehaving(lambda _: reply(200, TRUE), release.id, software) as store,
        executor_of(store.address, release) as executor,
    ):
        for number in range(2):
            executor.execute(QueryRequest(f"ASK {{ ?s ?p ?o }} #{number}", JSON, timeout=3))
    assert [asked.get("timeout") for asked in store.queries] == [None, limit]


@pytest.mark.parametrize("product", [StoreProduct.VIRTUOSO, StoreProduct.SPARQL])
def test_an_answer_that_virtuoso_cut_off_is_not_passed_on_whether_it_is_named_or_not(
    release: Release, product: StoreProduct
) -> None:
    two_rows = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}, {}]}}'
    for most, error in (("3", None), ("2", EvaluationFailed)):
        answer = reply(200, two_rows, X_SPARQL_MaxRows=most)
        with (
            misbehaving(lambda _, answer=answer: answer, release.id) as store,  # type: ignore[misc]  # bound at once
            executor_of(store.address, release, product=product) as executor,
            pytest.raises(error, match="cuts answers off") if error else contextlib.nullcontext(),
        ):
            assert content(executor, QueryRequest("SELECT ?x { }", "text/csv")) == b"x\r\n\r\n\r\n"


def test_connections_to_the_store_are_kept(release: Release) -> None:
    with (
        misbehaving(lambda _: reply(200, TRUE), release.id) as store,
        executor_of(store.address, release) as executor,
    ):
        for number in range(10):
            assert content(executor, QueryRequest(f"ASK {{ FILTER({number} > -1) }}", "text/csv")) == b"true"
    assert (len(store.queries), store.connections) == (10, 2), "one for queries, one for the release that is held"


def test_a_kept_connection_that_the_store_has_closed_is_no_failure(release: Release) -> None:
    answers = iter([reply(200, TRUE), reply(200, TRUE, Connection="close"), reply(200, TRUE)])
    with (
        misbehaving(lambda _: next(answers), release.id) as store,
        executor_of(store.address, release) as executor,
    ):
        for number in range(3):
            assert content(executor, QueryRequest(f"ASK {{ FILTER({number} > -1) }}", "text/csv")) == b"true"


def test_a_store_that_is_not_there_is_told_as_such(release: Release) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with executor_of(address, release) as executor, pytest.raises(StoreUnavailable):
            executor.execute(QueryRequest("ASK { }", JSON))


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_a_store_that_stops_or_drips_meets_the_deadline(release: Release, sent: bytes) -> None:
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(sent)
            while sent and not stop.wait(0.1):
                with contextlib.suppress(OSError):
                    connection.sendall(b" ")
            stop.wait()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        started = time.monotonic()
        with executor_of(address, release) as executor, pytest.raises(QueryTimeout):
            executor.execute(QueryRequest("ASK { }", JSON, timeout=1))
        stop.set()
        thread.join()
    assert time.monotonic() - started < 8


def test_more_queries_than_the_store_may_run_at_once_wait_their_turn(release: Release) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def answer(_asked: dict[str, list[str]]) -> Reply:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.1)
        with lock:
            running -= 1
        return reply(200, TRUE)

    with misbehaving(answer, release.id) as store, executor_of(store.address, release) as executor:
        threads = [
            threading.Thread(target=executor.execute, args=(QueryRequest(f"ASK {{ }} # {number}", JSON),))
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(store.queries) == 8
    assert most == LIMITS.workers


@pytest.mark.parametrize(
    "content", [b'{"results":{"bindings":null}}', b'{"results":{"bindings":[{}]}}', b"[" * 100_000]
)
def test_a_store_that_does_not_say_which_release_it_holds_is_unavailable(
    release: Release, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_nonsense(client: StoreClient, _: str, *names: str) -> list[dict[str, str]]:
        return read_solutions(content, names, client.addresses.query)

    monkeypatch.setattr(StoreClient, "select", read_nonsense)
    with (
        misbehaving(lambda _: reply(200, TRUE), release.id) as store,
        executor_of(store.address, release) as executor,
        pytest.raises(StoreUnavailable),
    ):
        executor.execute(QueryRequest("ASK { }", JSON))
