"""How much may be asked and when: budget, rate headers, ``Retry-After``, and turns between processes."""

import datetime
import fcntl
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from medsynth_kg.enrichment.errors import BudgetSpentError, EnrichmentRunningError

_RATE_INTERVAL = re.compile(r"\s*([0-9]{1,6})\s*s?\s*")
_RESET = re.compile(r"\s*([0-9]{1,10})\s*")
_A_MOMENT = 1_000_000_000
"""Seconds from this number on are counted from 1970, in any service's headers."""
_RATE_LIMIT = re.compile(r"\s*([0-9]{1,6})\s*")


class Budget:
    """The requests and the seconds that one run may use; the clock starts with construction."""

    def __init__(self, requests: int, seconds: float) -> None:
        self.requests_left = requests
        self._requests = requests
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def requests_spent(self) -> int:
        """Requests that the run has used so far."""
        return self._requests - self.requests_left

    @property
    def seconds_left(self) -> float:
        """Seconds until the run's time is up; negative afterwards."""
        return self._end - time.monotonic()

    def spend(self) -> None:
        """Take one request out of the budget.

        Raises:
            BudgetSpentError: nothing is left.
        """
        if self.requests_left <= 0:
            raise BudgetSpentError(f"the budget of {self._requests} requests is used up; run the command again")
        if self.seconds_left <= 0:
            raise BudgetSpentError(f"the budget of {self._seconds:g} seconds is used up; run the command again")
        self.requests_left -= 1


def advertised_rate(headers: Mapping[str, str]) -> tuple[int, int] | None:
    """The limit that Crossref's headers announce: so many requests in so many seconds; None where they don't.

    Source: Crossref REST API, "Access and authentication":
    ``x-rate-limit-limit`` and ``x-rate-limit-interval``.
    """
    limit = _RATE_LIMIT.fullmatch(headers.get("x-rate-limit-limit", ""))
    interval = _RATE_INTERVAL.fullmatch(headers.get("x-rate-limit-interval", ""))
    if limit is None or interval is None:
        return None
    requests, seconds = int(limit.group(1)), int(interval.group(1))
    return (requests, seconds) if requests and seconds else None


def used_up_until(headers: Mapping[str, str], now: datetime.datetime) -> datetime.datetime | None:
    """When a service allows the next request, where its headers say that nothing is left until then; else None.

    Source: GitHub REST API, "Rate limits for the REST API": ``x-ratelimit-remaining``, and ``x-ratelimit-reset`` in
    seconds since 1970. Services that borrowed the names count the seconds from ``now`` (aware).
    """
    reset = _RESET.fullmatch(headers.get("x-ratelimit-reset", ""))
    if headers.get("x-ratelimit-remaining", "").strip() != "0" or reset is None:
        return None
    seconds = int(reset.group(1))
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment if seconds >= _A_MOMENT else now + datetime.timedelta(seconds=seconds)


def requested_pause(retry_after: str | None, now: datetime.datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait; None where it is absent or unreadable.

    Source: RFC 9110, section 10.2.3. It is a number of seconds, or a date to compare with ``now`` (aware).
    """
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return max(0.0, (moment - now).total_seconds())


class Turns:
    """Lets all processes of a user ask one service one after the other, ``interval`` seconds apart.

    The file is locked during a request (one connection at a time); its content is the time of the last one.
    """

    def __init__(self, file: Path, interval: float) -> None:
        self._file = file
        self._interval = interval

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and keep it for the length of the ``with`` block."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            time.sleep(self._waiting_time(file))
            self._stamp(file)
            try:
                yield
            finally:
                self._stamp(file)

    def _waiting_time(self, file: IO[str]) -> float:
        file.seek(0)
        try:
            elapsed = time.time() - float(file.read(64))
        except ValueError:
            return 0.0
        # After a clock was set back, the last request seems to lie in the future.
        return min(self._interval, max(0.0, self._interval - elapsed))

    def _stamp(self, file: IO[str]) -> None:
        file.seek(0)
        file.truncate()
        file.write(f"{time.time():.6f}")
        file.flush()


@contextmanager
def only_run(file: Path, number: int) -> Iterator[None]:
    """Hold ``file`` locked, so that no two runs write into one data directory; ``number`` is this process's.

    Raises:
        EnrichmentRunningError: another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read(32).strip()
            raise EnrichmentRunningError(
                f"{file}: another run (process {holder}) is at work here; wait for it, or stop it"
            ) from error
        lock.truncate(0)
        lock.write(str(number))
        lock.flush()
        yield
