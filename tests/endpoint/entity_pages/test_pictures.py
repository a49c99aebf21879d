"""Pages of papers and concepts have a picture, each with a list that says the same."""

import re
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, Quad
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.settings import Settings

from ..conftest import STATEMENTS, publish, quad

HTML = {"Accept": "text/html"}
CITES = "http://purl.org/spar/cito/cites"
DATE = "http://purl.org/dc/terms/issued"
TITLE = "http://purl.org/dc/terms/title"


def paper(path: str, label: str, *, author: str = "", year: str = "", title: bool = True) -> list[Quad]:
    iri = f"paper/{path}"
    return [
        quad(iri, "rdf:type", "msk:Paper"),
        quad(iri, "rdfs:label", Literal(label)),
        *([quad(iri, TITLE, Literal(label))] if title else []),
        *([quad(iri, DATE, Literal(year))] if year else []),
        *(
            [
                quad(iri, "msk:authorship", f"{iri}/authorship/1"),
                quad(f"{iri}/authorship/1", "msk:author", f"{iri}/author/1"),
                quad(f"{iri}/authorship/1", "msk:position", Literal(1)),
                quad(f"{iri}/author/1", "http://xmlns.com/foaf/0.1/name", Literal(author)),
            ]
            if author
            else []
        ),
    ]


def concept(path: str, label: str, *broader: str) -> list[Quad]:
    scheme = "msk:ModelFamily" if path.startswith("family/") else "msk:Architecture"
    return [
        quad(path, "rdf:type", scheme, "vocabulary"),
        quad(path, "skos:prefLabel", Literal(label, language="en"), "vocabulary"),
        *(quad(path, "skos:broader", one, "vocabulary") for one in broader),
    ]


CITATIONS = (
    *paper("a", "Hearts by machine", author="Ada Lovelace", year="2021-03-01"),
    *paper("b", "Lungs by machine", author="Alan Turing", year="2019"),
    *paper("c", "Untitled paper doi:c", year="2020", title=False),
    *paper("d", "Alone", author="Kurt Gödel", year="2020"),
    quad("paper/a", CITES, "paper/b", "crossref"),
    quad("paper/a", CITES, "paper/a", "crossref"),
    quad("paper/a", CITES, "https://doi.org/10.1000/elsewhere", "crossref"),
    quad("paper/c", CITES, "paper/a", "crossref"),
    quad("paper/c", CITES, "paper/b", "crossref"),
    quad("paper/b", "rdf:type", "msk:RetractedPaper", "crossref"),
)
FAMILY = (
    *concept("family/gan", "GAN"),
    *concept("architecture/stylegan", "StyleGAN", "family/gan"),
    *concept("architecture/dcgan", "DCGAN", "family/gan"),
    *concept("architecture/stylegan2", "StyleGAN2", "architecture/stylegan"),
    *(concept_ for number in range(50) for concept_ in concept(f"family/wide/{number}", f"W{number}", "family/wide")),
    *concept("family/wide", "Wide"),
    quad("paper/a", "msk:architecture", "architecture/stylegan2"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    releases = tmp_path_factory.mktemp("pictures")
    publish(releases, (*STATEMENTS, *CITATIONS, *FAMILY))
    endpoint = Endpoint(Settings(releases=releases, query_workers=1))
    yield Client(endpoint)
    endpoint.close()


def page(client: Client, path: str) -> str:
    return client.get(path, headers=HTML).text


def picture(client: Client, path: str) -> str:
    return page(client, path).partition('<figure class="picture')[2].partition("</figure>")[0]


def test_a_paper_stands_between_what_it_cites_and_what_cites_it(client: Client) -> None:
    drawn = picture(client, "/paper/a")
    assert re.findall(r'<a href="([^"]+)"', drawn) == ["/paper/b", "/paper/c", "/paper/a"]
    assert re.findall(r'<text class="(?:end|start|middle)[^>]*>([^<]+)<', drawn) == [
        "Turing 2019",
        "Untitled 2020",
        "Lovelace 2021",
    ]
    assert '<path class="among"' in drawn


def test_a_retracted_neighbour_is_marked_in_the_picture_and_in_the_list(client: Client) -> None:
    text = page(client, "/paper/a")
    assert "Turing 2019: Lungs by machine. Retracted or withdrawn</title>" in text
    listed = text.partition('<h3 id="cited">')[2].partition("</ul>")[0]
    assert 'Lungs by machine</a> <strong class="retracted">Retracted or withdrawn</strong>' in listed
    assert "Retracted" not in text.partition('<h3 id="citing">')[2].partition("</ul>")[0]


def test_a_paper_without_citations_here_has_no_picture(client: Client) -> None:
    assert picture(client, "/paper/d") == ""
    assert "Citations in the survey" not in page(client, "/paper/d")


@pytest.mark.parametrize("path", ["/family/gan", "/architecture/dcgan", "/architecture/stylegan2"])
def test_a_concept_stands_in_the_picture_of_its_whole_family(client: Client, path: str) -> None:
    drawn = picture(client, path)
    assert re.findall(r'<a href="([^"]+)"', drawn) == [
        "/family/gan",
        "/architecture/dcgan",
        "/architecture/stylegan",
        "/architecture/stylegan2",
    ]
    assert re.findall(r'<a href="([^"]+)" class="subject" aria-current="page"', drawn) == [path]
    assert "<title>StyleGAN2: 1 paper</title>" in drawn
    assert "not drawn" not in drawn


def test_of_a_wide_family_the_picture_says_how_much_it_leaves_out_and_the_list_has_all(client: Client) -> None:
    text = page(client, "/family/wide/7")
    drawn = picture(client, "/family/wide/7")
    assert re.findall(r'<a href="([^"]+)"', drawn) == ["/family/wide", "/family/wide/7", "#whole-tree"]
    assert "49 of 51 are not drawn" in drawn
    listed = text.partition('<details id="whole-tree">')[2].partition("</details>")[0]
    assert len(re.findall(r"<li>", listed)) == 51


def test_a_concept_without_relatives_has_no_picture(client: Client) -> None:
    assert picture(client, "/modality/ecg") == ""


@pytest.mark.parametrize("path", ["/paper/a", "/family/gan"])
def test_a_picture_has_its_looks_from_the_style_sheet_alone(client: Client, path: str) -> None:
    assert not re.search(r'(style|fill|stroke|on\w+)="', picture(client, path))
