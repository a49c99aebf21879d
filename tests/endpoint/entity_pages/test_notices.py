"""A page says first what tells against relying on the thing, and what a repository is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.settings import Settings

from ..conftest import PAPER, STATEMENTS, publish, quad

REPOSITORY = "repository/github.com/owner/name"
XSD = "http://www.w3.org/2001/XMLSchema#"
Page = Callable[..., str]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    opened: list[Endpoint] = []

    def get(path: str, *statements: Quad) -> str:
        publish(tmp_path, (*STATEMENTS, *statements))
        opened.append(Endpoint(Settings(releases=tmp_path, query_workers=1)))
        return Client(opened[-1]).get(path, headers={"Accept": "text/html"}).get_data(as_text=True)

    yield get
    for endpoint in opened:
        endpoint.close()


def state(**values: bool | str) -> list[Quad]:
    terms = {
        name: Literal(value) if isinstance(value, bool) else Literal(value, datatype=NamedNode(f"{XSD}date"))
        for name, value in values.items()
    }
    return [quad(REPOSITORY, f"msk:{name}", term, "github") for name, term in terms.items()]


def notice(label: str, *doi: str) -> list[Quad]:
    paper, subject = "paper/arxiv/2301.00001", f"paper/arxiv/2301.00001/notice/{label.replace(' ', '-')}"
    return [
        quad(paper, "msk:notice", subject, "crossref"),
        quad(subject, "rdf:type", "msk:Notice", "crossref"),
        quad(subject, "rdfs:label", Literal(label, language="en"), "crossref"),
        *(quad(subject, "http://xmlns.com/foaf/0.1/page", f"https://doi.org/{one}", "crossref") for one in doi),
    ]


def test_a_retraction_stands_above_everything_with_its_notice(page: Page) -> None:
    text = page(
        "/paper/arxiv/2301.00001",
        quad("paper/arxiv/2301.00001", "rdf:type", "msk:RetractedPaper", "crossref"),
        *notice("retraction, 2024-01-01", "10.1000/notice"),
    )
    assert 'role="alert">This paper has been retracted or withdrawn. <a href="https://doi.org/10.1000/notice">' in text
    assert ">retraction, 2024-01-01</a>" in text
    assert text.index("has been retracted") < text.index("What the graph says")


def test_a_correction_is_told_too(page: Page) -> None:
    text = page("/paper/arxiv/2301.00001", *notice("correction", "10.1000/notice"))
    assert 'There is a notice about this paper: <a href="https://doi.org/10.1000/notice">correction</a>' in text
    assert "retracted" not in text


def test_a_notice_without_a_text_leads_to_what_the_graph_says_of_it(page: Page) -> None:
    text = page("/paper/arxiv/2301.00001", *notice("erratum"))
    assert '<a href="/paper/arxiv/2301.00001/notice/erratum">erratum</a>' in text


def test_a_paper_in_good_standing_has_no_notice(page: Page) -> None:
    assert 'class="notice' not in page(f"/{PAPER.partition('medsynth-kg/')[2]}")


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("authors", "own authors published this code"),
        ("original method", "an earlier method by others"),
        ("placeholder", "holds no code"),
        ("unknown", "Nobody has checked yet"),
    ],
)
def test_a_repository_says_whose_code_it_holds(page: Page, role: str, said: str) -> None:
    assert said in page(f"/{REPOSITORY}", quad(REPOSITORY, "msk:repositoryRole", Literal(role)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"gone": True}, "This repository was gone on 2026-11-23, when it was last checked."),
        ({"gone": False, "archived": True}, "archived by its owner"),
        ({"gone": False, "archived": False}, "This repository was there on 2026-11-23"),
    ],
)
def test_a_repository_says_whether_it_is_there_and_when_that_was_checked(
    page: Page, values: dict[str, bool], said: str
) -> None:
    text = page(f"/{REPOSITORY}", *state(checked="2026-11-23", **values))
    assert said in text
    assert ('role="alert"' in text) == values["gone"]
