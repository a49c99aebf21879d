"""Federated queries ask the other service for our papers alone; a real store with strangers' papers stands for it."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store
from tests.loopback import serving_requests

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import SERVICE, read_saved_query
from medsynth_kg.release.reading import Release

ELSEWHERE = {
    "authors-in-dblp": "<x:{0}> <https://dblp.org/rdf/schema#doi> <https://doi.org/{1}> ; "
    "<https://dblp.org/rdf/schema#authoredBy> <x:author> .",
    "citations-in-semopenalex": '<x:{0}> <http://purl.org/spar/datacite/doi> "https://doi.org/{1}" ; '
    "<https://semopenalex.org/ontology/citedByCount> 7 .",
    "contributions-in-orkg": '<x:{0}> <http://orkg.org/orkg/predicate/P26> "{2}" ; '
    "<http://orkg.org/orkg/predicate/P31> <x:contribution> .",
    "papers-in-wikidata": '<x:{0}> <http://www.wikidata.org/prop/direct/P356> "{2}" .',
    "tasks-in-linked-papers-with-code": '<x:{0}> <http://purl.org/spar/fabio/hasArXivId> "{3}" ; '
    "<https://linkedpaperswithcode.com/property/hasTask> <x:task> .",
    "works-in-opencitations": "<x:{0}-id> <http://www.essepuntato.it/2010/06/literalreification/hasLiteralValue> "
    '"{1}" ; <http://purl.org/spar/datacite/usesIdentifierScheme> <http://purl.org/spar/datacite/doi> . '
    "<x:{0}> <http://purl.org/spar/datacite/hasIdentifier> <x:{0}-id> .",
}
"""How each service states a paper with a number, a DOI in lower and in upper case, and an arXiv id."""
OURS = [("10.3390/s23198328", "2306.01875"), ("10.1371/journal.pone.0271270", "2308.13568")]
THEIRS = [(f"10.5555/{number}", f"9901.{number:05}") for number in range(500)]


class Service:
    """A SPARQL endpoint on loopback that remembers what it was asked, and how many solutions it sent."""

    def __init__(self, turtle: str) -> None:
        self.queries: list[str] = []
        self.sent = 0
        self._store = Store()
        self._store.load(turtle.encode(), format=RdfFormat.TURTLE)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"])).decode()
                body = service.answer(query)
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.handler = Handler
        self.address = ""

    def answer(self, query: str) -> bytes:
        self.queries.append(query)
        solutions = self._store.query(query)
        assert isinstance(solutions, QuerySolutions)
        body = solutions.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        self.sent += len(json.loads(body)["results"]["bindings"])
        return body


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    pattern = ELSEWHERE[request.getfixturevalue("slug")]
    papers = enumerate([*OURS, *THEIRS])
    turtle = "\n".join(pattern.format(number, doi, doi.upper(), arxiv) for number, (doi, arxiv) in papers)
    service = Service(turtle)
    with serving_requests(service.handler) as port:
        service.address = f"http://127.0.0.1:{port}/sparql"
        yield service


@pytest.mark.parametrize("slug", ELSEWHERE)
def test_a_federated_query_asks_for_our_papers_alone_and_finds_them(
    slug: str, service: Service, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medsynth_kg.query.addresses.is_public", lambda address: True)
    text = read_saved_query(shipped_release.queries / f"{slug}.rq").text
    here = SERVICE.sub(f"SERVICE <{service.address}>", text)
    limits = QueryLimits(workers=1, services=(service.address,))
    with closing(EmbeddedExecutor(shipped_release.store, limits)) as executor:
        body = executor.execute(QueryRequest(here, "text/csv")).body
    assert isinstance(body, bytes)
    records = {word for line in body.decode().splitlines()[1:] for word in line.split(",") if word in ("x:0", "x:1")}
    assert records == {"x:0", "x:1"}
    assert "x:2" not in body.decode()
    assert len(service.queries) == len(SERVICE.findall(text))
    assert all("VALUES" in query for query in service.queries)
    assert service.sent < 10


def test_every_federated_query_has_a_service_in_this_test(shipped_release: Release) -> None:
    queries = map(read_saved_query, shipped_release.queries.glob("*.rq"))
    assert {query.slug for query in queries if query.federated} == set(ELSEWHERE)
