"""A SPARQL 1.1 store over HTTP: asking it, updating it, and adding to its graphs."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Literal
from urllib.parse import urlsplit

import requests
import urllib3
from pyoxigraph import RdfFormat, Triple, serialize
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from medsynth_kg.stores.connections import BreakableAdapter
from medsynth_kg.stores.errors import Purpose, StoreAddressInvalid, StoreRefused, StoreUnreachable
from medsynth_kg.stores.solutions import read_number, read_solutions

_JSON = "application/sparql-results+json"
_SECONDS = (10.0, 600.0)
"""How long to wait for a connection, and for an answer: moving a large graph takes its time."""
_COUNTED_A_SECOND = 100_000
"""Triples; a store that counts fewer is not waited for."""


@dataclass(frozen=True, slots=True)
class StoreAddresses:
    """Where a store takes queries and updates; ``graph_store`` is None where it has no Graph Store Protocol."""

    query: str
    update: str
    graph_store: str | None = None

    def __post_init__(self) -> None:
        """Refuse addresses that are none, and credentials in them, which every message would print.

        Raises:
            StoreAddressInvalid: one of them can't be used.
        """
        for address in filter(None, (self.query, self.update, self.graph_store)):
            if "@" in address.partition("//")[2].partition("/")[0]:
                raise StoreAddressInvalid("an address may not hold a password; give it by MEDSYNTH_KG_STORE_PASSWORD")
            if not _is_address(address):
                raise StoreAddressInvalid(f"{address}: is not an address; write it as http://host:port/path")


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # What is no port number, and a name that no name server can be asked for, say so only when they are used.
        _ = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class _BearerAuth(AuthBase):
    """A token in the Authorization header (RFC 6750, section 2.1)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of the store, or a token, which is the password then; the password is in no representation of this."""

    user: str
    password: str
    scheme: Literal["basic", "digest", "bearer"] = "basic"

    def __repr__(self) -> str:
        return f"Credentials({self.user!r})"

    def as_authentication(self) -> AuthBase:
        """For requests."""
        if self.scheme == "bearer":
            return _BearerAuth(self.password)
        kind = HTTPDigestAuth if self.scheme == "digest" else HTTPBasicAuth
        return kind(self.user, self.password)


def open_session(credentials: Credentials | None, connections: int = 10) -> requests.Session:
    """A session that keeps up to so many connections open, follows no proxy of the environment, keeps no cookie.

    It may be used from several threads, each of which may be broken off; see ``Breaker``.
    """
    session = requests.Session()
    session.trust_env = False
    session.auth = credentials.as_authentication() if credentials else None
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("http://", "https://"):
        session.mount(scheme, BreakableAdapter(pool_maxsize=connections))
    return session


class StoreClient:
    """One store; raises ``StoreUnreachable`` and ``StoreRefused``. Follows no redirect, so credentials stay here."""

    def __init__(
        self, addresses: StoreAddresses, credentials: Credentials | None = None, seconds: tuple[float, float] = _SECONDS
    ) -> None:
        """``seconds`` are those to wait for a connection and for an answer.

        Neither proxies nor passwords are taken from the environment.
        """
        self.addresses = addresses
        self.software = ""
        """What the store said last that it is (RFC 9110, section 10.2.4); nothing where it does not say."""
        self._seconds = seconds
        self._session = open_session(credentials)

    @property
    def is_virtuoso(self) -> bool:
        """Whether the store has said that it is Virtuoso, which does some things in its own way."""
        return "virtuoso" in self.software.lower()

    def select(self, query: str, *names: str, seconds: float = 0) -> list[dict[str, str]]:
        """The solutions of a SELECT query, each term as its plain text (SPARQL 1.1 Protocol, section 2.1.2).

        ``names`` are the variables that each of them has. The answer is waited for as long as any other, or for
        ``seconds`` where those are more. Raises ``StoreAnswerInvalid`` too.
        """
        response = self._post(self.addresses.query, {"query": query}, {"Accept": _JSON}, Purpose.QUERY, seconds=seconds)
        return read_solutions(response.content, names, self.addresses.query)

    def count(self, graph: str, expected: int = 0) -> int:
        """The number of triples of a named graph, 0 where there is none; raises as ``select`` does.

        Where many triples are ``expected``, the store is given more time.
        """
        query = f"SELECT (COUNT(*) AS ?triples) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        found = self.select(query, seconds=expected / _COUNTED_A_SECOND)
        return read_number(found, "triples", self.addresses.query)

    def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
        """Run an update (SPARQL 1.1 Protocol, section 2.2.2)."""
        self._post(self.addresses.update, text.encode(), {"Content-Type": "application/sparql-update"}, purpose)

    def add(self, graph: str, triples: Iterable[Triple]) -> None:
        """Add triples to a graph: by the Graph Store Protocol (section 5.5), or by INSERT DATA where there is none."""
        written = io.BytesIO()
        serialize(triples, written, format=RdfFormat.N_TRIPLES)
        content = written.getvalue()
        if self.addresses.graph_store is None:
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{content.decode()}}} }}", Purpose.BATCH)
        else:
            headers = {"Content-Type": "application/n-triples"}
            self._post(self.addresses.graph_store, content, headers, Purpose.BATCH, {"graph": graph})

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(
        self,
        address: str,
        data: bytes | Mapping[str, str],
        headers: Mapping[str, str],
        purpose: Purpose,
        parameters: Mapping[str, str] | None = None,
        seconds: float = 0,
    ) -> requests.Response:
        connect, read = self._seconds
        timeout = (connect, max(read, seconds))
        try:
            response = self._session.post(
                address, data=data, headers=headers, params=parameters, timeout=timeout, allow_redirects=False
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise StoreUnreachable(address, _advice(error)) from error
        self.software = response.headers.get("Server", "")
        if not 200 <= response.status_code < 300:
            raise StoreRefused(address, response.status_code, purpose)
        return response


def _advice(error: Exception) -> str:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return "there is no host of this name; check the address"
    if isinstance(error, requests.exceptions.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "its certificate is not one to trust; check the address, or the certificate"
        return "does not speak TLS as it should; check the port, and whether the address begins with http:// instead"
    if isinstance(error, requests.Timeout):
        return "no answer in time; check that the store runs, and that it is not overloaded"
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return "no answer, nothing listens there; check that the store runs, and its host and port"
    return "no answer; check that the store runs, the port, and whether the address begins with http:// or https://"
