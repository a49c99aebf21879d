"""A scholarly server, and options that make every pause short."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.enrichment.scholarly_server import ScholarlyServer, running_server

from medsynth_kg.enrichment.options import EnrichmentOptions

OptionsFactory = Callable[..., EnrichmentOptions]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScholarlyServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_server() as running:
        yield running


@pytest.fixture
def options(server: ScholarlyServer, tmp_path: Path) -> OptionsFactory:
    def build(**changes: Any) -> EnrichmentOptions:
        fast: dict[str, Any] = {
            "today": datetime.date(2026, 11, 23),
            "crossref_url": server.crossref_url,
            "arxiv_url": server.arxiv_url,
            "contact": "maintainer@example.org",
            "crossref_rate": 1000,
            "arxiv_interval": 0,
            "first_pause": 0.001,
            "longest_pause": 2,
            "read_timeout": 10,
            "turns": tmp_path / "turns",
        }
        return EnrichmentOptions(**(fast | changes))

    return build
