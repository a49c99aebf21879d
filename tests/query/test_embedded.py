"""Strangers' queries in worker processes: complete answers, kept limits, no way out, and always somebody to answer."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store, parse_query_results
from tests.query.conftest import EXAMPLE, LIMITS, Canary

from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import (
    EvaluationFailed,
    ExecutorClosed,
    PoolBusy,
    QueryCancelled,
    QueryError,
    QueryMemoryExceeded,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    ServiceFailed,
    ServiceRefused,
    WorkersUnavailable,
)
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.guard import QueryProfile
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import QueryRequest

JSON = "application/sparql-results+json"
CSV = "text/csv"
LENGTHY = "SELECT (COUNT(*) AS ?n) { ?a <http://example.org/name> ?b . ?c <http://example.org/name> ?d }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
Processes = Callable[[int], set[int]]


def csv(executor: EmbeddedExecutor, query: str, **options: object) -> list[str]:
    body = executor.execute(QueryRequest(query, CSV, **options)).body  # type: ignore[arg-type]  # a test's shorthand
    assert isinstance(body, bytes)
    return body.decode().split("\r\n")[1:-1]


def still_answers(executor: EmbeddedExecutor) -> bool:
    return executor.execute(QueryRequest("ASK {}", CSV)).body == b"true"


def test_the_default_graph_is_the_union_of_all_graphs(executor: EmbeddedExecutor) -> None:
    assert csv(executor, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["2000"]


def test_from_and_the_protocols_graphs_choose_the_dataset(executor: EmbeddedExecutor) -> None:
    one, two = f"{EXAMPLE}graph/one", f"{EXAMPLE}graph/two"
    default, named = "{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }"

    def count(pattern: str, dataset: str = "", **graphs: tuple[str, ...]) -> list[str]:
        return csv(executor, " ".join(("SELECT (COUNT(*) AS ?n)", dataset, pattern)), **graphs)

    assert count(default, f"FROM <{one}>") == ["1000"]
    assert count(default, f"FROM NAMED <{one}>") == ["0"]
    assert count(default, default_graphs=(one,)) == ["1000"]
    assert count(default, f"FROM <{one}>", default_graphs=(one, two)) == ["2000"]
    assert count(named, named_graphs=(two,)) == ["1000"]
    assert count(named, default_graphs=(one,)) == ["0"]


def test_substitutions_are_bound_as_terms_and_never_as_text(executor: EmbeddedExecutor) -> None:
    query = f"SELECT ?s ?name {{ ?s <{EXAMPLE}name> ?name }}"
    assert csv(executor, query, substitutions={"name": '"Person 3"'}) == [f"{EXAMPLE}person/3,Person 3"]
    assert csv(executor, query, substitutions={"name": '"\\" } SELECT"'}) == []


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELECT ?x {\n ?x foo ?y }", 2, 5), ("SELECT * {", 1, 11), ("ASK {} ; INSERT DATA {}", 1, 8)],
)
def test_a_syntax_error_has_its_position(executor: EmbeddedExecutor, query: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        executor.execute(QueryRequest(query, JSON))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "\n" not in str(caught.value)


def test_turtle_declares_the_prefixes_that_it_uses_and_no_others(store: Path) -> None:
    prefixes = {"ex": EXAMPLE, "person": f"{EXAMPLE}person/", "unused": "http://unused.example/"}
    executor = EmbeddedExecutor(store, LIMITS, prefixes)
    try:
        query = f"CONSTRUCT WHERE {{ <{EXAMPLE}person/1> <{EXAMPLE}knows> ?other }}"
        body = executor.execute(QueryRequest(query, "text/turtle")).body
    finally:
        executor.close()
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == [
        f"@prefix ex: <{EXAMPLE}> .",
        f"@prefix person: <{EXAMPLE}person/> .",
        "person:1 ex:knows person:8 .",
    ]


def test_an_unknown_function_is_named(executor: EmbeddedExecutor) -> None:
    with pytest.raises(EvaluationFailed, match=r"http://example\.org/f"):
        executor.execute(QueryRequest("SELECT (<http://example.org/f>(1) AS ?x) {}", JSON))


def test_an_answer_that_xml_cannot_carry_is_refused_and_not_changed(executor: EmbeddedExecutor) -> None:
    query = 'SELECT ("\\u0001" AS ?x) {}'
    with pytest.raises(EvaluationFailed, match="another format"):
        executor.execute(QueryRequest(query, "application/sparql-results+xml"))
    assert executor.execute(QueryRequest(query, JSON)).size > 0


def test_a_large_answer_is_complete_and_in_a_file(executor: EmbeddedExecutor) -> None:
    answer = executor.execute(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000", JSON))
    assert not isinstance(answer.body, bytes)
    with answer.body as file:
        content = file.read()
    assert len(content) == answer.size
    assert content.endswith(b"]}}")


STOPPED = (QueryTimeout, QueryMemoryExceeded, ResultTooLarge)
HOSTILE = {
    "endless product": ENDLESS,
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "string doubling": 'SELECT ?x30 { BIND("aaaaaaaaaaaaaaaa" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    + "}",
    "star of patterns": "SELECT * {" + "".join(f"?x ?p{n} ?o{n} ." for n in range(400)) + "}",
    "path closure": "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>)* ?b . ?c (!<x:x>)* ?d }",
    "values product": "SELECT (COUNT(*) AS ?n) {"
    + " ".join(f"VALUES ?v{k} {{ {' '.join(map(str, range(300)))} }}" for k in range(5))
    + "}",
    "large answer": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "replacement of replacements": 'SELECT ?x3 { BIND("'
    + "a" * 100
    + '" AS ?x0) '
    + " ".join(f'BIND(REPLACE(?x{n}, ".", "{"a" * 400}") AS ?x{n + 1})' for n in range(3))
    + "}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_an_error_that_names_its_limit(executor: EmbeddedExecutor, name: str) -> None:
    with pytest.raises(STOPPED):
        executor.execute(QueryRequest(HOSTILE[name], JSON))
    assert still_answers(executor)


NESTED = {
    "braces": "ASK " + "{" * 60_000,
    "functions": "SELECT (" + "STR(" * 30_000 + "1" + ")" * 30_000 + " AS ?x) {}",
    "negations": "ASK { FILTER(" + "!" * 100_000 + "true) }",
    "unions": "ASK {" + " UNION ".join(["{ ?a ?b ?c }"] * 5_000) + "}",
    "additions": "ASK { FILTER(" + "+".join(["1"] * 50_000) + " > 0) }",
    "optionals": "ASK { " + "OPTIONAL { ?a ?b ?c } " * 5_000 + "}",
    "lists": "ASK { ?a ?b " + "(" * 400 + "1" + ")" * 400 + "}",
}


@pytest.mark.parametrize("name", NESTED)
def test_nesting_that_the_guard_would_let_through_kills_at_most_a_worker(store: Path, name: str) -> None:
    limits = QueryLimits(timeout=1.0, depth=10**9, length=10**9, workers=1, memory=LIMITS.memory)
    executor = EmbeddedExecutor(store, limits)
    try:
        with contextlib.suppress(QueryError):
            executor.execute(QueryRequest(NESTED[name], CSV))
        assert still_answers(executor)
    finally:
        executor.close()


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_worker_reaches_no_service_even_if_the_guard_is_fooled(
    store: Path, canary: Canary, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    def fooled(query: str, limits: QueryLimits) -> QueryProfile:
        return QueryProfile(QueryForm.SELECT, ())

    monkeypatch.setattr("medsynth_kg.query.embedded.inspect_query", fooled)
    executor = EmbeddedExecutor(store, LIMITS)
    try:
        query = f"SELECT * {{ SERVICE {silent} <{canary.address}> {{ ?s ?p ?o }} }}"
        message = _error_message(executor, query)
    finally:
        executor.close()
    assert canary.requests == []
    assert "SECRET" not in message
    assert canary.address not in message


def _error_message(executor: EmbeddedExecutor, query: str) -> str:
    try:
        executor.execute(QueryRequest(query, JSON))
    except QueryError as error:
        return str(error)
    return ""


FEDERATED = "SELECT * { SERVICE <%s> { ?s ?p ?x } }"


@pytest.fixture
def federating(store: Path, canary: Canary) -> Iterator[EmbeddedExecutor]:
    with closing(EmbeddedExecutor(store, replace(LIMITS, services=(canary.address,)))) as executor:
        yield executor


def test_a_service_on_this_machine_is_refused_even_if_it_is_allowed(
    federating: EmbeddedExecutor, canary: Canary
) -> None:
    with pytest.raises(ServiceRefused, match="private network"):
        federating.execute(QueryRequest(FEDERATED % f"{canary.address}sparql", JSON))
    assert canary.requests == []


@pytest.fixture
def public_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback stands in for the public internet."""
    monkeypatch.setattr("medsynth_kg.query.addresses.is_public", lambda address: True)


