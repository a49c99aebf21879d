"""The search index of the shipped data."""

from collections.abc import Iterator

import pytest

from medsynth_kg.endpoint.search.index import SearchIndex, open_search_index
from medsynth_kg.release.reading import Release


@pytest.fixture(scope="session")
def index(shipped_release: Release) -> Iterator[SearchIndex]:
    opened = open_search_index(shipped_release.path, shipped_release.manifest.base_iri)
    assert opened is not None
    yield opened
    opened.close()
