"""The SPARQL editor, as somebody uses it."""

import json
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NewVisit
from tests.browser.visit import Visit

from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI

pytestmark = pytest.mark.browser

COUNT = "SELECT (COUNT(?paper) AS ?papers) { ?paper a <https://w3id.org/medsynth-kg/ontology#Paper> }"
BROKEN = "SELECT ?paper {\n  ?paper a .\n}"
DESCRIBE = "DESCRIBE <https://w3id.org/medsynth-kg/paper/10.3390/s23198328>"
PHONE = {"width": 390, "height": 844}
EDITOR = ".tabPanel.active .CodeMirror"
ROWS = ".tabPanel.active .yasr_results tbody tr"


def address(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def write(visit: Visit, text: str) -> None:
    visit.page.locator(f"{EDITOR}-code").click()
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.press("Delete")
    visit.page.keyboard.insert_text(text)


def written(visit: Visit) -> str:
    text: str = visit.page.locator(EDITOR).evaluate("editor => editor.CodeMirror.getValue()")
    return text


def test_a_query_shows_its_rows(visit: Visit) -> None:
    visit.open("/sparql")
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.locator(ROWS)).to_have_count(10)


def test_a_query_is_run_by_keys_alone(visit: Visit, shipped_release: Release) -> None:
    visit.open("/sparql")
    visit.page.get_by_role("textbox", name="SPARQL query").focus()
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.insert_text(COUNT)
    visit.page.keyboard.press("Control+Enter")
    papers = shipped_release.manifest.counts["classes"][f"{BASE_IRI}ontology#Paper"]
    expect(visit.page.locator(ROWS)).to_have_text(str(papers))


def test_tab_leaves_the_editor(visit: Visit) -> None:
    visit.open("/sparql")
    field = visit.page.get_by_role("textbox", name="SPARQL query")
    field.focus()
    visit.page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_the_address_that_a_query_was_run_from_opens_it_again(visit: Visit, new_visit: NewVisit) -> None:
    visit.open("/sparql")
    write(visit, COUNT)
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.locator(ROWS)).to_have_count(1)
    shared = urlsplit(visit.page.url)
    assert parse_qs(shared.query) == {"query": [COUNT]}
    other = new_visit()
    other.open(f"{shared.path}?{shared.query}")
    expect(other.page.locator(ROWS)).to_have_count(1)
    assert written(other) == COUNT


def test_the_graphs_of_an_address_are_asked_and_stay_in_it(visit: Visit) -> None:
    graph = quote(f"{BASE_IRI}graph/vocabulary", safe="")
    visit.open(f"{address('SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }')}&named-graph-uri={graph}")
    expect(visit.page.locator(ROWS)).to_have_text("graph/vocabulary")
    assert visit.page.url.endswith(f"&named-graph-uri={graph}")


def test_queries_are_still_there_after_a_reload_but_not_their_answers(visit: Visit) -> None:
    visit.open("/sparql")
    write(visit, COUNT)
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.locator(ROWS)).to_have_count(1)
    visit.open("/sparql")
    assert written(visit) == COUNT
    expect(visit.page.locator(ROWS)).to_have_count(0)


def test_a_saved_query_opens_in_a_tab_of_its_name(visit: Visit) -> None:
    visit.open("/sparql")
    chooser = visit.page.get_by_label("Start from a saved query")
    chooser.select_option("papers-by-modality")
    visit.page.get_by_role("button", name="Open and run").click()
    expect(visit.page.locator(ROWS).first).to_be_visible()
    title = chooser.evaluate("chooser => chooser.selectedOptions[0].text")
    expect(visit.page.get_by_role("tab", selected=True)).to_contain_text(title)
    visit.page.get_by_role("button", name="New tab").click()
    expect(visit.page.get_by_role("tab")).to_have_count(3)


def test_a_broken_query_is_marked_at_its_line(visit: Visit) -> None:
    visit.failing.add("/sparql")
    visit.open("/sparql")
    write(visit, BROKEN)
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("line 2")
    expect(visit.page.locator(".problem-line")).to_be_visible()
    marked = visit.page.locator(EDITOR).evaluate(
        "({ CodeMirror: { doc } }) => doc.children.flatMap(part => part.lines).map(line => line.bgClass ?? '')"
    )
    assert marked == ["", "problem-line", ""]


def test_what_would_be_right_is_shown_beside_a_broken_line(visit: Visit) -> None:
    visit.failing.add("/sparql")
    visit.open(address(BROKEN))
    visit.page.locator(f"{EDITOR} .parseErrorIcon").hover()
    expect(visit.page.locator(".yasqe_tooltip")).to_contain_text("Expected")