@pytest.mark.usefixtures("public_loopback")
def test_an_allowed_service_is_asked(federating: EmbeddedExecutor, canary: Canary) -> None:
    assert "from afar" in csv(federating, FEDERATED % f"{canary.address}sparql")[0]
    assert canary.requests == ["/sparql"]


@pytest.mark.usefixtures("public_loopback")
def test_what_a_failing_service_says_stays_with_us(federating: EmbeddedExecutor, canary: Canary) -> None:
    with pytest.raises(ServiceFailed) as failure:
        federating.execute(QueryRequest(FEDERATED % f"{canary.address}secret", JSON))
    message = str(failure.value)
    assert "a service that the query asks failed" in message
    assert "SECRET" not in message
    assert canary.requests == ["/secret"]


def test_where_services_are_allowed_other_queries_still_run_without_network(
    federating: EmbeddedExecutor, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = QueryProfile(QueryForm.SELECT, ())
    monkeypatch.setattr("medsynth_kg.query.embedded.inspect_query", lambda query, limits: profile)
    assert "could not be evaluated" in _error_message(federating, FEDERATED % f"{canary.address}sparql")
    assert canary.requests == []


def test_an_error_names_no_path_of_this_machine(store: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "copy"))
    with closing(EmbeddedExecutor(copy, replace(LIMITS, workers=1))) as executor:
        for file in copy.glob("*.sst"):
            file.write_bytes(b"damaged" * (file.stat().st_size // 7))
        message = _error_message(executor, "SELECT * { ?s ?p ?o } LIMIT 3000")
    assert str(tmp_path) not in message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"default_graphs": ("not an iri",)}, "the graph <not an iri> is not an absolute IRI"),
        ({"named_graphs": ("x",)}, "the graph <x>"),
        ({"substitutions": {"name": "<a b>"}}, "the value of name is not a term"),
        ({"substitutions": {"name": "1 . <urn:s> <urn:p> 2"}}, "the value of name is not a term"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(
    executor: EmbeddedExecutor, options: dict[str, object], message: str
) -> None:
    with pytest.raises(EvaluationFailed, match=message):
        csv(executor, "SELECT * { ?s ?p ?name }", **options)


def test_a_request_may_lower_the_time_limit_but_not_raise_it(executor: EmbeddedExecutor) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.2 seconds"):
        executor.execute(QueryRequest(ENDLESS, JSON, timeout=0.2))
    with pytest.raises(QueryTimeout, match="longer than a second"):
        executor.execute(QueryRequest(ENDLESS, JSON, timeout=60))
    assert time.monotonic() - started < 10


def test_short_queries_are_answered_while_hostile_ones_hold_every_other_worker(store: Path) -> None:
    executor = EmbeddedExecutor(store, replace(LIMITS, timeout=3))
    stop = threading.Event()
    ended: list[QueryError] = []

    def attack(number: int) -> None:
        while not stop.is_set():
            try:
                executor.execute(QueryRequest(ENDLESS, JSON, client=f"hostile {number}"))
            except QueryError as error:
                ended.append(error)

    threads = [threading.Thread(target=attack, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        while not executor.waiting:
            time.sleep(0.005)
        answers, ended_meanwhile = [], []
        for _ in range(20):
            before = len(ended)
            answers.append(executor.execute(QueryRequest("ASK {}", CSV, client="modest")).body)
            ended_meanwhile.append(len(ended) - before)
        assert answers == [b"true"] * 20
        assert sorted(ended_meanwhile)[15] == 0, "short queries wait for hostile ones to end"
    finally:
        stop.set()
        executor.close()
        for thread in threads:
            thread.join()


def zygotes(descendants: Processes) -> set[int]:
    """The processes that workers come from, told by the workers that they have."""
    return {pid for pid in descendants(os.getpid()) if descendants(pid)}


def new_zygote(descendants: Processes, before: set[int]) -> int:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = zygotes(descendants) - before
        if len(found) == 1:
            return found.pop()
        time.sleep(0.005)
    raise AssertionError("no process has workers")


def test_a_killed_worker_costs_no_answer(store: Path, descendants: Processes) -> None:
    before = zygotes(descendants)
    with closing(EmbeddedExecutor(store, LIMITS)) as executor:
        zygote = new_zygote(descendants, before)
        for _ in range(3):
            os.kill(min(descendants(zygote)), signal.SIGKILL)
            assert all(still_answers(executor) for _ in range(5))


def test_a_query_whose_worker_is_killed_runs_once_more(store: Path, descendants: Processes) -> None:
    before = zygotes(descendants)
    answers: list[list[str]] = []
    with closing(EmbeddedExecutor(store, replace(LIMITS, workers=1, timeout=20))) as executor:
        zygote = new_zygote(descendants, before)
        (worker,) = descendants(zygote)
        thread = threading.Thread(target=lambda: answers.append(csv(executor, LENGTHY)))
        thread.start()
        time.sleep(0.1)
        os.kill(worker, signal.SIGKILL)
        thread.join()
    assert answers == [["1000000"]]


def test_the_process_that_workers_come_from_can_be_killed_without_losing_an_answer(
    store: Path, descendants: Processes
) -> None:
    before = zygotes(descendants)
    with closing(EmbeddedExecutor(store, LIMITS)) as executor:
        for _ in range(2):
            zygote = new_zygote(descendants, before)
            os.kill(zygote, signal.SIGKILL)
            before.add(zygote)
            assert all(still_answers(executor) for _ in range(5))


def test_a_worker_is_replaced_after_so_many_queries(store: Path) -> None:
    with closing(EmbeddedExecutor(store, QueryLimits(workers=1, queries_per_worker=3))) as executor:
        assert all(still_answers(executor) for _ in range(2))
        assert executor.replaced == 0
        assert all(still_answers(executor) for _ in range(8))
        deadline = time.monotonic() + 20
        # One that stood in until the next was ready may be replaced, too.
        while executor.replaced < 3 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert executor.replaced >= 3


def test_closing_leaves_no_process_and_refuses_further_queries(store: Path, descendants: Processes) -> None:
    before = descendants(os.getpid())
    executor = EmbeddedExecutor(store, LIMITS)
    executor.close()
    assert descendants(os.getpid()) == before
    with pytest.raises((ExecutorClosed, PoolBusy)):
        executor.execute(QueryRequest("ASK {}", CSV))


def test_no_process_is_left_when_the_front_is_killed(store: Path, descendants: Processes) -> None:
    program = (
        "import sys, time; from pathlib import Path; from medsynth_kg.query.embedded import EmbeddedExecutor;"
        "from medsynth_kg.query.limits import QueryLimits;"
        "EmbeddedExecutor(Path(sys.argv[1]), QueryLimits(workers=2)); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(store)], stdout=subprocess.PIPE, text=True) as front:
        assert front.stdout is not None
        assert front.stdout.readline() == "ready\n"
        left = descendants(front.pid)
        assert len(left) >= 3
        front.kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in left):
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)


def test_a_store_that_is_none_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(WorkersUnavailable):
        EmbeddedExecutor(tmp_path / "nowhere", LIMITS)


TERMS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(Literal),
    st.builds(lambda text: Literal(text, language="en-gb"), st.text(alphabet=st.characters(exclude_categories=["Cs"]))),
    st.integers(-(2**40), 2**40).map(Literal),
    st.booleans().map(Literal),
    st.sampled_from(["http://example.org/ü", "urn:x:y", "http://example.org/%20"]).map(NamedNode),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TERMS, min_size=1, max_size=4))
