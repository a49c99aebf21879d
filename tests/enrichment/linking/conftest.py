"""A server that speaks for all targets, and runs against it without pauses."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.enrichment.linking.graph_server import ARXIV, DOI, REPOSITORY, SECOND_DOI, GraphServer, running_graphs

from medsynth_kg.enrichment.linking.linking import link
from medsynth_kg.enrichment.linking.options import LinkingOptions
from medsynth_kg.enrichment.linking.subjects import LinkSubject
from medsynth_kg.enrichment.linking.target import Question
from medsynth_kg.enrichment.linking.targets import TARGETS
from medsynth_kg.enrichment.progress import Silence
from medsynth_kg.enrichment.report import EnrichmentReport
from medsynth_kg.settings import BASE_IRI

Run = Callable[..., EnrichmentReport]

SUBJECTS = (
    LinkSubject(
        iri=f"{BASE_IRI}paper/{DOI}",
        questions=(Question("doi", DOI), Question("arxiv", ARXIV)),
    ),
    LinkSubject(iri=f"{BASE_IRI}paper/{SECOND_DOI}", questions=(Question("doi", SECOND_DOI),)),
    LinkSubject(
        iri=f"{BASE_IRI}repository/{REPOSITORY.removeprefix('https://').lower()}",
        questions=(Question("repository", REPOSITORY),),
    ),
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_graphs() as graphs:
        yield graphs


@pytest.fixture
def links(tmp_path: Path) -> Path:
    return tmp_path / "links"


@pytest.fixture
def run(server: GraphServer, links: Path) -> Run:
    def once(
        *names: str, subjects: Iterable[LinkSubject] = SUBJECTS, directory: Path = links, **changes: Any
    ) -> EnrichmentReport:
        options: dict[str, Any] = {
            "today": datetime.date(2026, 11, 23),
            "addresses": {target.name: server.address(target.name) for target in TARGETS},
            "first_pause": 0.001,
            "longest_pause": 2,
            "read_timeout": 10,
            "slowness": 0.0001,
        }
        targets = [target for target in TARGETS if not names or target.name in names]
        chosen = LinkingOptions(**(options | changes))
        return link(subjects, targets, directory, chosen, chosen.new_budget(), Silence())

    return once
