"""Two independent views of the shipped data: the saved queries' answers, and the CSV files read by hand.

Nothing here goes through the product's own readers: a row is what the csv module says, a paper is the text of its cell,
and the few spellings that occur are spelled out.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.parameters import bind_parameters
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import SavedQuery, read_saved_query
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI, Settings

Rows = list[dict[str, str]]
Answer = Callable[[str], Rows]

FAMILIES = {
    "GAN": "Generative adversarial network",
    "DM": "Diffusion model",
    "Diffusion Model": "Diffusion model",
    "VAE": "Variational autoencoder",
    "AE": "Autoencoder",
    "Language Model": "Language model",
    "Other": "Other",
}
CATEGORIES = {
    "F": "Fidelity",
    "D": "Diversity",
    "C": "Clinical validity",
    "P": "Privacy",
    "U": "Utility",
    "Q": "Qualitative assessment",
}
MODALITIES = {"ecg": "Electrocardiogram", "eeg": "Electroencephalogram", "dermoscopy": "Dermoscopy"}


@dataclass(frozen=True)
class Row:
    """A real row of the survey, its cells taken apart by hand."""

    table: str
    paper: str
    families: frozenset[str]
    categories: frozenset[str]
    application: str
    architecture: str
    has_code: bool
    code: str
    year: str

    @property
    def modality(self) -> str:
        return MODALITIES[self.table]


@pytest.fixture(scope="session")
def rows(shipped_settings: Settings) -> list[Row]:
    found = []
    for path in sorted((shipped_settings.data / "survey").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [_row(path.stem, cells) for cells in csv.DictReader(file) if "example.com" not in cells["paper"]]
    return found


def _row(table: str, cells: dict[str, str]) -> Row:
    return Row(
        table=table,
        paper=cells["paper"],
        families=frozenset(FAMILIES[name.strip()] for name in cells["type"].split(",")),
        categories=frozenset(CATEGORIES[letter.strip()] for letter in cells["evaluation"].split(",")),
        application=cells["application"],
        architecture=cells["architecture"],
        has_code="](https://github.com/" in cells["code"],
        code=cells["code"],
        year=cells["date"][:4],
    )


@pytest.fixture(scope="session")
def executor(shipped_release: Release) -> Iterator[EmbeddedExecutor]:
    executor = EmbeddedExecutor(shipped_release.store, QueryLimits(workers=1))
    yield executor
    executor.close()


@pytest.fixture(scope="session")
def ask(executor: EmbeddedExecutor) -> Callable[[str], Rows]:
    """Solutions of a SELECT query, each a dictionary of plain strings; unbound variables are absent."""

    def run(query: str) -> Rows:
        body = executor.execute(QueryRequest(query, "application/sparql-results+json")).body
        assert isinstance(body, bytes)
        bindings = json.loads(body)["results"]["bindings"]
        return [{name: term["value"] for name, term in binding.items()} for binding in bindings]

    return run


@pytest.fixture(scope="session")
def answer(ask: Callable[[str], Rows], shipped_release: Release) -> Answer:
    return lambda slug: ask(read_saved_query(shipped_release.queries / f"{slug}.rq").text)


@pytest.fixture(scope="session")
def answer_for(ask: Callable[[str], Rows], shipped_release: Release) -> Callable[..., Rows]:
    """The answer of a saved query with values for its parameters: slugs of concepts, or numbers."""

    def run(slug: str, **values: str | int) -> Rows:
        query = read_saved_query(shipped_release.queries / f"{slug}.rq")
        terms = {
            name: Literal(value) if isinstance(value, int) else NamedNode(f"{BASE_IRI}{_scheme(query, name)}/{value}")
            for name, value in values.items()
        }
        return ask(bind_parameters(query.text, terms))

    return run


def _scheme(query: SavedQuery, name: str) -> str:
    scheme = query.parameters[name].scheme
    assert scheme is not None
    return scheme


@pytest.fixture(scope="session")
def curated(shipped_settings: Settings) -> list[dict[str, object]]:
    paths = sorted((shipped_settings.data / "metadata" / "curated").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in paths]


@pytest.fixture(scope="session")
def curated_authors(curated: list[dict[str, Any]]) -> Counter[str]:
    return Counter(f"{author['given']} {author['family']}" for paper in curated for author in paper.get("authors", []))


@pytest.fixture(scope="session")
def curated_venues(curated: list[dict[str, Any]]) -> Counter[str]:
    return Counter(paper["venue"]["title"] for paper in curated if "venue" in paper)
