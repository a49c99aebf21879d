"""Questions are found by their words, asked with parameters, drawn, and taken away in any form."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results
from werkzeug.test import Client

from medsynth_kg.settings import BASE_IRI

from .test_site import HTML, Outline

MODALITY = "/queries/papers-of-a-modality"


def test_questions_are_found_by_all_their_words(client: Client) -> None:
    def found(words: str) -> list[str]:
        page = client.get("/queries/", query_string={"q": words}, headers=HTML).text
        return [link.removeprefix("/queries/") for link in Outline(page).links if link.startswith("/queries/paper")]

    assert found("MODALITY papers one") == ["papers-of-a-modality"]
    assert "papers-drawn" in found("models and methods")
    assert found("nothing has this") == []
    assert len(found("")) == 5


def test_what_was_sought_stays_in_its_field_and_is_only_text(client: Client) -> None:
    page = client.get("/queries/", query_string={"q": '"><script>'}, headers=HTML).text
    assert 'value="&#34;&gt;&lt;script&gt;"' in page


@pytest.mark.parametrize(
    "value", ["ecg", "ECG", "EKG", "electrocardiogram", " Electrocardiogram ", f"{BASE_IRI}modality/ecg"]
)
def test_a_value_is_a_slug_a_label_or_an_iri(client: Client, value: str) -> None:
    answer = client.get(f"{MODALITY}.csv", query_string={"modality": value})
    assert answer.status_code == 200
    assert answer.text.count("\r\n") == 2


def test_an_unknown_value_is_refused_with_the_choices_as_a_page_too(client: Client) -> None:
    page = client.get(f"{MODALITY}?modality=eeg", headers=HTML)
    assert page.status_code == 400
    assert "it takes ecg" in page.text


@pytest.mark.parametrize("suffix", ["", ".csv", ".json", ".rq", ".vega.json"])
def test_a_misspelt_parameter_is_refused_with_those_that_there_are(client: Client, suffix: str) -> None:
    response = client.get(f"{MODALITY}{suffix}?modalty=ecg")
    assert response.status_code == 400
    assert json.loads(response.data)["detail"] == (
        f"{MODALITY} has no parameter “modalty” (did you mean modality?); it takes modality"
    )


def test_a_question_without_parameters_takes_none(client: Client) -> None:
    response = client.get("/queries/papers?format=csv", headers=HTML)
    assert response.status_code == 400
    assert "/queries/papers has no parameter “format”; it takes none" in response.text


def test_what_others_add_to_a_link_does_no_harm(client: Client) -> None:
    assert client.get(f"{MODALITY}.csv?modality=&utm_source=mail").status_code == 200


def test_a_page_keeps_its_parameters_in_all_that_it_links(client: Client) -> None:
    page = client.get(f"{MODALITY}?modality=EKG", headers=HTML).text
    links = Outline(page).links
    assert f"{MODALITY}.csv?modality=ecg" in links
    assert f"{MODALITY}.csv?modality=ecg" in page.split("curl", 1)[1]
    (permalink,) = (link for link in links if link.startswith("/releases/") and "/sparql?" in link)
    assert f"<{BASE_IRI}modality/ecg>" in parse_qs(urlsplit(permalink).query)["query"][0]


def test_a_permanent_link_answers_from_its_release(client: Client) -> None:
    page = client.get(f"{MODALITY}?modality=ecg", headers=HTML).text
    (permalink,) = (link for link in Outline(page).links if link.startswith("/releases/") and "/sparql?" in link)
    answer = client.get(permalink, headers={"Accept": "application/sparql-results+json"})
    assert answer.headers["Release-Id"] == urlsplit(permalink).path.split("/")[2]
    assert len(list(parse_query_results(answer.data, QueryResultsFormat.JSON))) == 1  # type: ignore[arg-type]  # a SELECT


def test_a_chart_is_a_figure_with_words_data_and_a_specification(client: Client) -> None:
    page = client.get("/queries/papers-drawn", headers=HTML).text
    assert 'data-spec="/queries/papers-drawn.vega.json"' in page
    assert "Bar chart: papers by kind of data. Most:" in page
    assert 'role="img"' in page
    assert "/queries/papers-drawn.csv" in Outline(page).links
    specification = client.get("/queries/papers-drawn.vega.json")
    assert specification.headers["Content-Type"] == "application/vnd.vegalite.v5+json"
    assert json.loads(specification.data)["data"]["values"] == [{"position": f"{BASE_IRI}modality/ecg", "number": 1}]
    again = client.get("/queries/papers-drawn.vega.json", headers={"If-None-Match": specification.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("slug", ["papers", "papers-as-graph", "papers-elsewhere"])
def test_an_answer_without_chart_has_no_specification(client: Client, slug: str) -> None:
    assert client.get(f"/queries/{slug}.vega.json").status_code == 404


def test_a_thing_and_its_label_share_a_column_of_the_page_but_not_of_the_data(client: Client) -> None:
    page = client.get("/queries/papers", headers=HTML).text
    assert '<a href="/paper/arxiv/2301.00001">Another paper</a>' in page
    assert page.count('<th role="columnheader" scope="col">') == 1
    assert client.get("/queries/papers.csv").text.startswith("paper,label\r\n")


def test_an_empty_answer_is_told_in_words_with_ways_on(client: Client) -> None:
    page = client.get(f"{MODALITY}?modality=mri", headers=HTML).text
    assert "This release has no answer for modality <strong>Magnetic resonance imaging</strong>" in page
    assert MODALITY in Outline(page).links


@pytest.mark.parametrize("parameter", ["modality", "family", "architecture", "category"])
def test_a_choice_has_as_many_papers_as_it_promises(site: Client, parameter: str) -> None:
    page = site.get("/queries/find-papers", headers=HTML).text
    (field,) = re.findall(rf'<select[^>]* name="{parameter}".*?</select>', page, re.DOTALL)
    promised = {slug: int(papers) for slug, papers in re.findall(r'value="([^"]+)"[^>]*>[^<]* \((\d+)\)<', field)}
    assert len(promised) > 3
    for slug, papers in promised.items():
        answer = site.get("/queries/find-papers.json", query_string={parameter: slug})
        bindings = json.loads(answer.data)["results"]["bindings"]
        assert len({binding["paper"]["value"] for binding in bindings}) == papers, slug
