"""The saved queries about metadata have answers as soon as Crossref and arXiv have been asked."""

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, Store
from tests.enrichment.scholarly_server import entry, running_server, work

from medsynth_kg.cli.pipeline import build
from medsynth_kg.enrichment.enriching import enrich, surveyed_papers
from medsynth_kg.enrichment.options import EnrichmentOptions
from medsynth_kg.enrichment.progress import Silence
from medsynth_kg.enrichment.snapshots import read_snapshots
from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.papers import assemble_papers
from medsynth_kg.settings import Settings
from medsynth_kg.survey.reading import read_survey

QUERIES = Path(__file__).parents[2] / "queries"
CITING, CITED, RETRACTED, PREPRINT = "10.1000/citing", "10.1000/cited", "10.1000/retracted", "2301.00001"
AUTHOR = {"given": "Ada", "family": "Lovelace", "ORCID": "https://orcid.org/0000-0002-1825-0097"}
LICENCE = {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}
NOTICE = {"type": "retraction", "DOI": "10.1000/notice", "updated": {"date-parts": [[2024, 1, 1]]}}
WORKS: dict[str, dict[str, Any]] = {
    CITING: work(CITING, author=[AUTHOR], reference=[{"key": "1", "DOI": CITED.upper()}], license=[LICENCE]),
    CITED: work(CITED, author=[AUTHOR], ISSN=["1424-8220"]),
    RETRACTED: work(RETRACTED, **{"updated-by": [NOTICE]}),
    "10.1000/published": work("10.1000/published", issued={"date-parts": [[2024, 2, 1]]}),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, shipped_settings: Settings) -> Store:
    data = tmp_path_factory.mktemp("enriched")
    (data / "survey").mkdir()
    for table, links in {
        "ecg": [f"https://doi.org/{CITING}", f"https://arxiv.org/abs/{PREPRINT}"],
        "eeg": [f"https://doi.org/{CITED}", f"https://doi.org/{RETRACTED}"],
    }.items():
        rows = "".join(f"GAN,{link},F\n" for link in links)
        (data / "survey" / f"{table}.csv").write_text(f"type,paper,evaluation\n{rows}", encoding="utf-8")
    with running_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        server.works |= WORKS
        server.preprints[PREPRINT] = entry(PREPRINT, "<arxiv:doi>10.1000/published</arxiv:doi>")
        options = EnrichmentOptions(
            today=datetime.date(2026, 11, 23),
            crossref_url=server.crossref_url,
            arxiv_url=server.arxiv_url,
            arxiv_interval=0,
            turns=data / "turns",
        )
        papers = assemble_papers(read_survey(data).entries, read_snapshots(data / "metadata"), Decisions())
        assert not enrich(surveyed_papers(papers), data, options, Silence()).failed
    shutil.rmtree(data / "turns", ignore_errors=True)
    none = data / "none"
    none.mkdir()
    release = build(shipped_settings.model_copy(update={"data": data, "releases": data / "releases", "queries": none}))
    return Store.read_only(str(release.store))


def rows(store: Store, slug: str) -> list[dict[str, str]]:
    solutions = store.query((QUERIES / f"{slug}.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: term.value for name in names if (term := row[name]) is not None} for row in solutions]


def test_citations_retractions_and_the_lag_have_rows(store: Store) -> None:
    (citation,) = rows(store, "citations-among-surveyed-papers")
    assert (citation["citing"].endswith(CITING), citation["cited"].endswith(CITED)) == (True, True)
    (retraction,) = rows(store, "retracted-or-corrected-papers")
    assert (retraction["retracted"], retraction["kind"], retraction["date"]) == ("true", "retraction", "2024-01-01")
    assert retraction["text"] == "https://doi.org/10.1000/notice"
    (lag,) = rows(store, "preprint-to-publication-lag")
    assert (lag["preprint"], lag["months"]) == ("2023-08-25", "6")


def test_authors_venues_licences_and_counts_have_rows(store: Store) -> None:
    (author,) = rows(store, "authors-across-modalities")
    assert (author["name"], author["papers"]) == ("Ada Lovelace", "2")
    assert {row["title"] for row in rows(store, "venues")} == {"Sensors"}
    assert {row["label"]: row["citations"] for row in rows(store, "most-cited-by-family")}[f"The work {CITED}"] == "7"
    assert sum(int(row["open"]) for row in rows(store, "open-licence-share")) == 1
