"""Sends requests within a budget and takes no more of an answer, in bytes and in time, than is safe."""

import contextlib
import io
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse, ProxyManager

from medsynth_kg.enrichment.answer_deadline import pools_with_deadline
from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.options import AskingOptions
from medsynth_kg.enrichment.politeness import Budget, Turns

_CHUNK = 2**16
_CHANGED_BY_DECODING = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class BoundedAdapter(HTTPAdapter):
    """Spends the budget for every request that really goes out, and reads bodies no further than is safe."""

    def __init__(self, options: AskingOptions, budget: Budget, turns: Turns | None) -> None:
        super().__init__()
        self._pools = pools_with_deadline(options.answer_timeout)
        self.poolmanager.pool_classes_by_scheme = self._pools
        self._options = options
        self._budget = budget
        self._turns = turns

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> ProxyManager:
        """The connections through a proxy that the environment names; answers on them have to be in time too."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request within the budget, in turn, and answer with its whole body in memory."""
        turn: AbstractContextManager[None] = self._turns.turn() if self._turns else contextlib.nullcontext()
        with turn:
            self._budget.spend()
            response = super().send(request, True, timeout, verify, cert, proxies)
            with contextlib.closing(response):
                return self._whole(request, response)

    def _whole(self, request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _CHANGED_BY_DECODING}
        raw = HTTPResponse(
            body=io.BytesIO(self._body(response)),
            headers=headers,
            status=response.status_code,
            reason=response.reason,
            preload_content=False,
            request_url=request.path_url,
        )
        return self.build_response(request, raw)

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._options.answer_size:
                raise FetchError(f"{response.url} answered with more than {self._options.answer_size:,} bytes")
        return bytes(body)
