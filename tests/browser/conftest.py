"""Chromium from the system, the bundles, and a server over the shipped data, once for all tests of a worker."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright
from tests.browser.visit import Visit
from tests.end_to_end.server import serving
from tests.external_programs import cannot_run

from medsynth_kg.release.reading import Release

REPOSITORY = Path(__file__).parents[2]
WIDE: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 30_000
"""Milliseconds that an action in the browser may take, and what is expected of it may be awaited."""

NewVisit = Callable[..., Visit]


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The editor as ``make frontend`` leaves it; one worker makes it, the others wait."""
    if shutil.which("npm") is None:
        cannot_run("npm not found")
    lock = tmp_path_factory.getbasetemp().parent / "frontend.lock"
    made = subprocess.run(
        ("flock", str(lock), "make", "frontend"),
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if made.returncode:
        cannot_run(f"make frontend failed: {made.stderr[-500:]}")


@pytest.fixture(scope="session")
def site(bundles: None, shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    output = tmp_path_factory.mktemp("browsed") / "output"
    with serving(shipped_release.path.parent, output, "--workers", "2") as server:
        yield server.address
    assert "Traceback" not in output.read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's build of it without windows, which shows the same pages for half the work; else the whole of it."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        cannot_run("chromium not found")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def new_visit(site: str, chromium: Browser) -> Iterator[NewVisit]:
    """Opens pages with their own storage; fails the test if one complains or asks another host."""
    visits: list[Visit] = []
    with ExitStack() as contexts:

        def begin(**options: Any) -> Visit:
            context = contexts.enter_context(chromium.new_context(**{"viewport": WIDE, **options}))
            context.set_default_timeout(PATIENCE)
            visits.append(Visit(context.new_page(), site))
            return visits[-1]

        yield begin
        assert [complaint for visit in visits for complaint in visit.complaints] == []


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    return new_visit()
