"""What a run could not find out is told by the next build, until a source answers."""

from pathlib import Path

import pytest

from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.enrichment.kept_findings import FindingsFile, read_kept_findings
from medsynth_kg.graph.iris import Iris
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.papers import Paper
from medsynth_kg.settings import Settings
from medsynth_kg.survey.findings import Finding, Severity

DOI = "10.1000/xyz"


def unknown(paper: str = DOI) -> Finding:
    return Finding(
        kind="not-in-crossref",
        severity=Severity.WARNING,
        message=f"crossref doesn't know {paper}",
        advice="check it",
        value=paper,
        paper=paper,
    )


def paper(*local_parts: str) -> Paper:
    identifiers = tuple(PaperIdentifier(scheme="doi", value=local_part) for local_part in local_parts)
    return Paper(identifier=identifiers[0], identifiers=identifiers, entries=())


def test_a_finding_is_kept_until_the_question_is_answered(tmp_path: Path) -> None:
    FindingsFile(tmp_path).answered("crossref", DOI, [unknown()])
    assert read_kept_findings(tmp_path, [paper(DOI)]) == (unknown(),)
    FindingsFile(tmp_path).answered("crossref", DOI, [])
    assert read_kept_findings(tmp_path, [paper(DOI)]) == ()


def test_the_order_of_asking_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    contents = set()
    for order in (("10.1000/a", "10.1000/b"), ("10.1000/b", "10.1000/a")):
        kept = FindingsFile(tmp_path)
        for doi in order:
            kept.answered("crossref", doi, [unknown(doi)])
        contents.add((tmp_path / "findings.json").read_bytes())
        (tmp_path / "findings.json").unlink()
    assert len(contents) == 1


def test_nothing_to_tell_makes_no_file(tmp_path: Path) -> None:
    FindingsFile(tmp_path).answered("crossref", DOI, [])
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_asks_any_longer_is_forgotten(tmp_path: Path) -> None:
    kept = FindingsFile(tmp_path)
    kept.answered("crossref", DOI, [unknown()])
    kept.answered("crossref", "10.1000/gone", [unknown("10.1000/gone")])
    kept.forget_others({"crossref": {DOI}})
    assert read_kept_findings(tmp_path, [paper(DOI), paper("10.1000/gone")]) == (unknown(),)


def test_a_paper_that_left_the_survey_has_no_finding_and_a_joined_one_is_told_under_its_own_name(
    tmp_path: Path,
) -> None:
    FindingsFile(tmp_path).answered("crossref", DOI, [unknown()])
    assert read_kept_findings(tmp_path, [paper("10.1000/other")]) == ()
    (finding,) = read_kept_findings(tmp_path, [paper("10.1000/first", DOI)])
    assert finding.paper == "10.1000/first"


@pytest.mark.parametrize("content", [b"{", b"\xff", b'[{"source": "crossref"}]'])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "findings.json").write_bytes(content)
    with pytest.raises(SnapshotError, match=r"findings\.json: .*; remove the file, then run enrich and link"):
        read_kept_findings(tmp_path, [])


def test_a_build_tells_it(tmp_path: Path) -> None:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "ecg.csv").write_text(
        f"type,paper,evaluation\nGAN,https://doi.org/{DOI},F\n", encoding="utf-8"
    )
    (tmp_path / "metadata").mkdir()
    FindingsFile(tmp_path / "metadata").answered("crossref", DOI, [unknown()])
    graph = assemble(Settings(data=tmp_path))
    iris = Iris()
    (subject,) = {q.subject for q in graph.quads if str(q.subject).startswith(f"<{iris.base}finding/not-in-crossref")}
    concerned = {q.object for q in graph.quads if q.subject == subject and q.predicate == iris.msk.concerns}
    assert concerned == {iris.paper(PaperIdentifier(scheme="doi", value=DOI))}
