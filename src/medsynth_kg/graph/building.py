"""From records to the quads of a release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from medsynth_kg.graph.bibliography import state_bibliography
from medsynth_kg.graph.finding_statements import state_findings
from medsynth_kg.graph.interpretation import Interpretation, interpret
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.links import state_computed_links, state_mappings
from medsynth_kg.graph.repository_states import state_repository_states
from medsynth_kg.graph.statements import Statements
from medsynth_kg.graph.survey_statements import (
    mint_entries,
    state_paper,
    state_repository,
    state_table,
)
from medsynth_kg.graph.vocabulary import Label, Vocabularies, read_turtle
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.repositories import CodeRepository
from medsynth_kg.records.repository_state import RepositoryState
from medsynth_kg.survey.findings import Finding

ONTOLOGY_FILES = ("medsynth.ttl", "prefixes.ttl")


@dataclass(frozen=True, slots=True)
class KnowledgeGraph:
    """The statements of every named graph but ``graph/release``, sorted; the findings; the labels that nothing uses."""

    quads: tuple[Quad, ...]
    findings: tuple[Finding, ...]
    unused_labels: tuple[Label, ...]


def build_graph(
    papers: tuple[Paper, ...],
    findings: Iterable[Finding],
    *,
    tables: Mapping[str, tuple[str, str]],
    repositories: tuple[CodeRepository, ...],
    repository_states: Iterable[RepositoryState],
    vocabularies: Vocabularies,
    ontology: Path,
    links: Path,
    iris: Iris,
) -> KnowledgeGraph:
    """Turn records into statements.

    ``tables`` gives title and file of each table by its slug; ``findings`` are those of the earlier stages.

    Raises:
        OntologyUnreadable: a file of the ontology is missing or is not Turtle.
        MappingsUnreadable: a file of mappings is not SSSOM.
    """
    entries = mint_entries(papers, iris)
    interpretations = {
        paper.identifier: tuple(interpret(entry, vocabularies, iris) for entry in paper.entries) for paper in papers
    }
    everything = [reading for readings in interpretations.values() for reading in readings]
    all_findings = (*findings, *(finding for reading in everything for finding in reading.findings))
    survey = Statements(iris.graph("survey"))
    for slug, (title, file) in sorted(tables.items()):
        state_table(survey, slug, title, file, iris)
    for paper in papers:
        state_paper(survey, paper, interpretations[paper.identifier], entries, iris)
    for repository in repositories:
        state_repository(survey, repository, iris)
    github = Statements(iris.graph("github"))
    state_repository_states(github, repositories, repository_states, iris)
    link_statements = Statements(iris.graph("links"))
    sources = {source: Statements(iris.graph(source.value)) for source in Source}
    state_bibliography(sources, papers, link_statements, iris)
    state_computed_links(link_statements, papers, iris)
    state_mappings(link_statements, links, iris)
    finding_statements = Statements(iris.graph("findings"))
    state_findings(finding_statements, all_findings, entries, {p.identifier.local_part for p in papers}, iris)
    quads = {
        *survey,
        *github,
        *(quad for statements in sources.values() for quad in statements),
        *finding_statements,
        *link_statements,
        *vocabularies.quads,
        *_ontology_quads(ontology, iris),
    }
    return KnowledgeGraph(
        quads=tuple(sorted(quads, key=str)),
        findings=all_findings,
        unused_labels=_unused_labels(vocabularies, everything),
    )


def _ontology_quads(ontology: Path, iris: Iris) -> list[Quad]:
    graph = iris.graph("ontology")
    return [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for name in ONTOLOGY_FILES
        for triple in read_turtle(ontology / name, iris)
    ]


def _unused_labels(vocabularies: Vocabularies, interpretations: Iterable[Interpretation]) -> tuple[Label, ...]:
    used = {label for interpretation in interpretations for label in interpretation.labels_used}
    unused = {label for scheme in vocabularies.schemes.values() for label in scheme.labels.values()} - used
    return tuple(sorted(unused, key=lambda label: (label.concept.value, label.text)))