def test_terms_come_back_as_the_engine_has_them(
    executor: EmbeddedExecutor, terms: list[Literal | NamedNode | None]
) -> None:
    rows = " ".join(f"({'UNDEF' if term is None else term})" for term in terms)
    query = f"SELECT ?x {{ VALUES (?x) {{ {rows} }} }}"
    body = executor.execute(QueryRequest(query, JSON)).body
    assert isinstance(body, bytes)
    answered = [solution["x"] for solution in parse_query_results(body, format=QueryResultsFormat.JSON)]  # type: ignore[union-attr]
    assert answered == [solution["x"] for solution in Store().query(query)]  # type: ignore[union-attr]


def test_a_query_taken_back_ends_at_once_and_so_does_its_worker(store: Path) -> None:
    cancellation = Cancellation()
    with closing(EmbeddedExecutor(store, replace(LIMITS, timeout=30))) as executor:
        started = time.monotonic()
        threading.Timer(0.3, cancellation.cancel).start()
        with pytest.raises(QueryCancelled):
            executor.execute(QueryRequest(ENDLESS, CSV, cancellation=cancellation))
        assert 0.2 < time.monotonic() - started < 15
        deadline = time.monotonic() + 10
        while not executor.replaced and time.monotonic() < deadline:
            time.sleep(0.01)
        assert executor.replaced == 1
        assert still_answers(executor)
