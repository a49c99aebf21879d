"""Pages of things: where statements come from, how to cite them, what may be wrong, their trees and links."""

import csv
import json
import re
from pathlib import Path

import bibtexparser
import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.settings import BASE_IRI, Settings

from ..conftest import PAPER as PAPER_IRI
from ..conftest import STATEMENTS, publish, quad

HTML = {"Accept": "text/html"}
PAPER = "/paper/10.3390/s23198328"


def test_a_mark_opens_the_row_and_the_file_that_a_statement_comes_from(site: Client) -> None:
    page = site.get(PAPER, headers=HTML).text
    assert re.search(r'<li><a href="/entry/ecg/10\.3390/s23198328">Row \d+ of the survey', page)
    assert "data/metadata/curated/10.3390%2Fs23198328.json" in page
    assert re.search(r"read on 20\d\d-\d\d-\d\d", page)
    assert "data/metadata/curated/10.3390%2Fs23198328.json" in site.get(f"{PAPER}/author/1", headers=HTML).text
    assert "ontology/architecture.ttl" in site.get("/family/gan", headers=HTML).text


def test_whose_code_a_repository_holds_comes_from_a_decision_and_not_from_a_row(site: Client) -> None:
    page = site.get("/repository/github.com/debadityaqu/rddm", headers=HTML).text
    role = page.partition("msk:repositoryRole")[2].partition("</dd>")[0]
    assert "data/curation/repository-role.csv" in role
    assert "/entry/" not in role
    assert re.search(r'<li><a href="/entry/ecg/[^"]+">Row \d+ of the survey', page)


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_a_paper_is_cited_alike_by_suffix_by_negotiation_and_on_its_page(
    site: Client, extension: str, media_type: str
) -> None:
    by_suffix = site.get(f"{PAPER}.{extension}")
    negotiated = site.get(PAPER, headers={"Accept": media_type})
    assert by_suffix.status_code == negotiated.status_code == 200
    assert by_suffix.content_type.startswith(media_type)
    assert (by_suffix.data, negotiated.headers["Content-Location"]) == (negotiated.data, f"{PAPER}.{extension}")
    assert f'href="{PAPER}.{extension}"' in site.get(PAPER, headers=HTML).text


def test_a_paper_says_at_a_glance_where_to_read_it_and_where_its_code_is(site: Client) -> None:
    without = site.get(PAPER, headers=HTML).text.partition('class="facts"')[2].partition("</ul>")[0]
    assert "Sensors, 2023" in without
    assert 'href="https://doi.org/10.3390/s23198328">Read it at doi.org' in without
    assert "No public code known" in without
    known = csv.DictReader(site.get("/queries/code-repositories.csv").text.splitlines())
    paper = next(row["paper"].removeprefix(BASE_IRI) for row in known if row["address"].lower().endswith("rddm"))
    with_code = site.get(f"/{paper}", headers=HTML).text.partition('class="facts"')[2].partition("</ul>")[0]
    assert 'href="https://github.com/DebadityaQU/RDDM">Code at github.com/DebadityaQU/RDDM' in with_code


def test_authors_stand_in_the_papers_order_among_its_statements(site: Client) -> None:
    page = site.get(PAPER, headers=HTML).text.partition("What the graph says")[2]
    assert page.index("Md Haider Zama</a>") < page.index("Friedhelm Schwenker</a>")
    assert page.index("Md Haider Zama, author 1") < page.index("Friedhelm Schwenker, author 2")


