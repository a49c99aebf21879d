import datetime
import gzip
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.enrichment.scholarly_server import CROSSREF_HEADERS, Reply, ScholarlyServer, gzip_bomb, http_date

from medsynth_kg.enrichment.errors import BudgetSpentError, FetchError, ServiceBusyError
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.session import Answer, ServiceSession, user_agent

Options = Callable[..., EnrichmentOptions]
DOI = "10.3390/s23198328"
JSON = "application/json"


class Asker:
    def __init__(self, options: EnrichmentOptions, cache: Path, rate: tuple[float, float] = (1000, 1)) -> None:
        self.options = options
        self.budget = options.new_budget()
        self.session = ServiceSession(options, self.budget, cache, rate)

    def ask(self, doi: str = DOI) -> Answer:
        return self.session.get(f"{self.options.crossref_url}/works/{doi.replace('/', '%2F')}", JSON)


@pytest.fixture
def asker(options: Options, tmp_path: Path) -> Iterator[Callable[..., Asker]]:
    made: list[Asker] = []

    def build(rate: tuple[float, float] = (1000, 1), **changes: Any) -> Asker:
        made.append(Asker(options(**changes), tmp_path / f"cache{len(made)}.sqlite", rate))
        return made[-1]

    yield build
    for one in made:
        with one.session:
            pass


AskerFactory = Callable[..., Asker]


