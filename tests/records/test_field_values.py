"""A value that a person decided on goes before every source."""

import datetime
from pathlib import Path

import pytest

from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.curation import Decisions, FieldValue, read_decisions
from medsynth_kg.records.errors import CurationError
from medsynth_kg.records.field_values import decide_fields
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.records.papers import Paper, Work
from medsynth_kg.settings import Settings

DAY = datetime.date(2026, 11, 23)
DOI = PaperIdentifier(scheme="doi", value="10.1000/xyz")
CROSSREF = Metadata(source=Source.CROSSREF, paper=DOI.local_part, retrieved=DAY, title="Wrong", volume="3")
WORK = Work(facts=CROSSREF, sources={"title": Source.CROSSREF, "volume": Source.CROSSREF}, metadata=(CROSSREF,))


def decided(field: str, value: str, paper: str = DOI.local_part) -> Decisions:
    return Decisions(field_values=(FieldValue(paper=paper, field=field, value=value, date=DAY),))


def paper(work: Work | None = WORK) -> Paper:
    return Paper(identifier=DOI, identifiers=(DOI,), entries=(), work=work)


def test_it_wins_over_crossref_as_a_curated_fact_and_the_source_keeps_its_word() -> None:
    (changed,) = decide_fields([paper()], decided("title", "Right"))
    assert changed.work is not None
    assert (changed.work.facts.title, changed.work.facts.volume) == ("Right", "3")
    assert changed.work.sources == {"title": Source.CURATED, "volume": Source.CROSSREF}
    assert changed.work.metadata == (CROSSREF,)


def test_it_needs_no_source() -> None:
    (changed,) = decide_fields([paper(None)], decided("published", "2023-10"))
    assert changed.work is not None
    assert changed.work.facts.published == "2023-10"


def test_other_papers_stay_as_they_are() -> None:
    assert decide_fields([paper()], decided("title", "Right", "10.1000/other")) == (paper(),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("10.1000/xyz authors,Ada,seen,2026-11-23", "one of: title"),
        ("somewhere title,One,seen,2026-11-23", "somewhere"),
        ("10.1000/xyz published,last year,seen,2026-11-23", "2023-10-09"),
        ("10.1000/xyz title,,seen,2026-11-23", "empty"),
    ],
)
def test_a_row_that_decides_nothing_is_refused_with_its_line(tmp_path: Path, row: str, told: str) -> None:
    (tmp_path / "field-value.csv").write_text(f"key,decision,reason,date\n{row}\n", encoding="utf-8")
    with pytest.raises(CurationError, match="line 2") as refusal:
        read_decisions(tmp_path)
    assert told in str(refusal.value)


def test_a_build_states_it_in_the_curated_graph_and_tells_of_decisions_about_nothing(tmp_path: Path) -> None:
    for name in ("survey", "curation"):
        (tmp_path / name).mkdir()
    (tmp_path / "survey" / "ecg.csv").write_text(
        "type,paper,evaluation\nGAN,https://doi.org/10.1000/xyz,F\n", encoding="utf-8"
    )
    (tmp_path / "curation" / "field-value.csv").write_text(
        "key,decision,reason,date\n10.1000/xyz title,Right,seen,2026-11-23\n10.1000/no title,No,seen,2026-11-23\n",
        encoding="utf-8",
    )
    graph = assemble(Settings(data=tmp_path))
    iris = Iris()
    (title,) = [q for q in graph.quads if q.predicate == DCTERMS.title and q.subject == iris.paper(DOI)]
    assert (title.object.value, title.graph_name) == ("Right", iris.graph("curated"))  # type: ignore[union-attr]  # a literal
    assert [f.value for f in graph.findings if f.kind == "stray-decision"] == ["10.1000/no"]
