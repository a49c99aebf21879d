"""A log with one JSON object a line for each request; who asked is not kept unless that is wished."""

import datetime
import json
import logging
import time
from collections.abc import Iterable
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING, Any

from medsynth_kg.endpoint.passing import SteppedApplication
from medsynth_kg.query.steps import Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ASKED = "medsynth_kg.query"
"""Where a request's environment holds the query that it carries, once that has been read."""
_SHOWN = 10_000
"""How many characters of a query or of an address's parameters are kept."""


class RequestLog:
    """An application that logs what another one answers. Safe to call from threads.

    Lines are ASCII: whatever a client sends, it can neither end a line nor steer a terminal. A file that somebody moves
    away is made anew.
    """

    def __init__(self, application: SteppedApplication, target: str, *, addresses: bool) -> None:
        """``target`` is a file, or ``-`` for standard error; raises ``OSError`` where it can't be written."""
        self._application = application
        self._addresses = addresses
        self._logger = logging.Logger("medsynth_kg.requests", logging.INFO)
        to_terminal = target == "-"
        self._handler = logging.StreamHandler() if to_terminal else WatchedFileHandler(target, encoding="ascii")
        self._handler.setFormatter(logging.Formatter("%(message)s"))
        self._logger.addHandler(self._handler)

    def close(self) -> None:
        """Close the log's file."""
        self._handler.close()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        """Have the request answered, and log it; answers are complete before their first byte is sent."""
        came = datetime.datetime.now(datetime.UTC)
        started = time.monotonic()
        entry: dict[str, Any] = {"time": came.isoformat(timespec="milliseconds"), "method": environ["REQUEST_METHOD"]}
        entry["path"] = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")[:_SHOWN]

        def answered(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            values = dict(headers)
            entry["status"] = int(status[:3])
            entry["bytes"] = int(values["Content-Length"]) if "Content-Length" in values else None
            entry["type"] = values.get("Content-Type")
            entry["release"] = values.get("Release-Id")
            return start_response(status, headers, *error)

        parameters = environ["QUERY_STRING"]
        body = yield from self._application(environ, answered)
        if ASKED in environ:
            entry["query"] = environ[ASKED][:_SHOWN]
        elif parameters:
            entry["parameters"] = parameters[:_SHOWN]
        if self._addresses:
            entry["client"] = environ.get("REMOTE_ADDR", "")
        entry["milliseconds"] = round((time.monotonic() - started) * 1000, 3)
        self._logger.info(json.dumps(entry))
        return body