def test_an_answer_comes_whole_with_its_media_type(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    answer = asker().ask()
    assert answer.status == 200
    assert answer.media_type == JSON
    assert b"The work" in answer.require(JSON)


def test_the_client_says_who_it_is_and_whom_to_write_to(server: ScholarlyServer, asker: AskerFactory) -> None:
    asker().ask()
    agent = server.asked[0].headers["User-Agent"]
    assert agent.startswith("medsynth-kg/")
    assert "mailto:maintainer@example.org" in agent


def test_without_a_contact_the_client_names_its_home_page_only() -> None:
    assert user_agent(None).endswith("(https://w3id.org/medsynth-kg/)")


def test_a_compressed_answer_is_unpacked(server: ScholarlyServer, asker: AskerFactory) -> None:
    headers = {**CROSSREF_HEADERS, "Content-Encoding": "gzip"}
    server.always[DOI] = Reply(200, headers, gzip.compress(b"{}"))
    assert asker().ask().body == b"{}"


def test_an_unchanged_answer_is_asked_for_conditionally(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    server.validators = True
    one = asker()
    assert one.ask() == one.ask()
    assert "If-None-Match" in server.asked[1].headers


def test_an_answer_without_validator_is_asked_for_anew(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    one = asker()
    one.ask()
    server.works[DOI]["publisher"] = "Another"
    assert b"Another" in one.ask().body


def test_an_unchanged_answer_behind_a_redirect_is_still_known_as_redirected(
    server: ScholarlyServer, asker: AskerFactory
) -> None:
    server.add_works("10.1000/new")
    server.validators = True
    server.always[DOI] = Reply(301, {"Location": "/crossref/works/10.1000%2Fnew"})
    one = asker()
    assert one.ask() == one.ask()


def test_a_changed_answer_replaces_the_kept_one(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    server.validators = True
    one = asker()
    one.ask()
    server.works[DOI]["publisher"] = "Another"
    assert b"Another" in one.ask().body


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(server: ScholarlyServer, asker: AskerFactory, status: int) -> None:
    server.add_works(DOI)
    server.once[DOI] = [Reply(status), Reply(status)]
    assert asker().ask().status == 200
    assert len(server.asked) == 3


def test_after_all_attempts_the_service_counts_as_busy(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(503)
    with pytest.raises(ServiceBusyError, match="status 503"):
        asker().ask()
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_other_answers_are_final(server: ScholarlyServer, asker: AskerFactory, status: int) -> None:
    server.always[DOI] = Reply(status)
    assert asker().ask().status == status
    assert len(server.asked) == 1


def test_retry_after_in_seconds_is_obeyed(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    server.once[DOI] = [Reply(429, {"Retry-After": "1"})]
    asker().ask()
    assert server.asked[1].time - server.asked[0].time >= 1


def test_retry_after_as_a_date_is_obeyed(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    one = asker(longest_pause=5)
    before = time.monotonic()
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1.999)
    server.once[DOI] = [Reply(503, {"Retry-After": http_date(moment)})]
    one.ask()
    assert server.asked[1].time - before >= 0.9


def test_a_pause_longer_than_the_run_makes_ends_the_question(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(429, {"Retry-After": "86400"})
    with pytest.raises(ServiceBusyError, match="left alone for 86400 s"):
        asker().ask()
    assert len(server.asked) == 1


def test_pauses_grow_from_attempt_to_attempt(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(500)
    with pytest.raises(ServiceBusyError):
        asker(first_pause=0.05).ask()
    times = [asked.time for asked in server.asked]
    for attempt, (earlier, later) in enumerate(itertools.pairwise(times)):
        assert later - earlier >= 0.05 * 2**attempt


def test_requests_keep_to_the_rate(server: ScholarlyServer, asker: AskerFactory) -> None:
    one = asker(rate=(2, 1))
    # The server may learn late of the first request, so the time runs from before it.
    before = time.monotonic()
    for _ in range(3):
        one.ask()
    assert server.asked[2].time - before >= 0.9


def test_retries_keep_to_the_rate_too(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.once[DOI] = [Reply(503), Reply(503)]
    one = asker(rate=(2, 1))
    before = time.monotonic()
    one.ask()
    assert server.asked[2].time - before >= 0.9


def test_a_lower_rate_that_the_service_announces_is_obeyed(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    server.crossref_headers |= {"x-rate-limit-limit": "1", "x-rate-limit-interval": "1s"}
    one = asker()
    before = time.monotonic()
    one.ask()
    one.ask()
    assert server.asked[1].time - before >= 0.9


def test_a_rate_that_allows_nothing_within_the_longest_pause_leaves_the_rest_to_the_next_run(
    server: ScholarlyServer, asker: AskerFactory
) -> None:
    server.add_works(DOI)
    server.crossref_headers |= {"x-rate-limit-limit": "1", "x-rate-limit-interval": "3600s"}
    one = asker(longest_pause=1)
    assert one.ask().status == 200
    with pytest.raises(BudgetSpentError, match="run the command again later"):
        one.ask()
    assert len(server.asked) == 1


def test_a_higher_rate_that_the_service_announces_changes_nothing(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    one = asker(rate=(1, 1))
    before = time.monotonic()
    one.ask()
    one.ask()
    assert server.asked[1].time - before >= 0.9


def test_a_connection_cut_in_the_body_is_tried_again(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works(DOI)
    server.once[DOI] = [Reply(200, CROSSREF_HEADERS, b"x" * 1000, cut_after=10)]
    assert asker().ask().status == 200
    assert len(server.asked) == 2


def test_a_connection_always_cut_is_reported(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(200, CROSSREF_HEADERS, b"x" * 1000, cut_after=10)
    with pytest.raises(ServiceBusyError, match="breaks off"):
        asker().ask()


def test_a_silent_service_is_given_up(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(200, CROSSREF_HEADERS, b"{}", delay=1)
    with pytest.raises(ServiceBusyError, match="did not answer in time"):
        asker(attempts=1, read_timeout=0.1).ask()


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Slow: x\r\n" * 90,
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b" " * 1000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 200,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n" + b" " * 1000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1000,
    ],
    ids=["in a header", "header by header", "in the body", "in chunks", "in a chunk", "without length"],
)
def test_an_answer_that_drips_is_given_up(server: ScholarlyServer, asker: AskerFactory, raw: bytes) -> None:
    server.always[DOI] = Reply(raw=raw, delay=0.1)
    before = time.monotonic()
    with pytest.raises(ServiceBusyError, match="did not answer in time"):
        asker(attempts=1, answer_timeout=0.2).ask()
    assert time.monotonic() - before < 30


def test_an_answer_that_drips_through_a_proxy_is_given_up(
    server: ScholarlyServer, asker: AskerFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    server.always[DOI] = Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1000, delay=0.01)
    with pytest.raises(ServiceBusyError, match="did not answer in time"):
        asker(attempts=1, answer_timeout=0.2, crossref_url="http://api.crossref.example").ask()
    assert len(server.asked) == 1


def test_nobody_listening_is_reported_as_busy(asker: AskerFactory) -> None:
    with pytest.raises(ServiceBusyError, match="could not be reached"):
        asker(attempts=2, crossref_url="http://127.0.0.1:9").ask()


def test_a_huge_answer_is_not_read_to_its_end(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(200, CROSSREF_HEADERS, b" " * 2**20, repeat=100)
    with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
        asker(answer_size=1_000_000).ask()
    assert len(server.asked) == 1


def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused(server: ScholarlyServer, asker: AskerFactory) -> None:
    headers = {**CROSSREF_HEADERS, "Content-Encoding": "gzip"}
    server.always[DOI] = Reply(200, headers, gzip_bomb(50_000_000))
    with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
        asker(answer_size=1_000_000).ask()


def test_an_answer_that_cannot_be_unpacked_is_reported(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(200, {**CROSSREF_HEADERS, "Content-Encoding": "gzip"}, b"not gzip")
    with pytest.raises(ServiceBusyError, match="can't be unpacked"):
        asker(attempts=1).ask()


@pytest.mark.parametrize(
    "target", ["http://localhost:9/works/x", "https://127.0.0.1/", "//example.org/", "ftp://127.0.0.1/"]
)
def test_a_redirect_to_another_service_is_not_followed(
    server: ScholarlyServer, asker: AskerFactory, target: str
) -> None:
    server.always[DOI] = Reply(302, {"Location": target})
    with pytest.raises(FetchError, match="another service"):
        asker().ask()
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "location",
    [b"http://[oops", b"/\xff\xfe", b"", b"http:///x", b"http://*", b"javascript:alert(1)"],
)
def test_a_redirect_to_nowhere_ends_the_question(server: ScholarlyServer, asker: AskerFactory, location: bytes) -> None:
    server.always[DOI] = Reply(raw=b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    with pytest.raises(FetchError):
        asker(attempts=1).ask()


def test_a_redirect_within_the_service_is_followed(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.add_works("10.1000/new")
    server.always[DOI] = Reply(301, {"Location": "/crossref/works/10.1000%2Fnew"})
    answer = asker().ask()
    assert answer.redirected
    assert answer.address.endswith("10.1000%2Fnew")


def test_a_circle_of_redirects_ends(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(301, {"Location": f"/crossref/works/{DOI.replace('/', '%2F')}"})
    with pytest.raises(FetchError, match="TooManyRedirects"):
        asker().ask()
    assert len(server.asked) == 4


def test_every_request_counts_against_the_budget(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(503)
    with pytest.raises(BudgetSpentError, match="3 requests"):
        asker(request_budget=3, attempts=9).ask()
    assert len(server.asked) == 3


def test_no_pause_goes_beyond_the_time_budget(server: ScholarlyServer, asker: AskerFactory) -> None:
    server.always[DOI] = Reply(503, {"Retry-After": "600"})
    before = time.monotonic()
    with pytest.raises(ServiceBusyError):
        asker(time_budget=1).ask()
    assert time.monotonic() - before < 60


def test_a_damaged_cache_is_replaced(options: Options, server: ScholarlyServer, tmp_path: Path) -> None:
    server.add_works(DOI)
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 1000)
    one = Asker(options(), tmp_path / "broken.sqlite")
    with one.session:
        assert one.ask().status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"crossref_url": "api.crossref.org"},
        {"crossref_url": "file:///etc/passwd"},
        {"arxiv_url": "http://user:secret@example.org/"},
        {"contact": "nobody"},
        {"contact": "a@b.org\r\nX-Evil: 1"},
    ],
)
def test_addresses_that_cannot_be_meant_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        EnrichmentOptions(today=datetime.date(2026, 11, 23), **change)
