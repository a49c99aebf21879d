"""A small store is read into memory once, for all workers."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from tests.external_programs import cannot_run
from tests.query.conftest import EXAMPLE, LIMITS

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import QueryError, UpdateRefused, WorkersUnavailable
from medsynth_kg.query.request import QueryRequest

LARGE = 2**30
COUNT = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv")
COPIED = """
import os, sys
from pathlib import Path
from typing import Any
from pyoxigraph import RdfFormat
from medsynth_kg.query.in_memory import InMemoryCopy
for path in sys.argv[2:]:
    copy = InMemoryCopy(path, int(sys.argv[1]))
    while copy.descriptor is not None:
        copy.take_in()
    if copy.store is not None:
        copy.store.dump(Path(path).with_suffix(".nq"), RdfFormat.N_QUADS)
print(len(os.listdir("/proc/self/task")))
"""
"""A process of its own, since only one without threads may fork."""

IRIS = st.sampled_from([NamedNode(f"{EXAMPLE}{name}") for name in ("a", "ü", "a/b#c")])
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
BLANK_NODES = st.sampled_from([BlankNode("b0"), BlankNode("other")])
TEXT = st.text(st.characters(codec="utf-8"))
LITERALS = st.one_of(
    TEXT.map(Literal),
    TEXT.map(lambda text: Literal(text, language="pt-BR")),
    TEXT.map(lambda text: Literal(text, datatype=NamedNode(f"{EXAMPLE}type"))),
    st.integers().map(Literal),
    st.floats().map(Literal),
)
QUADS = st.builds(Quad, IRIS | BLANK_NODES, IRIS, IRIS | BLANK_NODES | LITERALS, IRIS | st.just(DefaultGraph()))


def threads_after_copying(largest: int, *stores: Path) -> int:
    command = [sys.executable, "-c", COPIED, str(largest), *map(str, stores)]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


@contextmanager
def in_memory_executor(store: Path, **limits: Any) -> Iterator[EmbeddedExecutor]:
    """An executor that has the store in memory."""
    with closing(EmbeddedExecutor(store, replace(LIMITS, **limits), in_memory=LARGE)) as executor:
        wait_until(lambda: executor.is_in_memory)
        yield executor


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(0.01)


@settings(max_examples=3, deadline=None)
@given(st.lists(st.lists(QUADS), min_size=6, max_size=6))
def test_every_statement_is_copied_as_it_is(contents: list[list[Quad]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.store" for number in range(len(contents))]
        for path, quads in zip(paths, contents, strict=True):
            store = Store(str(path))
            store.extend(quads)
            store.flush()
            del store
        threads_after_copying(LARGE, *paths)
        for path in paths:
            copied = parse(path=path.with_suffix(".nq"), format=RdfFormat.N_QUADS)
            assert set(copied) == set(Store.read_only(str(path)))


def test_a_store_of_many_pieces_is_copied_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.store"
    store = Store(str(path))
    quads = [Quad(NamedNode(f"{EXAMPLE}{n}"), RDF_TYPE, Literal("ü" * (n % 97))) for n in range(20_000)]
    store.bulk_extend(quads)
    store.flush()
    del store
    threads_after_copying(LARGE, path)
    assert path.with_suffix(".nq").stat().st_size > 2**21
    assert set(parse(path=path.with_suffix(".nq"), format=RdfFormat.N_QUADS)) == set(quads)


def test_the_process_has_no_threads_after_it(store: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "copy.store"))
    assert threads_after_copying(LARGE, copy) == 1
    assert copy.with_suffix(".nq").exists()


def test_a_store_that_is_larger_than_allowed_is_not_copied(store: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "copy.store"))
    size = sum(file.stat().st_size for file in copy.iterdir())
    threads_after_copying(size - 1, copy)
    assert not copy.with_suffix(".nq").exists()
    threads_after_copying(size, copy)
    assert copy.with_suffix(".nq").exists()


@pytest.mark.parametrize("damage", [shutil.rmtree, lambda path: next(path.glob("*.sst")).write_bytes(b"damaged")])
def test_a_store_that_cannot_be_read_is_not_copied(
    store: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "copy.store"))
    damage(copy)
    threads_after_copying(LARGE, copy)
    assert not copy.with_suffix(".nq").exists()


@pytest.fixture
def over_damage(store: Path, tmp_path: Path) -> Iterator[EmbeddedExecutor]:
    """Holds a store in memory that has become unreadable on the disk."""
    copy = Path(shutil.copytree(store, tmp_path / "copy"))
    with in_memory_executor(copy) as executor:
        for file in copy.glob("*.sst"):
            file.write_bytes(b"damaged" * (file.stat().st_size // 7))
        yield executor


def test_queries_with_one_right_answer_are_asked_of_the_copy(over_damage: EmbeddedExecutor) -> None:
    assert over_damage.execute(COUNT).body == b"n\r\n2000\r\n"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } LIMIT 1500",
        "SELECT * { ?s ?p ?o } ORDER BY ?p offset 5",
        "SELECT REDUCED ?p { ?s ?p ?o }",
        "SELECT (SAMPLE(?o) AS ?one) { ?s ?p ?o }",
        "SELECT (group_concat(?o) AS ?all) { ?s ?p ?o }",
    ],
)
def test_queries_of_which_several_answers_would_be_right_are_asked_of_the_disk(
    over_damage: EmbeddedExecutor, query: str
) -> None:
    with pytest.raises(QueryError):
        over_damage.execute(QueryRequest(query, "text/csv"))


def test_solutions_come_in_the_order_of_the_disk(store: Path, executor: EmbeddedExecutor) -> None:
    with in_memory_executor(store, workers=1) as executor_in_memory:
        for pattern in (
            "?s ?p ?o",
            f"<{EXAMPLE}person/7> ?p ?o",
            f"?s ?p <{EXAMPLE}person/8>",
            "GRAPH ?g { ?s ?p ?o }",
        ):
            request = QueryRequest(f"SELECT * {{ {pattern} }}", "text/csv")
            assert executor_in_memory.execute(request).body == executor.execute(request).body


def test_queries_are_answered_from_the_beginning(store: Path) -> None:
    with closing(EmbeddedExecutor(store, LIMITS, in_memory=LARGE)) as executor:
        while not executor.is_in_memory:
            assert executor.execute(COUNT).body == b"n\r\n2000\r\n"
        assert executor.execute(COUNT).body == b"n\r\n2000\r\n"
        assert executor.replaced <= LIMITS.workers + 1, "each once, and the one in stock"


def test_the_process_that_asks_may_have_very_many_files_open(store: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as opened:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        if hard < 2048:
            cannot_run(f"this process may open {hard} files")
        for _ in range(1100):
            opened.enter_context(Path(os.devnull).open())
        with in_memory_executor(store) as executor:
            assert executor.execute(COUNT).body == b"n\r\n2000\r\n"


def test_the_store_is_copied_anew_when_the_process_that_has_the_copy_is_killed(store: Path) -> None:
    with in_memory_executor(store) as executor:
        zygote = executor._pool._zygote  # nothing else tells which process it is
        killed = zygote._process
        killed.kill()
        wait_until(lambda: executor.execute(COUNT).body == b"n\r\n2000\r\n" and zygote._process is not killed)
        wait_until(lambda: executor.is_in_memory)
        assert executor.execute(COUNT).body == b"n\r\n2000\r\n"


def test_a_store_that_cannot_be_read_is_said_to_be_unavailable(tmp_path: Path) -> None:
    with pytest.raises(WorkersUnavailable):
        EmbeddedExecutor(tmp_path / "nowhere", LIMITS, in_memory=LARGE)


def test_no_query_can_change_the_copy(store: Path) -> None:
    with in_memory_executor(store, workers=1) as executor:
        with pytest.raises(UpdateRefused):
            executor.execute(QueryRequest("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "text/csv"))
        assert executor.execute(COUNT).body == b"n\r\n2000\r\n"


def test_each_worker_draws_its_own_random_numbers(store: Path) -> None:
    request = QueryRequest(
        "SELECT (UUID() AS ?uuid) (RAND() AS ?number) (BNODE() AS ?node) {}", "application/sparql-results+json"
    )
    drawn = set()
    with in_memory_executor(store, workers=1, queries_per_worker=1) as executor:
        for _ in range(10):
            body = executor.execute(request).body
            assert isinstance(body, bytes)
            drawn |= {term["value"] for term in json.loads(body)["results"]["bindings"][0].values()}
    assert len(drawn) == 30
