"""Oxigraph's own server, started for the tests on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stores.servers import oxigraph

from medsynth_kg.stores.client import StoreAddresses, StoreClient


@pytest.fixture
def addresses(tmp_path: Path) -> Iterator[StoreAddresses]:
    with oxigraph(tmp_path) as started:
        yield started


@pytest.fixture
def client(addresses: StoreAddresses) -> Iterator[StoreClient]:
    client = StoreClient(addresses)
    yield client
    client.close()
