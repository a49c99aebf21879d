"""Two releases, and Oxigraph's own server to push them to, started for the tests on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.release.example_release import count_nothing, example_contents
from tests.stores.servers import oxigraph

from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="session")
def first(releases: Path) -> Release:
    return build_release(example_contents(30), releases, count_nothing)


@pytest.fixture(scope="session")
def second(releases: Path) -> Release:
    return build_release(example_contents(50, "Lungs"), releases, count_nothing)


@pytest.fixture
def addresses(tmp_path: Path) -> Iterator[StoreAddresses]:
    with oxigraph(tmp_path) as started:
        yield started


@pytest.fixture
def client(addresses: StoreAddresses) -> Iterator[StoreClient]:
    client = StoreClient(addresses)
    yield client
    client.close()
