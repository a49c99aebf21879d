"""The reconciliation service as OpenRefine uses it, over the shipped data."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import validate
from werkzeug.test import Client

from medsynth_kg.endpoint.reconciliation.requests import BATCH_SIZE, TEXT_LENGTH
from medsynth_kg.endpoint.reconciliation.schema import PROPERTIES, TYPES
from medsynth_kg.settings import BASE_IRI

from . import schemas

HTML = {"Accept": "text/html"}
PAPER = "paper/arxiv/2303.02475"
TITLE = "Synthetic ECG Signal Generation using Probabilistic Diffusion Models"


def get(client: Client, path: str, schema: schemas.Schema) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    document = json.loads(response.data)
    validate(document, schema)
    return document


def reconcile(client: Client, **query: Any) -> list[dict[str, Any]]:
    response = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    assert response.status_code == 200, response.text
    document = json.loads(response.data)
    validate(document, schemas.CANDIDATES)
    candidates: list[dict[str, Any]] = document["q0"]["result"]
    return candidates


def extend(client: Client, ids: list[str], *properties: Any) -> Any:
    query = {"ids": ids, "properties": [one if isinstance(one, dict) else {"id": one} for one in properties]}
    response = client.post("/reconcile", data={"extend": json.dumps(query)})
    assert response.status_code == 200, response.text
    document = json.loads(response.data)
    validate(document, schemas.VALUES)
    return document


def detail(client: Client, **form: str) -> str:
    response = client.post("/reconcile", data=form)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    return str(json.loads(response.data)["detail"])


def test_a_bare_get_gives_the_manifest(site: Client) -> None:
    manifest = get(site, "/reconcile", schemas.MANIFEST)
    assert manifest["identifierSpace"] == BASE_IRI
    assert {known["id"] for known in manifest["defaultTypes"]} == {known.id for known in TYPES}
    assert site.get("/reconcile/", headers=HTML).data == site.get("/reconcile").data


def test_what_the_manifest_names_is_there(site: Client) -> None:
    manifest = get(site, "/reconcile", schemas.MANIFEST)
    encoded = quote(PAPER, safe="")
    view = site.get(manifest["view"]["url"].replace("{{id}}", encoded))
    assert (view.status_code, view.headers["Location"]) == (303, f"/{PAPER}")
    for thing, identifier in (("entity", encoded), ("property", "doi"), ("type", "Paper")):
        suggest = manifest["suggest"][thing]
        address = suggest["flyout_service_url"] + suggest["flyout_service_path"].replace("${id}", identifier)
        flyout = json.loads(site.get(address).data)
        assert flyout.keys() == {"id", "html"}
        assert site.get(suggest["service_url"] + suggest["service_path"] + "?prefix=p").status_code == 200


def test_any_page_may_ask_the_service_and_show_its_previews(site: Client) -> None:
    preflight = site.options("/reconcile")
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert site.get("/reconcile").headers["Access-Control-Allow-Origin"] == "*"
    preview = site.get(f"/reconcile/preview?id={quote(PAPER, safe='')}")
    assert (preview.status_code, TITLE in preview.text) == (200, True)
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "script" not in preview.text


def test_a_title_with_faults_is_a_match(site: Client) -> None:
    first, *others = reconcile(site, query=TITLE.lower().replace("diffusion", "difusion"), type="Paper")
    assert (first["id"], first["name"], first["match"]) == (PAPER, TITLE, True)
    assert all(first["score"] > other["score"] and not other["match"] for other in others)
    assert {known["id"] for candidate in (first, *others) for known in candidate["type"]} == {"Paper"}


@pytest.mark.parametrize(
    "title", ["Denoising Diffusion Probabilistic Models", "Generative Adversarial Networks", "Synthetic Data"]
)
def test_a_title_that_is_a_part_of_another_is_no_match(site: Client, title: str) -> None:
    assert not any(candidate["match"] for candidate in reconcile(site, query=title, type="Paper"))
    agreeing = [{"pid": "modality", "v": "EEG"}]
    assert not any(candidate["match"] for candidate in reconcile(site, query=title, type="Paper", properties=agreeing))


@pytest.mark.parametrize(
    ("name", "entity"),
    [("conditional WGAN", "architecture/cwgan"), ("stylegan2", "architecture/stylegan2"), ("GPT", "architecture/gpt")],
)
def test_a_whole_name_is_a_match_whatever_resembles_it(site: Client, name: str, entity: str) -> None:
    first, *others = reconcile(site, query=name, type="Architecture")
    assert (first["id"], first["score"], first["match"]) == (entity, 100, True)
    assert others
    assert not any(other["match"] for other in others)


def test_a_whole_name_that_two_have_is_no_match_without_a_type(site: Client) -> None:
    assert not any(candidate["match"] for candidate in reconcile(site, query="RDDM"))
    assert reconcile(site, query="RDDM", type="Architecture")[0]["match"]


@pytest.mark.parametrize("query", [PAPER, BASE_IRI + PAPER, "arXiv:2303.02475v2"])
def test_an_identifier_as_the_query_gives_its_entity(site: Client, query: str) -> None:
    (candidate,) = reconcile(site, query=query)
    assert (candidate["id"], candidate["score"], candidate["match"]) == (PAPER, 100, True)


@pytest.mark.parametrize(
    "type_name", ["Modality", ["Modality", "Metric"], "msk:Modality", f"{BASE_IRI}ontology#Modality"]
)
def test_a_type_can_be_written_in_several_ways(site: Client, type_name: str | list[str]) -> None:
    assert reconcile(site, query="EKG", type=type_name, type_strict="any")[0]["id"] == "modality/ecg"


def test_an_identifier_among_the_properties_decides(site: Client) -> None:
    stated = [{"pid": "doi", "v": "https://doi.org/10.3390/S23198328"}]
    candidate = reconcile(site, query="some other title", properties=stated)[0]
    assert (candidate["id"], candidate["score"], candidate["match"]) == ("paper/10.3390/s23198328", 100, True)
    assert reconcile(site, properties=stated)[0]["id"] == "paper/10.3390/s23198328"


def test_properties_that_agree_tell_namesakes_apart(site: Client) -> None:
    def scores(**stated: Any) -> dict[str, float]:
        properties = [{"pid": pid, "v": value} for pid, value in stated.items()]
        found = reconcile(site, query="Synthetic Signal Generation", type="Paper", properties=properties)
        return {candidate["id"]: candidate["score"] for candidate in found}

    sleep = "paper/openreview/mDwURmlapW"
    assert next(iter(scores(modality="EEG"))) == sleep
    assert next(iter(scores(modality={"id": "modality/ecg", "name": "Electrocardiogram"}))) != sleep
    assert scores(year=2023, modality=["EEG", "no such data"])[sleep] > scores(year="1999")[sleep]
    assert scores(author="Edmond Adb")[PAPER] > scores(author="Somebody Else")[PAPER]


def test_properties_alone_find_what_has_them(site: Client) -> None:
    found = reconcile(
        site,
        type="Paper",
        properties=[{"pid": "modality", "v": "ECG"}, {"pid": "year", "v": 2023}, {"pid": "modelFamily", "v": "DM"}],
    )
    assert found[0]["score"] == 100
    assert PAPER in {
        candidate["id"]
        for candidate in reconcile(
            site, limit=50, properties=[{"pid": "modality", "v": "ECG"}, {"pid": "modelFamily", "v": "DM"}]
        )
        if candidate["score"] == 100
    }


def test_every_property_can_be_a_constraint_by_each_of_its_names(site: Client) -> None:
    for known in PROPERTIES:
        for name in (known.id, known.iri):
            assert isinstance(reconcile(site, query="ecg", properties=[{"pid": name, "v": "2023"}]), list)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_no_more_candidates_come_than_are_wanted(site: Client, limit: int) -> None:
    assert len(reconcile(site, query="ecg gan", limit=limit)) <= limit


# What OpenRefine 3.8 sends: a form with one parameter, several queries at once, strings for numbers.
OPENREFINE_BATCH = (
    '{"q0":{"query":"style gan 2","type":"Architecture","type_strict":"should","limit":5},'
    '"q1":{"query":"Amanda S Fernandez","type":"Person","type_strict":"should","limit":5},'
    '"q2":{"query":"Sensors (Basel)","type":"Venue","type_strict":"should","limit":5,'
    '"properties":[{"pid":"venueKind","v":"journal"}]},"q3":{"query":"  ","limit":5}}'
)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_batch_is_answered_query_by_query(site: Client, method: str) -> None:
    if method == "GET":
        response = site.get("/reconcile", query_string={"queries": OPENREFINE_BATCH})
    else:
        response = site.post(
            "/reconcile",
            data="queries=" + quote(OPENREFINE_BATCH),
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
        )
    answer = json.loads(response.data)
    validate(answer, schemas.CANDIDATES)
    assert list(answer) == ["q0", "q1", "q2", "q3"]
    assert answer["q0"]["result"][0]["id"] == "architecture/stylegan2"
    assert answer["q1"]["result"][0]["name"] == "Amanda S. Fernandez"
    assert answer["q2"]["result"][0]["name"] == "Sensors"
    assert answer["q3"]["result"] == []


def test_suggestions_begin_with_what_is_typed(site: Client) -> None:
    entities = get(site, "/reconcile/suggest/entity?prefix=styleg", schemas.SUGGESTED_ENTITIES)
    assert entities["result"][0]["id"] == "architecture/stylegan"
    further = get(site, "/reconcile/suggest/entity?prefix=styleg&cursor=1", schemas.SUGGESTED_ENTITIES)
    assert further["result"][0] == entities["result"][1]
    by_id = get(site, f"/reconcile/suggest/entity?prefix={PAPER}", schemas.SUGGESTED_ENTITIES)
    assert [found["id"] for found in by_id["result"]] == [PAPER]
    properties = get(site, "/reconcile/suggest/property?prefix=moda", schemas.SUGGESTED_TERMS)
    assert properties["result"][0]["id"] == "modality"
    types = get(site, "/reconcile/suggest/type?prefix=", schemas.SUGGESTED_TERMS)
    assert [found["id"] for found in types["result"]] == [known.id for known in TYPES]


def test_proposed_properties_are_those_of_the_type(site: Client) -> None:
    proposed = get(site, "/reconcile/properties?type=Venue", schemas.PROPOSALS)
    assert {one["id"] for one in proposed["properties"]} == {"title", "issn", "venueKind", "papers"}
    assert len(get(site, "/reconcile/properties?type=Paper&limit=3", schemas.PROPOSALS)["properties"]) == 3


def test_values_are_fetched_column_by_column(site: Client) -> None:
    answer = extend(
        site,
        [PAPER, "modality/ecg"],
        "modality",
        "year",
        {"id": "author", "settings": {"limit": "2"}},
        "papers",
    )
    assert answer["meta"][0] == {"id": "modality", "name": "Modality", "type": {"id": "Modality", "name": "Modality"}}
    row = answer["rows"][PAPER]
    assert row["modality"] == [{"id": "modality/ecg", "name": "Electrocardiogram"}]
    assert row["year"] == [{"int": 2023}]
    assert len(row["author"]) == 2
    assert answer["rows"]["modality/ecg"]["papers"][0]["int"] > 1
    assert answer["rows"]["modality/ecg"]["year"] == []


def test_every_property_can_be_fetched_and_an_unknown_entity_has_no_values(site: Client) -> None:
    answer = extend(site, [PAPER, "no/such thing"], *(known.id for known in PROPERTIES))
    assert not any(answer["rows"]["no/such thing"].values())
    assert sum(bool(values) for values in answer["rows"][PAPER].values()) >= 8


@pytest.mark.parametrize(
    ("queries", "reason"),
    [
        ("{", "queries: Invalid JSON"),
        ("[" * 50_000, "queries: Invalid JSON"),
        ("[]", "queries: Input should be an object"),
        (json.dumps({str(n): {"query": "x"} for n in range(BATCH_SIZE + 1)}), "should have at most 100 items"),
    ],
)
def test_a_batch_that_is_none_is_refused_with_the_reason(site: Client, queries: str, reason: str) -> None:
    assert reason in detail(site, queries=queries)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({}, "queries.bad: a query needs a `query` or `properties`"),
        (None, "queries.bad: Input should be"),
        ({"query": 5}, "queries.bad.query: Input should be a valid string"),
        ({"query": "ecg", "limit": 0}, "queries.bad.limit: Input should be greater than or equal to 1"),
        ({"query": "ecg", "type": "Galaxy"}, "there is no type Galaxy; /reconcile/suggest/type lists"),
        ({"properties": [{"pid": "colour", "v": 1}]}, "there is no property colour; /reconcile/suggest"),
        ({"query": "ecg", "properties": [{"pid": "doi"}]}, "queries.bad.properties.0.v: Field required"),
        ({"query": "x" * (TEXT_LENGTH + 1)}, "queries.bad.query: String should have at most 1000"),
    ],
)
def test_a_bad_query_fails_alone_with_the_reason(site: Client, query: Any, reason: str) -> None:
    batch = {"good": {"query": TITLE}, "bad": query}
    response = site.post("/reconcile", data={"queries": json.dumps(batch)})
    assert response.status_code == 200
    answer = json.loads(response.data)
    validate(answer, schemas.CANDIDATES)
    assert answer["good"]["result"][0]["id"] == PAPER
    assert answer["bad"]["result"] == []
    assert reason in answer["bad"]["error"]["detail"]
    assert (answer["bad"]["error"]["status"], "error" in answer["good"]) == (400, False)


def test_a_request_that_is_none_is_refused_with_the_reason(site: Client) -> None:
    assert "send a form with `queries` or `extend`" in detail(site)
    assert "not both" in detail(site, queries="{}", extend="{}")
    assert "extend.ids: Field required" in detail(site, extend='{"properties": []}')
    many = json.dumps({"ids": ["x"] * (BATCH_SIZE + 1), "properties": []})
    assert "extend.ids: Tuple should have at most 100 items" in detail(site, extend=many)


@pytest.mark.parametrize("text", ['"', "NEAR(", "\0", "' OR 1=1 --", "心", "*"])
def test_hostile_text_is_a_name_like_any_other(site: Client, text: str) -> None:
    stated = [{"pid": known.id, "v": text} for known in PROPERTIES]
    assert isinstance(reconcile(site, query=text, properties=stated), list)
    assert site.get("/reconcile/suggest/entity", query_string={"prefix": text}).status_code == 200


def test_what_is_not_there_is_not_found_and_other_methods_are_refused(site: Client) -> None:
    assert site.get("/reconcile/preview?id=none").status_code == 404
    assert site.get("/reconcile/view?id=").status_code == 404
    assert site.get("/reconcile/flyout/thing?id=x").status_code == 404
    assert site.put("/reconcile").headers["Allow"] == "GET, HEAD, OPTIONS, POST"
