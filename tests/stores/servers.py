"""Stores of other makers, started for the tests on loopback, each with a folder of its own."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests
from tests.loopback import free_ports

from medsynth_kg.stores.client import StoreAddresses

CONFIGURATION = Path(__file__).with_name("virtuoso.ini")


@contextlib.contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[StoreAddresses]:
    """Oxigraph's own server."""
    (port,) = free_ports(1)
    place = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, folder, lambda: _answers(f"{place}/query")):
        yield StoreAddresses(f"{place}/query", f"{place}/update", f"{place}/store")


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[StoreAddresses]:
    """Virtuoso 7, whose user is dba with the password dba."""
    port, http_port = free_ports(2)
    configuration = folder / "virtuoso.ini"
    configuration.write_text(
        CONFIGURATION.read_text().format(
            folder=folder, port=port, http_port=http_port, allowed=folder, buffers=10_000, dirty_buffers=6_000
        )
    )
    place = f"http://127.0.0.1:{http_port}"
    command = ["virtuoso-t", "+foreground", "+configfile", str(configuration)]
    with _running(command, folder, lambda: _answers(f"{place}/sparql")):
        yield StoreAddresses(f"{place}/sparql", f"{place}/sparql-auth", f"{place}/sparql-graph-crud-auth")


@contextlib.contextmanager
def _running(command: list[str], folder: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not is_ready():
                assert process.poll() is None, f"{command[0]} ended"
                assert time.monotonic() < deadline, f"{command[0]} does not answer"
                time.sleep(0.05)
            yield
        finally:
            process.kill()


def _answers(address: str) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(address, params={"query": "ASK {}"}, timeout=5).status_code == 200
    return False
