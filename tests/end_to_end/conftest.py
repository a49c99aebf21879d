"""One server over the shipped data for all tests that leave it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.end_to_end.server import Server, serving

from medsynth_kg.release.reading import Release


@pytest.fixture(scope="session")
def server(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    output: Path = tmp_path_factory.mktemp("server") / "output"
    with serving(shipped_release.path.parent, output) as running:
        yield running
    assert "Traceback" not in output.read_text()
