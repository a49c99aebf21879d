"""What holds for every kind of page: accessible, light, fitting any window, described, and silent."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import ViewportSize, expect
from tests.browser.conftest import WIDE
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
    "/family/gan",
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


def check_page(visit: Visit, path: str) -> None:
    visit.page.emulate_media(color_scheme="light")
    visit.page.set_viewport_size(WIDE)
    visit.bodies.clear()
    visit.open(path)
    check_description(visit)
    assert visit.violations() == [], path
    assert visit.weight() < WEIGHT, path
    check_darkness(visit)
    for size in (PHONE, MAGNIFIED):
        visit.page.set_viewport_size(size)
        assert visit.overflow() == 0, (path, size)


def kind(path: str) -> tuple[str, bool, bool]:
    """What pages of one template have in common: their folder, whether they are below it, and have parameters."""
    parts = urlsplit(path)
    folder, _, rest = parts.path.removeprefix("/").partition("/")
    return folder, bool(rest), bool(parts.query)


def links(address: str, path: str) -> list[str]:
    text = requests.get(address + path, headers={"Accept": "text/html"}, timeout=20).text
    return sorted({unescape(link).partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', text)})


def is_page(address: str, path: str) -> bool:
    with requests.get(address + path, headers={"Accept": "text/html"}, timeout=20, stream=True) as answer:
        return answer.ok and answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_described_accessible_light_and_fits_any_window(
    visit: Visit, shipped_release: Release, path: str
) -> None:
    address = path.format(release=shipped_release.id)
    visit.failing |= {address} if path == MISSING else set()
    check_page(visit, address)


def test_so_is_every_other_kind_of_page_that_these_lead_to(visit: Visit, shipped_release: Release) -> None:
    seen = {kind(path.format(release=shipped_release.id)) for path in PAGES}
    for path in PAGES:
        for link in links(visit.address, path.format(release=shipped_release.id)):
            if kind(link) in seen or urlsplit(link).path == "/sparql":
                continue
            seen.add(kind(link))
            if is_page(visit.address, link):
                check_page(visit, link)


def test_the_first_tab_stop_of_a_page_skips_to_its_content(visit: Visit) -> None:
    visit.open("/")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    visit.page.keyboard.press("Enter")
    assert visit.page.url.endswith("#content")
