"""A client that asks too often is asked to come back; others are not."""

from contextlib import closing

import pytest
from tests.endpoint.stepped import whole
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint, create_app
from medsynth_kg.endpoint.errors import TooManyRequests
from medsynth_kg.endpoint.rate_limit import RateLimit
from medsynth_kg.settings import Settings


def test_one_request_too_many_is_told_when_to_come_back() -> None:
    limit = RateLimit("3/hour")
    for _ in range(3):
        limit.check("192.0.2.1")
    with pytest.raises(TooManyRequests, match="3 per 1 hour") as refused:
        limit.check("192.0.2.1")
    assert 1 <= int(dict(refused.value.headers)["Retry-After"]) <= 3600
    limit.check("192.0.2.2")


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/", "/paper/none"])
def test_a_client_over_the_limit_gets_429_on_every_page_but_those_for_operators(settings: Settings, path: str) -> None:
    endpoint = Endpoint(settings.model_copy(update={"rate_limit": "1/hour"}))
    try:
        client = Client(endpoint)
        client.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
        refused = client.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}, headers={"Accept": "*/*"})
        assert refused.status_code == 429
        assert refused.content_type == "application/problem+json"
        assert int(refused.headers["Retry-After"]) > 0
        assert "Release-Id" in refused.headers
        assert client.get("/healthz", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
        assert client.get("/about", environ_overrides={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200
    finally:
        endpoint.close()


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 200)])
def test_a_client_is_named_by_a_trusted_proxy_alone(settings: Settings, proxies: int, status: int) -> None:
    behind_proxies = settings.model_copy(update={"rate_limit": "1/hour", "trusted_proxies": proxies})
    with closing(Endpoint(behind_proxies)) as endpoint:
        limited = Client(whole(create_app(endpoint, behind_proxies)))
        for number in (1, 2):
            answer = limited.get("/about", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert answer.status_code == status
