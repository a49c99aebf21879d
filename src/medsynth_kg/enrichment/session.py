"""One polite HTTP session for one service: conditional, rate limited, bounded, retried.

The order matters. The cache is asked first, so that an unchanged answer costs a conditional request only; the
rate limiter comes next; the adapter below spends the budget and reads the body within its bounds. Retries go
around all of it, because retries inside the adapter would bypass the limiter.
"""

import datetime
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, SSLError
from requests_cache import EXPIRE_IMMEDIATELY, CacheMixin
from requests_ratelimiter import LimiterMixin
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_exponential, wait_random

from medsynth_kg import __version__
from medsynth_kg.enrichment.bounded_adapter import BoundedAdapter
from medsynth_kg.enrichment.errors import BudgetSpentError, FetchError, ServiceBusyError
from medsynth_kg.enrichment.options import AskingOptions
from medsynth_kg.enrichment.politeness import Budget, Turns, advertised_rate, requested_pause, used_up_until

_HOMEPAGE = "https://w3id.org/medsynth-kg/"
_BUSY = frozenset({408, 425, 429, *range(500, 600)})
_REDIRECTS = 3
_ROOM = 2**15
"""Bytes that the tables of an empty cache take, and some more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: status, media type in lower case without parameters, decoded body, final address."""

    status: int
    media_type: str
    body: bytes
    address: str
    redirected: bool = False

    def require(self, *media_types: str) -> bytes:
        """The body, provided that the service answered 200 with one of these media types, or named none.

        Raises:
            FetchError: it answered with something else.
        """
        if self.status != 200:
            raise FetchError(f"{self.address} answered with status {self.status}")
        if self.media_type and self.media_type not in media_types:
            raise FetchError(f"{self.address} answered with {self.media_type} instead of {media_types[0]}")
        return self.body


class _Session(CacheMixin, LimiterMixin, requests.Session):
    """A session that stays on the host it was sent to."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where to go on, None for an address that another service answers for."""
        try:
            target = super().get_redirect_target(resp)
            wanted = urlsplit(target or "")
        except ValueError:
            # Bytes that aren't UTF-8, or brackets around what is no IP address.
            return None
        origin = urlsplit(resp.url)
        elsewhere = bool(wanted.netloc) and (wanted.scheme or origin.scheme, wanted.netloc) != origin[:2]
        return None if elsewhere else target


