"""What people come for, from the page that they start on to the answer."""

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NewVisit
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_question_of_the_home_page_is_answered_in_a_click(visit: Visit) -> None:
    visit.open("/")
    visit.page.locator("main a[href='/queries/papers-checked-for-privacy']").first.click()
    expect(visit.page.get_by_role("region", name="Result").locator("tbody tr").first).to_be_visible()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="CSV").first.click()
    assert download.value.suggested_filename == "papers-checked-for-privacy.csv"


def test_a_question_is_changed_in_the_editor(visit: Visit) -> None:
    visit.open("/queries/papers-by-modality")
    visit.page.get_by_role("link", name="Change it").click()
    expect(visit.page.locator(".yasr_results tbody tr").first).to_be_visible()
    expect(visit.page.locator(".CodeMirror-code")).to_contain_text("msk:modality")


@pytest.mark.parametrize(
    "path", ["find-papers?modality=ecg", "evaluation-by-modality", "papers-by-modality", "code-repositories"]
)
def test_an_answer_is_read_on_a_phone_without_scrolling_sideways(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open(f"/queries/{path}")
    answer = visit.page.get_by_role("region", name="Result")
    assert answer.evaluate("region => region.scrollWidth - region.clientWidth") == 0
    rows = answer.get_by_role("table").get_by_role("row")
    assert rows.count() == answer.locator("tr").count()
    assert visit.violations() == []


def test_papers_sought_on_a_phone_are_in_sight_at_once(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open("/")
    visit.page.get_by_label("Kind of data", exact=True).select_option("ecg")
    visit.page.get_by_label("Model family", exact=True).select_option("diffusion-model")
    visit.page.get_by_role("button", name="Show the papers").click()
    expect(visit.page.get_by_role("region", name="Result").get_by_role("row").nth(1)).to_be_in_viewport()


def test_an_entity_leads_to_its_turtle(visit: Visit) -> None:
    visit.open("/paper")
    visit.page.locator("main a[href^='/paper/']").first.click()
    expect(visit.page.locator("h1")).to_be_visible()
    turtle = visit.page.get_by_role("link", name="Turtle").first.get_attribute("href")
    assert turtle is not None
    answer = visit.page.request.get(visit.address + turtle)
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "msk:Paper" in answer.text()


def test_the_site_is_walked_by_keys_alone(visit: Visit) -> None:
    visit.open("/")
    seen = []
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        focused = visit.page.locator(":focus")
        seen.append(focused.inner_text())
        outline = focused.evaluate("element => getComputedStyle(element).outlineStyle")
        assert outline != "none"
        if "Questions" in seen:
            break
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/queries/")


def test_a_misspelt_name_is_suggested_while_it_is_typed(visit: Visit) -> None:
    visit.open("/about")
    box = visit.page.get_by_role("combobox", name="Search papers")
    box.press_sequentially("stylgan2 ada")
    expect(visit.page.get_by_role("option").first).to_contain_text("StyleGAN2-ADA")
    assert visit.violations() == []
    box.press("ArrowDown")
    box.press("Enter")
    visit.page.wait_for_url("**/architecture/stylegan2-ada")


def test_a_misspelt_name_is_found_without_suggestions(new_visit: NewVisit) -> None:
    visit = new_visit(java_script_enabled=False)
    visit.open("/")
    box = visit.page.get_by_role("searchbox", name="Search papers")
    box.fill("electrocardiogarm")
    box.press("Enter")
    expect(visit.page.get_by_role("link", name="Electrocardiogram").first).to_be_visible()


def test_papers_are_narrowed_by_facets_and_taken_as_a_table(visit: Visit) -> None:
    visit.open("/explore")
    papers = visit.page.get_by_role("table", name="Papers").locator("tbody tr")
    before = papers.count()
    facets = visit.page.get_by_role("region", name="Narrow the choice")
    facets.get_by_role("link", name="Diffusion model", exact=True).click()
    facets.get_by_role("link", name="Electrocardiogram").click()
    expect(visit.page.get_by_role("list", name="Chosen").get_by_role("listitem")).to_have_count(3)
    assert 0 < papers.count() < before
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text(encoding="utf-8").count("\n") == papers.count() + 1


def test_a_chart_becomes_interactive_where_that_is_asked_for(visit: Visit) -> None:
    visit.open("/queries/families-by-year")
    visit.page.wait_for_load_state("networkidle")
    assert not any("vega" in path for path in visit.bodies)
    visit.page.get_by_role("button", name="Make interactive").click()
    visit.page.locator("figure .mark-symbol path").first.hover()
    expect(visit.page.locator("#vg-tooltip-element")).to_contain_text("papers")
    assert visit.violations() == []
