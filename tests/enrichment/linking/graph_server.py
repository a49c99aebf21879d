"""All targets on a local port, each in its own API's shape, with every fault that a test asks for.

SPARQL targets answer by running the query that they get over a small graph, so that a query that names the wrong
property or spells an identifier in another way finds nothing, as it would there.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store
from tests.loopback import serving_requests

SNAPSHOT = "c7c108084bc0bf3d81436bf980b46e98bd338453"
PAPER_ID = "649def34f8be52c8b66281af98ae884c09aef38b"
DOI = "10.3390/s23198328"
SECOND_DOI = "10.1007/s13755-023-00241-y"
ARXIV = "2310.03753"
REPOSITORY = "https://github.com/mah533/Synthetic-ECG-Generation---GAN-Models-Comparison"

HOLDINGS = {
    "wikidata": f"""@prefix wdt: <http://www.wikidata.org/prop/direct/> .
        <http://www.wikidata.org/entity/Q1> wdt:P356 "{DOI.upper()}" .
        <http://www.wikidata.org/entity/Q2> wdt:P818 "{ARXIV}" .""",
    "dblp": f"""@prefix dblp: <https://dblp.org/rdf/schema#> .
        <https://dblp.org/rec/journals/sensors/AdaB23> dblp:doi <https://doi.org/{DOI.upper()}> .
        <https://dblp.org/rec/journals/corr/abs-2310-03753> dblp:doi <https://doi.org/10.48550/ARXIV.{ARXIV}> .""",
    "orkg": f"""@prefix p: <http://orkg.org/orkg/predicate/> .
        <http://orkg.org/orkg/resource/R123> p:P26 "{DOI}" ; a <http://orkg.org/orkg/class/Paper> .
        <http://orkg.org/orkg/resource/R124> p:P26 "{DOI}" ; a <http://orkg.org/orkg/class/Comparison> .""",
    "linked-papers-with-code": f"""@prefix fabio: <http://purl.org/spar/fabio/> .
        <https://linkedpaperswithcode.com/paper/synthetic-ecg> fabio:hasArXivId "{ARXIV}" .""",
}


class Reply(NamedTuple):
    """One HTTP answer."""

    status: int
    media_type: str
    body: bytes
    retry_after: str | None = None


class Asked(NamedTuple):
    """A request as the server saw it; ``path`` is what follows the target's name, percent-decoded."""

    target: str
    path: str
    parameters: Mapping[str, str]
    body: bytes
    user_agent: str


class GraphServer:
    """What the targets hold, what goes wrong, and what was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.once: dict[str, list[Reply]] = {}
        self.always: dict[str, Reply] = {}
        self.stores: dict[str, Store] = {}
        for target, turtle in HOLDINGS.items():
            self.stores[target] = Store()
            self.stores[target].load(turtle.encode(), format=RdfFormat.TURTLE)

    def address(self, target: str) -> str:
        return f"http://127.0.0.1:{self.port}/{target}"

    @property
    def counts(self) -> Counter[str]:
        return Counter(asked.target for asked in self.asked)

    def reply(self, asked: Asked) -> Reply:
        if self.once.get(asked.target):
            return self.once[asked.target].pop(0)
        if asked.target in self.always:
            return self.always[asked.target]
        if asked.target in self.stores:
            return self._solutions(asked)
        return {
            "openalex": _openalex,
            "semantic-scholar": _semantic_scholar,
            "opencitations": _opencitations,
            "datacite": _datacite,
            "software-heritage": _software_heritage,
        }[asked.target](asked)

    def _solutions(self, asked: Asked) -> Reply:
        solutions = self.stores[asked.target].query(asked.parameters["query"])
        assert isinstance(solutions, QuerySolutions)
        body = solutions.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        return Reply(200, "application/sparql-results+json;charset=utf-8", body)


def as_json(content: object, status: int = 200, media_type: str = "application/json; charset=utf-8") -> Reply:
    """A reply with a JSON body."""
    return Reply(status, media_type, json.dumps(content).encode())


def _openalex(asked: Asked) -> Reply:
    work = {"id": "https://openalex.org/W4387459253", "doi": f"https://doi.org/{DOI}"}
    if asked.path == "/works":
        dois = asked.parameters["filter"].removeprefix("doi:").split("|")
        results = [work] if DOI in dois else []
        return as_json({"meta": {"count": len(results), "page": 1, "per_page": 100}, "results": results})
    return as_json(work) if asked.path.endswith(DOI) else Reply(404, "text/html", b"<h1>Not Found</h1>")


def _semantic_scholar(asked: Asked) -> Reply:
    identifiers = {"DOI": DOI.upper(), "CorpusId": 263, "ArXiv": ARXIV}
    ids = json.loads(asked.body)["ids"]
    known = {f"DOI:{DOI}", f"ARXIV:{ARXIV}"}
    if not known & set(ids):
        return as_json({"error": "No valid paper ids given"}, 400)
    return as_json([{"paperId": PAPER_ID, "externalIds": identifiers} if one in known else None for one in ids])


def _opencitations(asked: Asked) -> Reply:
    wanted = asked.path.removeprefix("/metadata/").split("__")
    work = {"id": f"doi:{DOI} openalex:W4387459253 omid:br/061202127149", "title": "One", "type": "journal article"}
    return as_json([work] if f"doi:{DOI}" in wanted else [])


def _datacite(asked: Asked) -> Reply:
    doi = asked.path.removeprefix("/dois/")
    if doi != f"10.48550/arxiv.{ARXIV}":
        return as_json({"errors": [{"status": "404"}]}, 404)
    return as_json({"data": {"id": doi, "type": "dois"}}, media_type="application/vnd.api+json; charset=utf-8")


def _software_heritage(asked: Asked) -> Reply:
    origin = re.fullmatch(r"/origin/(.+)/visit/latest/", asked.path)
    if not origin or origin[1] != REPOSITORY or asked.parameters != {"require_snapshot": "true"}:
        return as_json({"exception": "NotFoundExc", "reason": "No visit"}, 404)
    return as_json({"origin": origin[1], "visit": 3, "snapshot": SNAPSHOT, "status": "full", "type": "git"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    graphs: ClassVar[GraphServer]

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        target, slash, path = parts.path.removeprefix("/").partition("/")
        parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(target, unquote(slash + path), parameters, body, self.headers["User-Agent"])
        self.graphs.asked.append(asked)
        reply = self.graphs.reply(asked)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.retry_after is not None:
            self.send_header("Retry-After", reply.retry_after)
        self.end_headers()
        self.wfile.write(reply.body)


@contextmanager
def running_graphs() -> Iterator[GraphServer]:
    """Serve on a free port of the loopback interface until the block ends."""
    graphs = GraphServer()
    with serving_requests(type("Handler", (_Handler,), {"graphs": graphs})) as graphs.port:
        yield graphs
