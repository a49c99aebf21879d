"""The shipped data, built once for all tests that ask it."""

from pathlib import Path

import pytest

from medsynth_kg.cli.pipeline import build
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shipped_settings() -> Settings:
    return Settings(data=REPOSITORY / "data")


@pytest.fixture(scope="session")
def shipped_release(tmp_path_factory: pytest.TempPathFactory, shipped_settings: Settings) -> Release:
    releases = tmp_path_factory.mktemp("releases")
    return build(shipped_settings.model_copy(update={"releases": releases}))
