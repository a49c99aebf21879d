"""The shipped data, built once for all tests that ask it."""

import fcntl
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from medsynth_kg.cli.pipeline import build
from medsynth_kg.release.reading import Release, current_release, list_releases
from medsynth_kg.settings import Settings

REPOSITORY = Path(__file__).parents[1]

# What holds for an example does so however long a busy machine takes over it; in CI, its own profile has this too.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than there are processors, since some always wait for servers and browsers."""
    return (yield) + 1


@pytest.fixture(scope="session")
def shipped_settings() -> Settings:
    return Settings(data=REPOSITORY / "data")


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A directory that all worker processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def shipped_release(run_directory: Path, shipped_settings: Settings) -> Release:
    """The release of the shipped data, which tests only read; one worker builds it, the others wait."""
    releases = run_directory / "shipped"
    with (run_directory / "shipped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if list_releases(releases):
            return current_release(releases)
        return build(shipped_settings.model_copy(update={"releases": releases}))
