"""Responses to requests that come again byte by byte, as those of pages and programs do: they are sent as they are.

What a request says is not read again then, which takes three times as long as all the rest.
"""

from collections.abc import Callable
from typing import NamedTuple

from medsynth_kg.endpoint.cache import Cache

_BYTES, _BYTES_ONCE = 4 * 2**20, 2**19
"""What they may take in all, and those that were sent but once."""
_LARGEST = 2**18
_OVERHEAD = 500
"""Roughly what each takes besides its bytes."""


class _Kept(NamedTuple):
    head: bytes
    body: bytes
    holds: Callable[[], bool]


class RepeatedResponses:
    """Responses by the whole bytes of their requests. The bodies are mostly those of answers that are kept anyway."""

    def __init__(self) -> None:
        self._kept: Cache[bytes, _Kept] = Cache(_BYTES, once=_BYTES_ONCE)

    def get(self, request: bytes) -> _Kept | None:
        """The response to a request, if it is known and still the same."""
        kept = self._kept.get(request)
        if kept is not None and not kept.holds():
            self._kept.clear()
            return None
        return kept

    def put(self, request: bytes, head: bytes, body: bytes, holds: Callable[[], bool]) -> None:
        """Keep a response; ``head`` is without its last lines, ``holds`` says whether it is still the same."""
        size = len(request) + len(head) + len(body) + _OVERHEAD
        if size <= _LARGEST:
            self._kept.put(request, _Kept(head, body, holds), size)
