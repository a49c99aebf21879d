"""A release in a real Virtuoso 7, started for the test with a folder of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from tests.end_to_end.server import wait_for
from tests.stores.saved_answers import own_answers, pushed_answers

from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import Credentials, StoreAddresses, StoreClient

pytestmark = [
    pytest.mark.virtuoso,
    pytest.mark.skipif(shutil.which("virtuoso-t") is None, reason="virtuoso-t is missing: virtuoso-opensource-7-bin"),
]
CONFIGURATION = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
"""


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreAddresses]:
    folder = tmp_path_factory.mktemp("virtuoso")
    port, http_port = free_ports()
    configuration = folder / "virtuoso.ini"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, http_port=http_port))
    place = f"http://127.0.0.1:{http_port}"

    def is_ready() -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{place}/sparql", params={"query": "ASK {}"}, timeout=5).status_code == 200
        return False

    command = ["virtuoso-t", "+foreground", "+configfile", str(configuration)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert wait_for(is_ready, 60), (folder / "virtuoso.log").read_text()
            yield StoreAddresses(f"{place}/sparql", f"{place}/sparql-auth", f"{place}/sparql-graph-crud-auth")
        finally:
            process.kill()


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