class ServiceSession:
    """Asks one service. Use it as a context manager; it isn't meant for several threads.

    ``cache`` is a file that keeps answers for conditional requests, ``rate`` the requests allowed in a number
    of seconds until the service announces something lower.
    """

    def __init__(
        self,
        options: AskingOptions,
        budget: Budget,
        cache: Path,
        rate: tuple[float, float],
        turns: Turns | None = None,
    ) -> None:
        self._options = options
        self._budget = budget
        self._rate = rate
        self._next_allowed: datetime.datetime | None = None
        self._bucket = InMemoryBucket([_rate(*rate)])
        self._session = self._open(cache)
        self._session.max_redirects = _REDIRECTS
        self._session.headers["User-Agent"] = user_agent(options.contact)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, BoundedAdapter(options, budget, turns))
        self._retrying = Retrying(
            retry=retry_if_exception_type(ServiceBusyError),
            stop=self._is_enough,
            wait=self._pause,
            reraise=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.__exit__(kind, error, trace)

    def get(
        self,
        address: str,
        media_type: str,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for ``address`` until the service answers; what a status means is the caller's to judge.

        Raises:
            FetchError: the answer is too large or points to another service; as ``ServiceBusyError``, there
                was none after all attempts, or the service demands a longer pause than this run makes.
            BudgetSpentError: the run's budget doesn't allow another request, or the service doesn't within the
                longest pause that this run makes.
        """
        request = requests.Request("GET", address, params=parameters, headers={**(headers or {}), "Accept": media_type})
        return self._retrying(self._ask, request)

    def post(self, address: str, content: object, parameters: Mapping[str, str] | None = None) -> Answer:
        """Put a question that is too long for an address: ``content`` is sent as JSON, and JSON is asked for.

        Such a question must change nothing at the service, since it may be put several times. Raises as ``get`` does.
        """
        media_type = "application/json"
        request = requests.Request("POST", address, params=parameters, json=content, headers={"Accept": media_type})
        return self._retrying(self._ask, request)

    def _open(self, cache: Path) -> _Session:
        try:
            return self._new_session(cache)
        except sqlite3.DatabaseError:
            # The cache only spares the services some work; a damaged one is worth less than a new one.
            cache.unlink(missing_ok=True)
            return self._new_session(cache)

    def _new_session(self, cache: Path) -> _Session:
        _make_room(cache)
        return _Session(
            cache_name=cache,
            backend="sqlite",
            serializer="json",
            # Kept are answers with a validator only, and each is revalidated before it is used again.
            expire_after=EXPIRE_IMMEDIATELY,
            allowable_codes=(200,),
            limiter=Limiter(SingleBucketFactory(self._bucket, schedule_leak=False)),
            per_host=False,
            max_delay=max(1.0, self._options.longest_pause),
            limit_statuses=(),
        )

    def _ask(self, request: requests.Request) -> Answer:
        address = request.url
        self._await_allowance(address)
        try:
            response = self._session.request(
                request.method,
                address,
                params=request.params,
                headers=request.headers,
                json=request.json,
                timeout=(self._options.connect_timeout, self._options.read_timeout),
            )
        except (requests.ReadTimeout, requests.ConnectionError) as error:
            raise ServiceBusyError(f"{address} {_no_answer(error)}") from error
        except requests.Timeout as error:
            # The limiter's: the service allows so little that nothing was sent.
            host = urlsplit(address).netloc
            raise BudgetSpentError(f"{host} allows no further request for now; run the command again later") from error
        except (ChunkedEncodingError, ContentDecodingError) as error:
            raise ServiceBusyError(f"{address} sent an answer that breaks off or can't be unpacked") from error
        except requests.RequestException as error:
            raise FetchError(f"{address} can't be asked: {type(error).__name__}") from error
        self._obey_rate(response.headers)
        return self._judged(response)

    def _await_allowance(self, address: str) -> None:
        """Wait where the last answer said that the service's allowance is used up."""
        if self._next_allowed is None:
            return
        wait = (self._next_allowed - datetime.datetime.now(datetime.UTC)).total_seconds()
        if wait > min(self._options.longest_pause, self._budget.seconds_left):
            host, moment = urlsplit(address).netloc, f"{self._next_allowed:%Y-%m-%d %H:%M} UTC"
            raise BudgetSpentError(f"{host} allows no more requests before {moment}; run the command again then")
        time.sleep(max(0.0, wait))
        self._next_allowed = None

    def _judged(self, response: requests.Response) -> Answer:
        refused = response.status_code == 403 and (self._next_allowed is not None or "Retry-After" in response.headers)
        if response.status_code in _BUSY or refused:
            now = datetime.datetime.now(datetime.UTC)
            pause = requested_pause(response.headers.get("Retry-After"), now)
            wish = "" if pause is None else f" and asks to be left alone for {pause:.0f} s"
            raise ServiceBusyError(f"{response.url} answered with status {response.status_code}{wish}", pause)
        if response.is_redirect:
            target = response.headers["Location"]
            raise FetchError(f"{response.url} redirects to {target[:200]!r}, another service, which was not asked")
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        redirected = bool(response.history)
        return Answer(response.status_code, media_type, response.content, response.url, redirected)

    def _obey_rate(self, headers: Mapping[str, str]) -> None:
        self._next_allowed = used_up_until(headers, datetime.datetime.now(datetime.UTC))
        advertised = advertised_rate(headers)
        if advertised is not None:
            slower = min((self._rate, advertised), key=lambda rate: rate[0] / rate[1])
            self._bucket.rates = [_rate(*slower)]

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ServiceBusyError) and error.retry_after is not None:
            return error.retry_after
        first, longest = self._options.first_pause, self._options.longest_pause
        doubling = wait_exponential(multiplier=first, max=longest / 2)(state)
        return doubling + wait_random(0, doubling)(state)

    def _is_enough(self, state: RetryCallState) -> bool:
        longest = min(self._options.longest_pause, self._budget.seconds_left)
        return state.attempt_number >= self._options.attempts or state.upcoming_sleep > longest


def user_agent(contact: str | None) -> str:
    """How this client introduces itself, in the form that Crossref's etiquette asks for."""
    details = _HOMEPAGE if contact is None else f"{_HOMEPAGE}; mailto:{contact}"
    return f"medsynth-kg/{__version__} ({details})"


def _make_room(cache: Path) -> None:
    """Make sure that SQLite can write the file, and leave room in it for the tables of a new one.

    requests-cache waits without end for a file that can't be written, and hides that it could not make its tables.

    Raises:
        sqlite3.DatabaseError: it can't be written.
    """
    with closing(sqlite3.connect(cache)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS room (content BLOB)")
        connection.execute("INSERT INTO room VALUES (zeroblob(?))", (_ROOM,))
        connection.commit()
        connection.execute("DROP TABLE room")


def _rate(requests_allowed: float, seconds: float) -> Rate:
    if requests_allowed >= 1 and seconds >= 1:
        return Rate(int(requests_allowed), round(seconds * 1000))
    return Rate(1, max(1, round(seconds * 1000 / requests_allowed)))


def _no_answer(error: requests.RequestException) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return "can't be reached in time"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "did not answer in time"
    if isinstance(error, SSLError):
        return "has no valid certificate"
    return "could not be reached, or closed the connection without an answer"
