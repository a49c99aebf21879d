"""What holds for every kind of page: accessible, light, fitting any window, described, and silent."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ViewportSize, expect
from tests.browser.visit import Visit

from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI

pytestmark = pytest.mark.browser

PAPER = "/paper/10.3390/s23198328"
MISSING = "/paper/10.3390/s2319832"
PAGES = [
    "/",
    "/paper",
    PAPER,
    "/entry/ecg/10.3390/s23198328",
    "/modality/ecg",
    "/architecture/stylegan2-ada",
    "/queries/",
    "/queries/papers-by-modality",
    "/queries/papers-as-schema-org",
    "/queries/papers-in-wikidata",
    "/sparql",
    "/findings",
    "/ontology",
    "/dumps/",
    "/releases/",
    "/releases/{release}/",
    "/about",
    MISSING,
]
DARK = "rgb(19, 24, 27)"
WEIGHT = 150_000
"""Bytes that a page may have on their way."""
MAGNIFIED: ViewportSize = {"width": 320, "height": 256}
"""What is left of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10)."""
PHONE: ViewportSize = {"width": 390, "height": 844}


def check_description(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("h1")).to_have_count(1)
    assert len(page.title()) > len(" · medsynth-kg")
    assert page.locator("meta[name=description]").get_attribute("content")
    canonical = page.locator("link[rel=canonical]").get_attribute("href") or ""
    assert canonical.removeprefix(BASE_IRI).strip("/") == urlsplit(page.url).path.strip("/")


def check_darkness(visit: Visit) -> None:
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == DARK
    assert visit.violations(["color-contrast"]) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_described_accessible_light_and_fits_any_window(
    visit: Visit, shipped_release: Release, page: str
) -> None:
    path = page.format(release=shipped_release.id)
    visit.failing |= {path} if path == MISSING else set()
    visit.open(path)
    check_description(visit)
    assert visit.violations() == []
    assert visit.weight() < WEIGHT
    check_darkness(visit)
    for size in (PHONE, MAGNIFIED):
        visit.page.set_viewport_size(size)
        assert visit.overflow() == 0, size


def test_the_first_tab_stop_of_a_page_skips_to_its_content(visit: Visit) -> None:
    visit.open("/")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    visit.page.keyboard.press("Enter")
    assert visit.page.url.endswith("#content")
