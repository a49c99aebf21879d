"""A survey entry read with the vocabularies: the concepts that its cells name, and what they don't explain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import NamedNode

from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.recognition import Recognition, recognise
from medsynth_kg.graph.vocabulary import ConceptScheme, Label, Vocabularies
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.links import cell_text

VocabularyColumn = OneOf["type", "architecture", "application", "modality", "evaluation"]

_SCHEME_OF: dict[VocabularyColumn, str] = {
    "type": "architecture",
    "architecture": "architecture",
    "application": "application",
    "modality": "modality",
    "evaluation": "evaluation",
}


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The concepts that one entry names, sorted by IRI; ``bases`` are what its architectures are based on."""

    entry: SurveyEntry
    modalities: tuple[NamedNode, ...]
    families: tuple[NamedNode, ...]
    architectures: tuple[NamedNode, ...]
    bases: tuple[NamedNode, ...]
    applications: tuple[NamedNode, ...]
    categories: tuple[NamedNode, ...]
    metrics: tuple[NamedNode, ...]
    findings: tuple[Finding, ...]
    labels_used: frozenset[Label]


def interpret(entry: SurveyEntry, vocabularies: Vocabularies, iris: Iris) -> Interpretation:
    """Read an entry's cells; what no label matches becomes a finding and nothing else."""
    read = {
        column: recognise(cell_text(getattr(entry.row, column)), vocabularies[scheme])
        for column, scheme in _SCHEME_OF.items()
    }
    table = recognise(entry.row.table, vocabularies["modality"])
    architecture, evaluation = vocabularies["architecture"], vocabularies["evaluation"]
    family, metric = iris.msk.ModelFamily, iris.msk.Metric
    bases = _bases(read["architecture"].bases, architecture)
    named = read["type"].labels + read["architecture"].labels
    metrics = _concepts(label for label in read["evaluation"].labels if metric in evaluation.classes(label.concept))
    return Interpretation(
        entry=entry,
        modalities=_concepts(table.labels + read["modality"].labels),
        families=_concepts(label for label in read["type"].labels if family in architecture.classes(label.concept)),
        architectures=_concepts(label for label in named if family not in architecture.classes(label.concept)),
        bases=_concepts(bases),
        applications=_concepts(read["application"].labels),
        categories=_categories(read["evaluation"].labels, metrics, evaluation),
        metrics=metrics,
        findings=(
            *_findings(entry, read, vocabularies),
            *_unknown_table(entry, table),
            *_contradictions(entry, read, table, vocabularies, iris),
        ),
        labels_used=frozenset(label for recognition in read.values() for label in recognition.labels)
        | frozenset(table.labels)
        | frozenset(bases),
    )


def _concepts(labels: Iterator[Label] | tuple[Label, ...]) -> tuple[NamedNode, ...]:
    return tuple(sorted({label.concept for label in labels}, key=str))


def _bases(bases: tuple[str, ...], scheme: ConceptScheme) -> tuple[Label, ...]:
    return tuple(label for basis in bases if (label := scheme.find(basis) or scheme.find(f"{basis}-based")))


def _categories(
    labels: tuple[Label, ...], metrics: tuple[NamedNode, ...], scheme: ConceptScheme
) -> tuple[NamedNode, ...]:
    """The categories named, and those of the metrics named: who measured FID has looked at what FID measures."""
    named = set(_concepts(labels)) - set(metrics)
    implied = {category for metric in metrics for category in scheme.ancestors(metric)}
    implied = {category for category in implied if not scheme.ancestors(category)}
    return tuple(sorted(named | implied, key=str))


def _findings(
    entry: SurveyEntry, read: dict[VocabularyColumn, Recognition], vocabularies: Vocabularies
) -> Iterator[Finding]:
    for column, recognition in read.items():
        scheme = _SCHEME_OF[column]
        for unknown in recognition.unknown:
            yield _finding(
                entry,
                column,
                unknown,
                kind=f"unknown-{column}",
                severity=Severity.WARNING,
                message=f"No {scheme} of the vocabulary is called “{unknown}”; the row counts without it.",
                advice=f"Correct the cell, or add the name as a label or a concept to ontology/{scheme}.ttl.",
            )
        for label in recognition.labels:
            if label.hidden:
                preferred = vocabularies[scheme].preferred[label.concept]
                yield _finding(
                    entry,
                    column,
                    cell_text(getattr(entry.row, column)),
                    kind="misspelling",
                    severity=Severity.NOTICE,
                    message=f"“{label.text}” is a misspelling; it is read as “{preferred}”.",
                    advice="Correct the spelling in the survey's table.",
                )


def _unknown_table(entry: SurveyEntry, table: Recognition) -> Iterator[Finding]:
    if table.unknown:
        yield _finding(
            entry,
            "modality",
            entry.row.table,
            kind="unknown-table",
            severity=Severity.WARNING,
            message=f"No modality of the vocabulary is called “{entry.row.table}” as this row's table is.",
            advice="Add the table's name as a label or a concept to ontology/modality.ttl, or rename the table.",
        )


def _contradictions(
    entry: SurveyEntry,
    read: dict[VocabularyColumn, Recognition],
    table: Recognition,
    vocabularies: Vocabularies,
    iris: Iris,
) -> Iterator[Finding]:
    architecture = vocabularies["architecture"]
    stated = _families(read["type"], architecture, iris)
    implied = _families(read["architecture"], architecture, iris)
    other = {iris.unplaced("family/other")}
    if stated - other and implied - other and not stated & implied:
        yield _finding(
            entry,
            "type",
            entry.row.type,
            kind="family-contradicts-architecture",
            severity=Severity.WARNING,
            message=f"The type is “{entry.row.type}”, but “{entry.row.architecture}” is "
            f"{_names(implied - stated, architecture)}.",
            advice="Correct the type or the architecture in the survey's table; both are kept as they stand.",
        )
    modality = vocabularies["modality"]
    expected, given = set(_concepts(table.labels)), set(_concepts(read["modality"].labels))
    related = expected.union(*(modality.ancestors(concept) for concept in expected))
    below = {concept for concept in given if modality.ancestors(concept) & expected}
    if given and not given & related and not below:
        yield _finding(
            entry,
            "modality",
            entry.row.modality,
            kind="modality-contradicts-table",
            severity=Severity.WARNING,
            message=f"The row says “{entry.row.modality}” but stands in the table {entry.row.table}.",
            advice="Correct the modality, or move the row to the table of that modality; both are kept for now.",
        )


def _families(recognition: Recognition, scheme: ConceptScheme, iris: Iris) -> set[NamedNode]:
    named = {label.concept for label in recognition.labels}
    reached = named.union(*(scheme.ancestors(concept) for concept in named))
    return {concept for concept in reached if iris.msk.ModelFamily in scheme.classes(concept)}


def _names(concepts: set[NamedNode], scheme: ConceptScheme) -> str:
    return " and ".join(sorted(f"“{scheme.preferred[concept]}”" for concept in concepts))


def _finding(
    entry: SurveyEntry,
    column: VocabularyColumn,
    value: str,
    *,
    kind: str,
    severity: Severity,
    message: str,
    advice: str,
) -> Finding:
    return Finding(
        kind=kind,
        severity=severity,
        message=message,
        advice=advice,
        table=entry.row.table,
        file=entry.row.file,
        line=entry.row.line,
        column=column,
        value=value,
        paper=entry.paper.local_part,
    )
