"""Pictures of things in a browser: accessible, within any window, and reached by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pyoxigraph import Literal, Quad
from tests.browser.conftest import WIDE
from tests.browser.visit import Visit
from tests.end_to_end.server import serving
from tests.endpoint.conftest import STATEMENTS, publish, quad

pytestmark = pytest.mark.browser

CITES = "http://purl.org/spar/cito/cites"
PHONE: ViewportSize = {"width": 390, "height": 844}


def paper(path: str) -> list[Quad]:
    return [
        quad(path, "rdf:type", "msk:Paper"),
        quad(path, "rdfs:label", Literal(f"Generating medical data of many kinds with {path}")),
        quad(path, "http://purl.org/dc/terms/title", Literal(f"Generating medical data of many kinds with {path}")),
    ]


def citations() -> Iterator[Quad]:
    """A paper that cites 15 papers and is cited by 15, each of which cites one of those, which was retracted."""
    yield from paper("paper/middle")
    for number in range(15):
        yield from (*paper(f"paper/before{number}"), *paper(f"paper/after{number}"))
        yield quad("paper/middle", CITES, f"paper/before{number}", "crossref")
        yield quad(f"paper/after{number}", CITES, "paper/middle", "crossref")
        yield quad(f"paper/after{number}", CITES, "paper/before14", "crossref")
    yield quad("paper/before14", "rdf:type", "msk:RetractedPaper", "crossref")


@pytest.fixture(scope="module")
def visit_of_citations(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("citations")
    publish(folder / "releases", (*STATEMENTS, *citations()))
    with (
        serving(folder / "releases", folder / "output", "--workers", "1") as server,
        chromium.new_context(viewport=WIDE) as context,
    ):
        visit = Visit(context.new_page(), server.address)
        yield visit
        assert visit.complaints == []


@pytest.fixture(params=["light", "dark"])
def paper_page(visit_of_citations: Visit, request: pytest.FixtureRequest) -> Visit:
    visit_of_citations.page.set_viewport_size(WIDE)
    visit_of_citations.page.emulate_media(color_scheme=request.param)
    visit_of_citations.open("/paper/middle")
    return visit_of_citations


def test_a_citation_neighbourhood_is_accessible_on_a_desk_and_on_a_phone(paper_page: Visit) -> None:
    for size in (WIDE, PHONE):
        paper_page.page.set_viewport_size(size)
        assert paper_page.violations() == []
        assert paper_page.overflow() == 0


def test_its_papers_are_links_that_the_keyboard_reaches(visit_of_citations: Visit) -> None:
    visit_of_citations.open("/paper/middle")
    picture = visit_of_citations.page.get_by_role("group", name="Picture of the citations among the papers here")
    links = picture.get_by_role("link")
    expect(links).to_have_count(12 + 1 + 12 + 1 + 1)
    links.first.focus()
    visit_of_citations.page.keyboard.press("Tab")
    expect(links.nth(1)).to_be_focused()
    visit_of_citations.page.keyboard.press("Enter")
    visit_of_citations.page.wait_for_url("**/paper/before*")


def test_the_word_that_there_are_more_leads_to_the_list(visit_of_citations: Visit) -> None:
    visit_of_citations.open("/paper/middle")
    visit_of_citations.page.get_by_role("link", name="and 3 more").first.click()
    assert visit_of_citations.page.url.endswith("#cited")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_no_label_of_a_picture_runs_out_of_it_or_into_another(visit: Visit, size: ViewportSize) -> None:
    visit.page.set_viewport_size(size)
    for path in ("/family/gan", "/family/diffusion-model", "/evaluation/fidelity"):
        visit.open(path)
        edge = visit.page.locator(".picture svg").bounding_box()
        boxes = [text.bounding_box() for text in visit.page.locator(".picture a").all()]
        assert edge
        assert len(boxes) > 10
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= edge["x"] + edge["width"] + 1 for box in boxes)
        tops = [box["y"] for box in boxes if box]
        assert tops == sorted(tops)
