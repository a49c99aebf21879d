"""The shipped data as a graph: what any reader of the dumps may rely on."""

import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from medsynth_kg.cli.pipeline import assemble
from medsynth_kg.graph.building import KnowledgeGraph
from medsynth_kg.graph.iris import GRAPHS, Iris
from medsynth_kg.graph.namespaces import FABIO, OWL, RDF, RDFS, SCHEMA, SKOS
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.settings import Settings

IRIS = Iris()
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graph(shipped_settings: Settings) -> KnowledgeGraph:
    return assemble(shipped_settings)


def subjects(quads: Sequence[Quad], concept: NamedNode) -> set[NamedNode]:
    return {
        quad.subject
        for quad in quads
        if quad.predicate == RDF.type and quad.object == concept and isinstance(quad.subject, NamedNode)
    }


def test_has_forty_one_papers_forty_one_entries_and_sixteen_repositories(graph: KnowledgeGraph) -> None:
    assert len(subjects(graph.quads, IRIS.msk.Paper)) == 41
    assert len(subjects(graph.quads, IRIS.msk.SurveyEntry)) == 41
    assert len(subjects(graph.quads, IRIS.msk.CodeRepository)) == 16


def test_conforms_to_its_shapes(graph: KnowledgeGraph, shipped_settings: Settings) -> None:
    assert validate_graph(graph.quads, shipped_settings.ontology) == ()


def test_a_paper_without_an_entry_violates_its_shape(graph: KnowledgeGraph, shipped_settings: Settings) -> None:
    paper = min(subjects(graph.quads, IRIS.msk.Paper), key=str)
    without = [quad for quad in graph.quads if quad.subject == paper and quad.predicate != IRIS.msk.surveyEntry]
    assert any(
        "surveyEntry" in (violation.path or "") for violation in validate_graph(without, shipped_settings.ontology)
    )


def test_has_no_blank_node_and_only_the_named_graphs(graph: KnowledgeGraph) -> None:
    assert not any(isinstance(term, BlankNode) for quad in graph.quads for term in quad.triple)
    assert {quad.graph_name for quad in graph.quads} <= {IRIS.graph(name) for name in GRAPHS}


def test_has_thirty_six_titles_and_authors_for_thirty_two(graph: KnowledgeGraph) -> None:
    papers = subjects(graph.quads, IRIS.msk.Paper)
    assert len({q.subject for q in graph.quads if q.predicate == SCHEMA.name and q.subject in papers}) == 36
    assert len({q.subject for q in graph.quads if q.predicate == SCHEMA.author}) == 32


def test_everything_of_ours_has_a_label(graph: KnowledgeGraph) -> None:
    ours = {q.subject for q in graph.quads if q.predicate == RDF.type and str(q.subject).startswith(f"<{IRIS.base}")}
    labelled = {q.subject for q in graph.quads if q.predicate in (RDFS.label, SKOS.prefLabel)}
    prefix_declarations = {s for s in ours if "/prefixes#" in str(s)}
    assert ours - labelled - prefix_declarations == set()


def test_every_class_and_predicate_of_the_data_is_declared_in_the_ontology(graph: KnowledgeGraph) -> None:
    ontology = IRIS.graph("ontology")
    declared = {q.subject for q in graph.quads if q.graph_name == ontology and q.predicate == RDF.type}
    data = [q for q in graph.quads if q.graph_name != ontology]
    built_in = {RDF.type, RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.sameAs, OWL.versionInfo}
    assert {q.predicate for q in data} - declared - built_in == set()
    assert {q.object for q in data if q.predicate == RDF.type} - declared == set()


def test_every_class_and_property_of_ours_is_used_or_awaits_enrichment(graph: KnowledgeGraph) -> None:
    ontology = IRIS.graph("ontology")
    own = {q.subject for q in graph.quads if q.graph_name == ontology and str(q.subject).startswith(f"<{IRIS.msk.iri}")}
    data = [q for q in graph.quads if q.graph_name != ontology]
    used = {q.predicate for q in data} | {q.object for q in data} | {getattr(q.object, "datatype", None) for q in data}
    awaiting = ["RetractedPaper", "citationCount", "versionCount", "updatedBy", "funderName", "affiliationName"]
    awaiting += ["Notice", "notice", "noticeKind"]
    awaiting += ["checked", "gone", "archived", "lastPush", "starCount", "publishedOnline", "publishedPrint"]
    unnamed_today = ["metric", "statesMetric", "modalityText"]
    assert own - used <= {getattr(IRIS.msk, name) for name in (*awaiting, *unnamed_today)}


