"""The REST APIs of Crossref and GitHub and arXiv's Atom API on a local port, with every fault that a test asks for."""

import datetime
import gzip
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.loopback import serving_requests

CROSSREF_HEADERS = {
    "Content-Type": "application/json",
    "x-api-pool": "polite",
    "x-rate-limit-limit": "50",
    "x-rate-limit-interval": "1s",
    "x-concurrency-limit": "3",
    "Vary": "Accept-Encoding",
}
ATOM_HEADERS = {"Content-Type": "application/atom+xml; charset=utf-8"}

GITHUB_HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "x-ratelimit-limit": "60",
    "x-ratelimit-remaining": "59",
    "x-ratelimit-reset": "1795000000",
    "x-ratelimit-resource": "core",
}


@dataclass(frozen=True)
class Reply:
    """One HTTP answer; ``cut_after`` bytes the connection is closed, each chunk of a body waits ``delay`` first.

    ``raw`` is sent instead of all else, byte by byte.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut_after: int | None = None
    delay: float = 0.0
    repeat: int = 1
    raw: bytes = b""


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    time: float


def work(doi: str, **fields: Any) -> dict[str, Any]:
    """A work as Crossref delivers it, with facts that the tests look for."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": [f"The work {doi}"],
        "author": [{"given": "Ada", "family": "Lovelace", "sequence": "first", "affiliation": []}],
        "container-title": ["Sensors"],
        "publisher": "MDPI AG",
        "issued": {"date-parts": [[2023, 10, 9]]},
        "created": {
            "date-parts": [[2023, 10, 9]],
            "date-time": "2023-10-09T09:04:07Z",
            "timestamp": 1696842247000,
        },
        "is-referenced-by-count": 7,
        **fields,
    }


def repository(full_name: str, **fields: Any) -> dict[str, Any]:
    """A repository as GitHub delivers it, with facts that the tests look for."""
    return {
        "id": 1,
        "full_name": full_name,
        "private": False,
        "archived": False,
        "disabled": False,
        "default_branch": "main",
        "pushed_at": "2024-02-29T10:11:12Z",
        "stargazers_count": 42,
        "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT", "url": None},
        **fields,
    }


def envelope(message: Any) -> bytes:
    """What Crossref wraps a work in."""
    whole = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}
    return json.dumps(whole).encode()


def entry(identifier: str, extra: str = "", version: int = 2, title: str | None = None) -> str:
    """A paper as arXiv delivers it; ``extra`` is XML, such as a comment."""
    return f"""<entry>
    <id>http://arxiv.org/abs/{identifier}v{version}</id>
    <title>{escape(title or f"The preprint {identifier}")}</title>
    <updated>2023-12-28T01:49:17Z</updated>
    <published>2023-08-25T17:55:42Z</published>
    <summary>Synthetic signals.</summary>
    <author><name>Debaditya Shome</name></author>
    <author><name>Pritam Sarkar</name></author>
    <category term="eess.SP" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <arxiv:primary_category term="eess.SP"/>
    {extra}
  </entry>"""


def feed(entries: str, total: int) -> bytes:
    """An Atom feed as arXiv frames it."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/query</id>
  <title>arXiv Query</title>
  <updated>2026-11-23T00:00:00Z</updated>
  <opensearch:itemsPerPage>{total}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  {entries}
</feed>""".encode()


def error_feed(message: str, anchor: str = "incorrect_id_format") -> bytes:
    """How arXiv refuses: a feed with one entry."""
    return feed(
        f"""<entry>
    <id>https://arxiv.org/api/errors#{anchor}</id>
    <title>Error</title>
    <summary>{escape(message)}</summary>
    <updated>2026-11-23T00:00:00Z</updated>
    <author><name>arXiv api core</name></author>
  </entry>""",
        1,
    )