def test_the_mark_of_a_broken_query_goes_when_it_runs(visit: Visit) -> None:
    visit.failing.add("/sparql")
    visit.open(address(BROKEN))
    expect(visit.page.get_by_role("alert")).to_be_visible()
    write(visit, COUNT)
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.locator(ROWS)).to_have_count(1)
    expect(visit.page.locator(".problem-line")).to_have_count(0)


def test_properties_are_completed_and_their_prefixes_declared(visit: Visit) -> None:
    visit.open("/sparql")
    write(visit, "SELECT * { ?paper ")
    visit.page.keyboard.type("msk:evaluatedF")
    visit.page.keyboard.press("Control+Space")
    expect(visit.page.locator(".CodeMirror-hint").first).to_have_text("msk:evaluatedFor")
    visit.page.keyboard.press("Enter")
    assert written(visit) == f"PREFIX msk: <{BASE_IRI}ontology#>\nSELECT * {{ ?paper msk:evaluatedFor"


def test_classes_are_completed_by_any_part_of_their_name(visit: Visit) -> None:
    visit.open("/sparql")
    write(visit, f"PREFIX msk: <{BASE_IRI}ontology#>\nSELECT * {{ ?thing a ")
    visit.page.keyboard.type("Repos")
    visit.page.keyboard.press("Control+Space")
    expect(visit.page.locator(".CodeMirror-hint").first).to_have_text("msk:CodeRepository")


def test_results_are_drawn_as_a_chart_of_chosen_axes(visit: Visit, tmp_path: Path) -> None:
    visit.open("/sparql")
    visit.page.get_by_label("Start from a saved query").select_option("papers-by-modality")
    visit.page.get_by_role("button", name="Open and run").click()
    expect(visit.page.locator(ROWS).first).to_be_visible()
    visit.page.get_by_role("button", name="Shows Chart view").click()
    drawing = visit.page.get_by_label("A chart of the result")
    expect(drawing.locator("svg path").first).to_be_attached()
    visit.page.locator(".chart-controls").get_by_label("Kind").select_option("point")
    expect(drawing.locator("svg .mark-symbol path").first).to_be_attached()
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name="Download Results").click()
    saved.value.save_as(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_text().startswith("<svg")
    assert visit.violations() == []


def test_a_constructed_graph_is_drawn_as_a_network(visit: Visit) -> None:
    visit.open(address(DESCRIBE))
    expect(visit.page.locator(ROWS).first).to_be_visible()
    visit.page.get_by_role("button", name="Shows Graph view").click()
    drawing = visit.page.get_by_label("The result as a network")
    expect(drawing.locator("svg")).to_contain_text("modality:ecg")
    places = drawing.locator("svg .mark-symbol path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('transform'))"
    )
    assert len(set(places)) == len(places) > 10
    assert visit.violations() == []


def test_the_whole_answer_is_a_click_away_in_every_format(visit: Visit) -> None:
    visit.open(address(COUNT))
    formats = visit.page.locator(".downloads a")
    expect(formats).to_have_text(["JSON", "XML", "CSV", "TSV"])
    target = formats.first.get_attribute("href")
    answer = json.loads(visit.page.request.get(f"{visit.address}{target}").body())
    assert answer["head"]["vars"] == ["papers"]


def test_links_of_the_graph_lead_to_pages_of_this_host(visit: Visit) -> None:
    visit.open(
        address("SELECT ?paper { ?paper a <https://w3id.org/medsynth-kg/ontology#Paper> } ORDER BY ?paper LIMIT 1")
    )
    link = visit.page.locator(f"{ROWS} a.iri")
    expect(link).to_have_attribute("href", f"/{link.inner_text()}")
    assert link.inner_text().startswith("paper/")


@pytest.mark.parametrize("query", [DESCRIBE, BROKEN, "ASK { ?s ?p ?o }"])
def test_the_editor_is_accessible_in_light_and_in_the_dark(visit: Visit, query: str) -> None:
    visit.failing.add("/sparql")
    visit.open(address(query))
    expect(visit.page.locator(".tabPanel.active .yasr_results > *").first).to_be_visible()
    assert visit.violations() == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.violations(["color-contrast"]) == []


def test_the_editor_fits_a_phone(new_visit: NewVisit) -> None:
    visit = new_visit(viewport=PHONE)
    visit.open("/sparql")
    visit.page.get_by_role("button", name="Run query").click()
    expect(visit.page.locator(ROWS)).to_have_count(10)
    assert visit.overflow() == 0


def test_without_javascript_the_form_answers(new_visit: NewVisit) -> None:
    visit = new_visit(java_script_enabled=False)
    visit.open("/sparql")
    visit.page.get_by_label("Query", exact=True).fill(COUNT)
    visit.page.get_by_role("button", name="Run").click()
    expect(visit.page.get_by_role("heading", name="Answer")).to_be_visible()
    expect(visit.page.get_by_role("region", name="Result").locator("tbody tr")).to_have_count(1)
