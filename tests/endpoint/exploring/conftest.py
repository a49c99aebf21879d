"""The shipped data, served by the real application."""

from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings


@pytest.fixture(scope="session")
def shipped_endpoint(shipped_release: Release) -> Iterator[Endpoint]:
    endpoint = Endpoint(Settings(releases=shipped_release.path.parent, query_workers=2))
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="session")
def site(shipped_endpoint: Endpoint) -> Client:
    return Client(shipped_endpoint)