class ScholarlyServer:
    """What both services hold, what goes wrong, and what was asked."""

    def __init__(self) -> None:
        self.works: dict[str, dict[str, Any]] = {}
        self.preprints: dict[str, str] = {}
        self.repositories: dict[str, dict[str, Any]] = {}
        self.once: dict[str, list[Reply]] = {}
        self.always: dict[str, Reply] = {}
        self.asked: list[Asked] = []
        self.crossref_headers = dict(CROSSREF_HEADERS)
        self.validators = False
        self.port = 0

    @property
    def crossref_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/crossref"

    @property
    def arxiv_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/query"

    @property
    def github_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/github"

    def add_works(self, *dois: str) -> None:
        self.works |= {doi: work(doi) for doi in dois}

    def add_preprints(self, *identifiers: str) -> None:
        self.preprints |= {identifier: entry(identifier) for identifier in identifiers}

    @property
    def dois_asked(self) -> list[str]:
        return [unquote(asked.path.split("/works/")[1]) for asked in self.asked if "/works/" in asked.path]

    @property
    def repositories_asked(self) -> list[str]:
        return [asked.path.split("/repos/")[1] for asked in self.asked if "/repos/" in asked.path]

    @property
    def preprints_asked(self) -> list[list[str]]:
        return [asked.parameters["id_list"].split(",") for asked in self.asked if "id_list" in asked.parameters]

    def reply(self, asked: Asked) -> Reply:
        if "/works/" in asked.path:
            doi = unquote(asked.path.split("/works/")[1])
            return self._fault([doi]) or self._work(doi, asked.headers)
        if "/repos/" in asked.path:
            name = asked.path.split("/repos/")[1]
            return self._fault([name]) or self._repository(name)
        identifiers = asked.parameters["id_list"].split(",")
        return self._fault(identifiers) or self._feed(identifiers, int(asked.parameters.get("max_results", "10")))

    def _fault(self, keys: list[str]) -> Reply | None:
        for key in keys:
            if self.once.get(key):
                return self.once[key].pop(0)
            if key in self.always:
                return self.always[key]
        return None

    def _work(self, doi: str, headers: Mapping[str, str]) -> Reply:
        if doi.lower() not in self.works:
            return Reply(404, {"Content-Type": "text/plain;charset=utf-8"}, b"Resource not found.")
        body = envelope(self.works[doi.lower()])
        if not self.validators:
            return Reply(200, self.crossref_headers, body)
        tag = f'"{hash(body) & 0xFFFFFF:x}"'
        if headers.get("If-None-Match") == tag:
            return Reply(304, {"ETag": tag})
        return Reply(200, {**self.crossref_headers, "ETag": tag}, body)

    def _repository(self, name: str) -> Reply:
        if name not in self.repositories:
            return Reply(404, GITHUB_HEADERS, b'{"message": "Not Found", "status": "404"}')
        return Reply(200, GITHUB_HEADERS, json.dumps(self.repositories[name]).encode())

    def _feed(self, identifiers: list[str], count: int) -> Reply:
        wrong = [one for one in identifiers if not any(letter.isdigit() for letter in one)]
        if wrong:
            return Reply(400, ATOM_HEADERS, error_feed(f"incorrect id format for {wrong[0]}"))
        found = [self.preprints[one] for one in identifiers if one in self.preprints][:count]
        return Reply(200, ATOM_HEADERS, feed("\n".join(found), len(found)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scholarly: ClassVar[ScholarlyServer]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(parts.path, parameters, dict(self.headers), time.monotonic())
        self.scholarly.asked.append(asked)
        try:
            self._send(self.scholarly.reply(asked))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if reply.raw:
            self.close_connection = True
            for byte in reply.raw:
                time.sleep(reply.delay)
                self.wfile.write(bytes([byte]))
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body) * reply.repeat))
        self.end_headers()
        if reply.cut_after is not None:
            self.wfile.write(reply.body[: reply.cut_after])
            self.close_connection = True
            return
        for _ in range(reply.repeat):
            time.sleep(reply.delay)
            self.wfile.write(reply.body)


@contextmanager
def running_server() -> Iterator[ScholarlyServer]:
    """Serve on a free port of the loopback interface until the block ends."""
    scholarly = ScholarlyServer()
    with serving_requests(type("Handler", (_Handler,), {"scholarly": scholarly})) as scholarly.port:
        yield scholarly


def http_date(moment: datetime.datetime) -> str:
    """A moment as HTTP writes it (RFC 9110, section 5.6.7)."""
    return moment.astimezone(datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def gzip_bomb(size: int) -> bytes:
    """A small body that unpacks to ``size`` bytes."""
    return gzip.compress(b" " * size)