def test_only_papers_are_cited(site: Client) -> None:
    assert site.get("/modality/ecg.bib").status_code == 404
    assert site.get("/modality/ecg", headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_the_graph_itself_is_cited_by_its_release(site: Client) -> None:
    response = site.get("/citation.bib")
    (entry,) = bibtexparser.loads(response.text).entries
    assert entry["version"] == response.headers["Release-Id"]
    assert json.loads(site.get("/citation.csl.json").text)[0]["type"] == "dataset"
    assert entry["ID"] in site.get("/about", headers=HTML).text
    assert site.get("/citation.pdf").status_code == 404


def test_the_home_page_cites_the_graph_in_the_words_of_its_citation(site: Client) -> None:
    (entry,) = bibtexparser.loads(site.get("/citation.bib").text).entries
    (line,) = re.findall(r'aria-label="How to cite">(.*)</pre>', site.get("/", headers=HTML).text)
    author = entry["author"].strip("{}")
    assert line == f"{author} ({entry['year']}). {entry['title']}, release {entry['version']}. {entry['url']}"


def test_findings_about_a_paper_are_on_its_page(site: Client) -> None:
    page = site.get("/paper/10.1145/3477314.3507300", headers=HTML).text
    assert "No source gives the title of this paper." in page.partition("What may be wrong")[2]


def test_a_concept_stands_in_its_tree(site: Client) -> None:
    tree = site.get("/architecture/stylegan2-ada", headers=HTML).text.partition("Where it belongs")[2]
    places = [tree.index(f">{name}<") for name in ("Generative adversarial network", "StyleGAN2", "StyleGAN2-ADA")]
    assert places == sorted(places)
    assert '<strong aria-current="true">StyleGAN2-ADA</strong>' in tree


def test_links_out_of_the_graph_are_apart_from_what_it_says(site: Client) -> None:
    said, _, elsewhere = site.get(PAPER, headers=HTML).text.partition("<h2>Elsewhere</h2>")
    assert "https://doi.org/10.3390/s23198328</a>" in elsewhere
    assert 'href="https://doi.org/10.3390/s23198328"' not in said.partition("What the graph says")[2]


def test_what_refers_to_a_thing_comes_in_pages(tmp_path: Path) -> None:
    publish(tmp_path, (*STATEMENTS, *(quad(f"paper/{n:03}", "msk:modality", "modality/ecg") for n in range(150))))
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        first, second = (
            Client(endpoint).get("/modality/ecg", query_string={"page": page}, headers=HTML).text for page in (1, 2)
        )
    finally:
        endpoint.close()
    shown = [set(re.findall(r'href="(/paper/\d+)"', page)) for page in (first, second)]
    assert (len(shown[0] | shown[1]), shown[0] & shown[1]) == (150, set())
    assert 'rel="next" href="/modality/ecg?page=2#mentions"' in first
    assert "Page 2 of 2" in second


def test_a_paper_shows_the_papers_here_that_it_cites_and_that_cite_it(tmp_path: Path) -> None:
    cites = quad("paper/arxiv/2301.00001", "http://purl.org/spar/cito/cites", PAPER_IRI, "crossref")
    publish(tmp_path, (*STATEMENTS, cites))
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        citing = Client(endpoint).get("/paper/arxiv/2301.00001", headers=HTML).text
        cited = Client(endpoint).get(f"/{PAPER_IRI.removeprefix(BASE_IRI)}", headers=HTML).text
    finally:
        endpoint.close()
    assert "Less &lt;b&gt;than" in citing.partition("Papers here that it cites")[2]
    assert "Another paper" in cited.partition("Papers here that cite it")[2]


def test_a_person_without_an_orcid_id_leads_to_the_papers_of_the_same_name(site: Client) -> None:
    page = site.get("/paper/arxiv/2303.02475/author/1", headers=HTML).text
    assert '<p class="trail"><a href="/person">People</a>' in page
    namesakes = page.partition("Papers by the same name")[2].partition("</ul>")[0]
    assert "Synthetic ECG Signal Generation Using Generative Neural Networks</a>" in namesakes
    assert '/author/1">as Edmond Adib</a>' in namesakes
    assert "/paper/arxiv/2303.02475/" not in namesakes
    assert "Papers by the same name" not in site.get(f"{PAPER}/author/1", headers=HTML).text
