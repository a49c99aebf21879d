"""A release in a real Virtuoso 7, started for the test with a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.stores.saved_answers import own_answers, pushed_answers
from tests.stores.servers import virtuoso

from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import Credentials, StoreAddresses, StoreClient

pytestmark = [
    pytest.mark.virtuoso,
    pytest.mark.skipif(shutil.which("virtuoso-t") is None, reason="virtuoso-t is missing: virtuoso-opensource-7-bin"),
]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreAddresses]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as started:
        yield started


def test_a_push_that_was_killed_continues_in_virtuoso_and_saved_queries_have_the_same_answers(
    addresses: StoreAddresses, shipped_release: Release
) -> None:
    command = [sys.executable, "-m", "medsynth_kg", "push", "--to", addresses.query, "--update", addresses.update]
    command += ["--graph-store", str(addresses.graph_store), "--user", "dba", "--authentication", "digest"]
    command += ["--batch", "200", "--releases", str(shipped_release.path.parent)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "MEDSYNTH_KG_STORE_PASSWORD": "dba"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout
        for _ in range(20):
            assert "triples sent" in run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    again = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert "continuing after" in again.stdout
    client = StoreClient(addresses, Credentials("dba", "dba", "digest"))
    counts = shipped_release.manifest.counts
    assert {graph: client.count(graph) for graph in counts["graphs"]} == counts["graphs"]
    assert client.count(f"{shipped_release.manifest.base_iri}graph/union") == counts["triples"]
    client.close()
    assert pushed_answers(shipped_release, addresses.query) == own_answers(shipped_release)
