"""An example release, built once, and a copy of it to damage."""

import shutil
from pathlib import Path

import pytest
from tests.release.example_release import count_nothing, example_contents

from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release, open_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(), tmp_path_factory.mktemp("releases"), count_nothing)


@pytest.fixture
def copied_release(release: Release, tmp_path: Path) -> Release:
    return open_release(shutil.copytree(release.path, tmp_path / release.id))
