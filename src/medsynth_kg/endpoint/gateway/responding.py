"""What an application answers, ready to be sent.

A body is in memory, or it is a file that is read as fast as the client takes it, so that no slow client fills
the memory.
"""

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from werkzeug.http import parse_content_range_header
from werkzeug.wsgi import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from medsynth_kg.endpoint.passing import SteppedApplication
    from medsynth_kg.query.steps import Steps

IN_MEMORY = 2**20
"""Bytes up to which a body is handed over whole."""


class Response:
    """What an application answers: ``file`` where the body is a large file, else ``body``.

    ``part`` is the range of the file's bytes that was asked for, from the first to the one after the last.
    """

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.file: IO[bytes] | None = None
        self.body = b""
        self._parts: Iterable[bytes] = ()

    def steps(self, application: "SteppedApplication", environment: "WSGIEnvironment") -> "Steps[None]":
        """Have a request answered, in steps; raises whatever the application raises."""
        environment["wsgi.file_wrapper"] = self._wrap
        self._parts = yield from application(environment, self._start)
        if self.file is None or environment["REQUEST_METHOD"] == "HEAD" or self._length() <= IN_MEMORY:
            self.body = b"".join(self._parts)
            self.close()

    @property
    def part(self) -> tuple[int, int] | None:
        """See above; None for the whole file."""
        stated = parse_content_range_header(self._header("content-range")) if self.status == 206 else None
        if stated is None or stated.start is None or stated.stop is None:
            return None
        return stated.start, stated.stop

    def close(self) -> None:
        """Let the application give back what it holds for the body."""
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()
        if self.file is not None:
            self.file.close()
            self.file = None

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        self.status, self.headers = int(status[:3]), headers

    def _wrap(self, file: IO[bytes], size: int = IN_MEMORY) -> FileWrapper:
        self.file = file
        return FileWrapper(file, size)

    def _length(self) -> int:
        return int(self._header("content-length") or 0)

    def _header(self, wanted: str) -> str:
        return next((value for name, value in self.headers if name.lower() == wanted), "")
