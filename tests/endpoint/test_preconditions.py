"""Conditional requests and ranges, by the rules of RFC 9110 that its sections 13 and 14 have."""

import json
from collections.abc import Mapping

import pytest
from werkzeug.test import Client, TestResponse

from medsynth_kg.settings import Settings

ASK = "/sparql?query=ASK%7B%7D"
PAGES = ["/", "/paper/arxiv/2301.00001", "/static/style.css", "/openapi.json", "/void.ttl", "/queries/papers"]
ANSWERS = [ASK, "/sparql?query=ASK%7B%7D%23again", "/paper/arxiv/2301.00001.ttl", "/queries/papers.csv"]
EARLIER, LATER = "Thu, 28 Nov 1996 07:00:00 GMT", "Thu, 28 Nov 2199 07:00:00 GMT"


@pytest.fixture
def dump(settings: Settings) -> str:
    return f"/dumps/{(settings.releases / 'current').resolve().name}/medsynth-kg.ttl"


def get(client: Client, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> TestResponse:
    response = client.open(path, headers=dict(headers or {}), method=method)
    response.get_data()
    response.close()
    return response


def is_refused(response: TestResponse) -> bool:
    """Whether it is the failure of a precondition, and neither may be kept nor has what was asked for."""
    is_problem = response.content_type == "application/problem+json" and response.headers["Cache-Control"] == "no-store"
    return response.status_code == 412 and is_problem and json.loads(response.data)["status"] == 412


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_whatever_there_is_matches_the_star_and_no_weak_entity_tag_matches(client: Client, path: str) -> None:
    there = get(client, path)
    assert there.headers["ETag"].startswith('W/"')
    assert get(client, path, {"If-Match": "*"}).data == there.data
    for tag in ('"x"', there.headers["ETag"], there.headers["ETag"].removeprefix("W/")):
        assert is_refused(get(client, path, {"If-Match": tag}))


def test_a_dump_matches_its_own_entity_tag(client: Client, dump: str) -> None:
    there = get(client, dump)
    for matching in ("*", there.headers["ETag"], f'"x", {there.headers["ETag"]}'):
        assert get(client, dump, {"If-Match": matching}).data == there.data
    for other in ('"x"', f"W/{there.headers['ETag']}"):
        assert is_refused(get(client, dump, {"If-Match": other}))
        assert is_refused(get(client, dump, {"If-Match": other, "Range": "bytes=0-9"}))


def test_a_dump_is_refused_to_who_means_an_older_one(client: Client, dump: str) -> None:
    assert is_refused(get(client, dump, {"If-Unmodified-Since": EARLIER}))
    assert get(client, dump, {"If-Unmodified-Since": LATER}).status_code == 200
    tag = get(client, dump).headers["ETag"]
    assert get(client, dump, {"If-Unmodified-Since": EARLIER, "If-Match": tag}).status_code == 200


def test_who_has_it_already_gets_no_part_either(client: Client, dump: str) -> None:
    tag = get(client, dump).headers["ETag"]
    for same in ("*", tag, f"W/{tag}", f'"x", {tag}'):
        again = get(client, dump, {"If-None-Match": same, "Range": "bytes=0-9"})
        assert (again.status_code, again.data) == (304, b"")
    assert get(client, dump, {"If-None-Match": '"x"', "If-Modified-Since": LATER}).status_code == 200
    assert get(client, dump, {"If-Modified-Since": LATER}).status_code == 304
    assert get(client, dump, {"If-Modified-Since": EARLIER}).status_code == 200


def test_the_pages_of_queries_match_nothing_either(client: Client) -> None:
    for path in ("/sparql", ASK):
        for accept in ("text/html", "text/turtle, application/sparql-results+json"):
            assert get(client, path, {"Accept": accept}).status_code == 200
            assert is_refused(get(client, path, {"Accept": accept, "If-Match": '"x"'}))


def test_who_means_another_answer_is_refused_whatever_they_have(client: Client) -> None:
    tag = get(client, f"{ASK}%23kept").headers["ETag"]
    for path in (f"{ASK}%23kept", f"{ASK}%23not-kept"):
        assert is_refused(get(client, path, {"If-Match": '"x"', "If-None-Match": f'"x", {tag}, *'}))


def test_what_fails_anyway_fails_for_its_own_reason(client: Client) -> None:
    for path, status in (("/sparql?query=nonsense", 400), ("/sparql?query=CLEAR%20ALL", 403), ("/paper/none", 404)):
        assert get(client, path, {"If-Match": '"x"'}).status_code == status


def test_a_part_is_had_of_the_very_file_that_the_client_has(client: Client, dump: str) -> None:
    there = get(client, dump)
    for condition in (there.headers["ETag"], there.headers["Last-Modified"]):
        part = get(client, dump, {"Range": "bytes=0-9", "If-Range": condition})
        assert (part.status_code, part.data) == (206, there.data[:10])
        others = {"If-None-Match": '"x"', "If-Match": there.headers["ETag"]}
        part = get(client, dump, {"Range": "bytes=0-9", "If-Range": condition, **others})
        assert (part.status_code, part.data) == (206, there.data[:10])
    for condition in (f"W/{there.headers['ETag']}", '"x"', EARLIER, LATER):
        whole = get(client, dump, {"Range": "bytes=0-9", "If-Range": condition})
        assert (whole.status_code, whole.data) == (200, there.data)


def test_a_range_in_other_units_or_of_the_headers_alone_is_no_range(client: Client, dump: str) -> None:
    there = get(client, dump)
    assert get(client, dump, {"Range": "items=0-1"}).data == there.data
    head = get(client, dump, {"Range": "bytes=0-9"}, method="HEAD")
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(there.data)))


def test_a_range_past_the_end_says_how_long_the_file_is(client: Client, dump: str) -> None:
    length = len(get(client, dump).data)
    beyond = get(client, dump, {"Range": f"bytes={length}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{length}")
    assert json.loads(beyond.data)["type"].endswith("#problem-no-such-range")
