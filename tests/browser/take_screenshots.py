"""Takes the README's pictures of the site: ``make screenshots``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from tests.end_to_end.server import serving

from medsynth_kg.cli.pipeline import build
from medsynth_kg.settings import Settings

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 860}
TALL: ViewportSize = {"width": 1280, "height": 1160}
PHONE: ViewportSize = {"width": 390, "height": 860}


def home(page: Page) -> None:
    page.goto("/")


def gaps(page: Page) -> None:
    page.goto("/gaps")


def editor(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_label("Start from a saved query").select_option("families-by-year")
    page.get_by_role("button", name="Open and run").click()
    page.get_by_role("button", name="Shows Chart view").click()
    page.locator("figure svg .mark-line path").first.wait_for()


def entity(page: Page) -> None:
    page.goto("/paper/10.3390/s23198328")


PICTURES = (
    ("home", home, DESK, "light"),
    ("gaps", gaps, DESK, "light"),
    ("editor", editor, TALL, "dark"),
    ("paper-on-a-phone", entity, PHONE, "light"),
)


def take(browser: Browser, address: str) -> None:
    """Writes each picture."""
    for name, visit, size, scheme in PICTURES:
        with browser.new_context(base_url=address, viewport=size, color_scheme=scheme) as context:  # type: ignore[arg-type]
            page = context.new_page()
            visit(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Builds a release of the shipped data, serves it and takes its pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(releases=Path(folder) / "releases")
        build(settings)
        with serving(settings.releases, Path(folder) / "output") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            take(browser, server.address)
            browser.close()


if __name__ == "__main__":
    main()
