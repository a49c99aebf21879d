"""What people come for, from the page that they start on to the answer."""

import pytest
from playwright.sync_api import expect
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
