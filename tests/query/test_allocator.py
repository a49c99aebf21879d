from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.external_programs import cannot_run
from tests.query.conftest import EXAMPLE, LIMITS

from medsynth_kg.query.allocator import JEMALLOC, allocator_environment
from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.processes import Zygote
from medsynth_kg.query.request import QueryRequest


@pytest.fixture(autouse=True)
def nothing_preloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_PRELOAD", raising=False)


def libraries_of_zygote(store: Path) -> str:
    with closing(Zygote(store, LIMITS, offline=True, in_memory=0)) as zygote:
        return Path(f"/proc/{zygote._process.pid}/maps").read_text()  # nothing else tells which process it is


def test_queries_run_with_jemalloc_where_the_system_has_it(store: Path) -> None:
    if not allocator_environment():
        cannot_run("jemalloc is not installed (Debian: libjemalloc2)")
    assert JEMALLOC in libraries_of_zygote(store)


def test_who_starts_the_server_may_name_other_libraries_or_none(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "")
    assert allocator_environment() == {}
    assert JEMALLOC not in libraries_of_zygote(store)


def test_a_library_that_is_missing_or_none_is_left_out(tmp_path: Path) -> None:
    other = tmp_path / "other.so"
    other.write_text("no library")
    assert allocator_environment("libmissing.so.2") == {}
    assert allocator_environment(str(other)) == {}


def test_a_large_query_leaves_a_worker_as_much_memory_as_it_found(store: Path) -> None:
    pairs = f"SELECT * {{ ?a <{EXAMPLE}knows> ?c . ?b <{EXAMPLE}knows> ?d }} LIMIT 500000"
    query = f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT ?a ?b (COUNT(*) AS ?m) {{ {{ {pairs} }} }} GROUP BY ?a ?b }} }}"
    limits = replace(LIMITS, workers=1, timeout=30)
    with closing(EmbeddedExecutor(store, limits)) as executor:
        answers = [executor.execute(QueryRequest(query, "text/csv")).body for _ in range(3)]
        assert executor.replaced == 0
    assert answers == [b"n\r\n500000\r\n"] * 3