def test_the_address_of_code_is_stated_of_the_code_which_papers_mention(graph: KnowledgeGraph) -> None:
    code = subjects(graph.quads, SCHEMA.SoftwareSourceCode)
    assert {q.subject for q in graph.quads if q.predicate == SCHEMA.codeRepository} == code
    mentioned = {(q.subject, q.object) for q in graph.quads if q.predicate == SCHEMA.mentions}
    assert mentioned == {(q.subject, q.object) for q in graph.quads if q.predicate == IRIS.msk.codeRepository}
    assert {repository for _, repository in mentioned} == code


def test_papers_are_expressions_as_fabio_has_its_articles_and_preprints(graph: KnowledgeGraph) -> None:
    assert subjects(graph.quads, FABIO.Expression) == subjects(graph.quads, IRIS.msk.Paper)
    assert subjects(graph.quads, FABIO.ScholarlyWork) == set()


def test_a_cell_keeps_the_words_of_its_row(graph: KnowledgeGraph, shipped_settings: Settings) -> None:
    with (shipped_settings.data / "survey" / "ecg.csv").open(encoding="utf-8", newline="") as file:
        words = {row["architecture"] for row in csv.DictReader(file)}
    texts = [q for q in graph.quads if q.predicate == IRIS.msk.architectureText and "/ecg/" in str(q.subject)]
    assert {q.object.value for q in texts if isinstance(q.object, Literal)} == words


def test_a_basis_is_kept_beside_its_architecture(graph: KnowledgeGraph) -> None:
    entry = NamedNode(f"{IRIS.base}entry/ecg/10.1145/3583593")
    said = {(q.predicate, q.object) for q in graph.quads if q.subject == entry}
    assert (IRIS.msk.statesArchitecture, NamedNode(f"{IRIS.base}architecture/ts-gan")) in said
    assert (IRIS.msk.architectureBasis, NamedNode(f"{IRIS.base}architecture/lstm")) in said


def test_no_cell_of_the_shipped_survey_is_unknown_to_the_vocabularies(graph: KnowledgeGraph) -> None:
    assert [finding for finding in graph.findings if finding.kind.startswith("unknown-")] == []


def test_a_new_architecture_keeps_its_row_and_says_which_file_to_edit(tmp_path: Path) -> None:
    survey = tmp_path / "survey"
    survey.mkdir()
    (survey / "ecg.csv").write_text(
        "type,application,architecture,modality,paper,code,evaluation,date\n"
        'gan,unconditional,Quantum Blorp GAN,,https://doi.org/10.1000/xyz,,"Fidelity, U",2024\n',
        encoding="utf-8",
    )
    graph = assemble(Settings(data=tmp_path))
    (finding,) = [finding for finding in graph.findings if finding.kind == "unknown-architecture"]
    assert "ontology/architecture.ttl" in finding.advice
    assert finding.value == "Quantum Blorp GAN"
    assert len(subjects(graph.quads, IRIS.msk.SurveyEntry)) == 1


def test_a_family_that_contradicts_the_architecture_is_found(tmp_path: Path) -> None:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "ecg.csv").write_text(
        "type,architecture,paper,evaluation\nVAE,StyleGAN2,https://doi.org/10.1000/xyz,F\n", encoding="utf-8"
    )
    kinds = {finding.kind for finding in assemble(Settings(data=tmp_path)).findings}
    assert "family-contradicts-architecture" in kinds


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_is_the_same_under_any_hash_seed(graph: KnowledgeGraph, hash_seed: str) -> None:
    program = (
        "import hashlib; from medsynth_kg.cli.pipeline import assemble; from medsynth_kg.settings import Settings;"
        "print(hashlib.sha256(repr(assemble(Settings()).quads).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == hashlib.sha256(repr(graph.quads).encode()).hexdigest()


def test_every_turtle_file_of_the_ontology_is_strict_turtle(shipped_settings: Settings) -> None:
    for path in sorted(shipped_settings.ontology.glob("*.ttl")):
        assert list(parse(path=str(path), format=RdfFormat.TURTLE)), path


def test_a_table_of_an_unknown_modality_keeps_its_rows_and_is_found(tmp_path: Path, shipped_settings: Settings) -> None:
    (tmp_path / "survey").mkdir()
    (tmp_path / "survey" / "wound-photographs.csv").write_text(
        "type,paper,evaluation\nGAN,https://doi.org/10.1000/xyz,F\n", encoding="utf-8"
    )
    graph = assemble(Settings(data=tmp_path))
    (finding,) = [finding for finding in graph.findings if finding.kind == "unknown-table"]
    assert "ontology/modality.ttl" in finding.advice
    assert len(subjects(graph.quads, IRIS.msk.Paper)) == 1
    assert validate_graph(graph.quads, shipped_settings.ontology) == ()
