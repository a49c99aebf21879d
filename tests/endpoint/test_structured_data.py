"""What search engines read from a page is what the page says."""

import json
import re
from typing import Any

import pytest
from werkzeug.test import Client

from medsynth_kg.settings import BASE_IRI

HTML = {"Accept": "text/html"}


def structured(site: Client, path: str) -> dict[str, Any]:
    text = site.get(path, headers=HTML).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    document: dict[str, Any] = json.loads(block)
    assert (document["@context"], document["@id"]) == ("https://schema.org", BASE_IRI + path.lstrip("/"))
    return document


def test_a_paper_has_its_authors_its_doi_its_journal_and_what_it_is_about(site: Client) -> None:
    paper = structured(site, "/paper/10.3390/s23198328")
    assert [author["name"] for author in paper["author"]] == ["Md Haider Zama", "Friedhelm Schwenker"]
    assert paper["author"][0]["@id"].startswith(f"{BASE_IRI}p")
    assert paper["identifier"] == [{"@type": "PropertyValue", "propertyID": "DOI", "value": "10.3390/s23198328"}]
    assert [(venue["@type"], venue["name"]) for venue in paper["isPartOf"]] == [("CreativeWork", "Sensors")]
    assert {"@type": "DefinedTerm", "@id": f"{BASE_IRI}modality/ecg", "name": "Electrocardiogram"} in paper["about"]
    assert "codeRepository" not in paper
    assert "mentions" not in paper


def test_a_paper_mentions_its_code_by_the_name_that_the_repository_has(site: Client) -> None:
    (code,) = structured(site, "/paper/arxiv/2308.13568")["mentions"]
    repository = structured(site, "/repository/github.com/debadityaqu/rddm")
    assert [code["codeRepository"]] == repository["codeRepository"] == ["https://github.com/DebadityaQU/RDDM"]
    assert all(code[key] == repository[key] for key in ("@type", "@id", "name"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sensors", "Periodical"),
        ("generative-adversarial-learning-architectures-and-applications", "Book"),
        ("arxiv", "CreativeWork"),
    ],
)
def test_a_venue_is_what_its_kind_is(site: Client, name: str, kind: str) -> None:
    assert structured(site, f"/venue/{name}")["@type"] == kind
    assert f'<https://schema.org/{kind}>; rel="type"' in site.get(f"/venue/{name}", headers=HTML).headers["Link"]


@pytest.mark.parametrize(
    ("path", "kind", "key", "value"),
    [
        ("/modality/ecg", "DefinedTerm", "alternateName", "EKG"),
        ("/repository/github.com/debadityaqu/rddm", "SoftwareSourceCode", "codeRepository", "https://github.com/"),
    ],
)
def test_other_things_have_what_schema_org_has_a_word_for(
    site: Client, path: str, kind: str, key: str, value: str
) -> None:
    document = structured(site, path)
    assert document["@type"] == kind
    assert any(one.startswith(value) for one in document[key])


def test_the_author_of_a_paper_is_a_person_and_no_paper(site: Client) -> None:
    path = "/paper/10.3390/s23198328/author/1"
    document = structured(site, path)
    assert (document["@type"], document["name"], "headline" in document) == ("Person", "Md Haider Zama", False)
    assert "https://schema.org/Person" in site.get(path, headers=HTML).headers["Link"]


def test_what_is_a_part_of_a_paper_is_nothing_that_schema_org_has_a_word_for(site: Client) -> None:
    response = site.get("/paper/10.3390/s23198328/authorship/1", headers=HTML)
    assert response.status_code == 200
    assert "ScholarlyArticle" not in response.text + response.headers["Link"]
