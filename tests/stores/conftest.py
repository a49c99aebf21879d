"""Oxigraph's own server, started for the tests on loopback."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from medsynth_kg.stores.client import StoreAddresses, StoreClient


@pytest.fixture
def addresses(tmp_path: Path) -> Iterator[StoreAddresses]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{listener.getsockname()[1]}"
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(tmp_path / "store"), "--bind", place]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://{place}/query")
            yield StoreAddresses(f"http://{place}/query", f"http://{place}/update", f"http://{place}/store")
        finally:
            process.terminate()


@pytest.fixture
def client(addresses: StoreAddresses) -> Iterator[StoreClient]:
    client = StoreClient(addresses)
    yield client
    client.close()


def _wait(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(address, params={"query": "ASK {}"}, timeout=5)
            return
        time.sleep(0.05)
    raise TimeoutError(address)
