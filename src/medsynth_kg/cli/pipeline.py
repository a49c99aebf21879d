"""The stages in their order, each handed the one before: data and ontology in, a release out."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

import medsynth_kg
from medsynth_kg.cli.errors import ShippedQueryFailed
from medsynth_kg.corpus.taking_in import read_corpus
from medsynth_kg.enrichment.kept_findings import read_kept_findings
from medsynth_kg.enrichment.merge import describe_papers
from medsynth_kg.enrichment.repository_snapshots import read_repository_snapshots
from medsynth_kg.enrichment.snapshots import read_snapshots
from medsynth_kg.graph.building import KnowledgeGraph, build_graph
from medsynth_kg.graph.errors import GraphNotConforming
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import SH
from medsynth_kg.graph.validation import read_shapes, validate_graph
from medsynth_kg.graph.vocabulary import load_vocabularies, read_turtle
from medsynth_kg.query.checking import count_answers
from medsynth_kg.query.errors import SavedQueryFailed
from medsynth_kg.query.publishing import describe_saved_queries
from medsynth_kg.query.saved import SavedQuery, load_saved_queries, rebase
from medsynth_kg.query.values import fill_values
from medsynth_kg.records.checks import check_papers
from medsynth_kg.records.curation import Decisions, read_decisions
from medsynth_kg.records.field_values import decide_fields
from medsynth_kg.records.papers import Paper, assemble_papers
from medsynth_kg.records.repositories import collect_repositories
from medsynth_kg.records.repository_checks import check_repositories
from medsynth_kg.release.building import Contents, build_release
from medsynth_kg.release.reading import PREFIXES, Release
from medsynth_kg.settings import Settings, shipped_directory
from medsynth_kg.survey.last_import import read_last_import
from medsynth_kg.survey.reading import Survey, read_survey

BEFORE_ANY_INPUT = datetime.date(1970, 1, 1)
"""The date of data in which nothing is dated."""


def assemble(settings: Settings) -> KnowledgeGraph:
    """Read everything under ``settings.data`` and ``settings.ontology`` into the statements of a release.

    Raises:
        MedsynthError: a file that everything else needs is missing or broken; the message names it.
    """
    iris = Iris(settings.base_iri)
    survey = read_survey(settings.data)
    decisions = read_decisions(settings.data / "curation")
    papers = read_papers(settings.data, survey, decisions)
    states = read_repository_snapshots(settings.data / "metadata")
    return build_graph(
        papers,
        (
            *survey.findings,
            *check_papers(papers, decisions),
            *check_repositories(papers, states),
            *read_kept_findings(settings.data / "metadata", papers),
            *read_kept_findings(settings.data / "links", papers),
        ),
        tables={table.slug: (table.title, table.file) for table in survey.tables},
        repositories=collect_repositories(papers, decisions),
        repository_states=states,
        vocabularies=load_vocabularies(settings.ontology, iris),
        ontology=settings.ontology,
        links=settings.data / "links",
        iris=iris,
    )


def read_papers(data: Path, survey: Survey, decisions: Decisions) -> tuple[Paper, ...]:
    """The survey's papers with what the snapshots under ``data`` say of them.

    Raises:
        SnapshotError: a snapshot is broken; the message names it.
    """
    metadata = read_snapshots(data / "metadata")
    described = describe_papers(assemble_papers(survey.entries, metadata, decisions), metadata)
    return decide_fields(described, decisions)


def build(settings: Settings, graph: KnowledgeGraph | None = None, corpus: Path | None = None) -> Release:
    """Build and publish a release; ``graph`` spares a second reading of the data, ``corpus`` is taken in.

    Raises:
        MedsynthError: the data can't be read, the graph does not conform to its shapes, a saved query fails, or the
            release can't be written; the current release is then unchanged.
    """
    date, supplement = BEFORE_ANY_INPUT, None
    if corpus is not None:
        manifest, supplement = read_corpus(corpus, settings.base_iri)
        date = manifest.date
    graph = graph or assemble(settings)
    if violations := validate_graph(graph.quads, settings.ontology, settings.base_iri):
        raise GraphNotConforming(violations)
    iris = Iris(settings.base_iri)
    prefixes = _prefixes(settings.ontology, iris)
    queries = _saved_queries(settings, graph, prefixes)
    contents = Contents(
        base_iri=settings.base_iri,
        quads=(*graph.quads, *describe_saved_queries(queries, iris)),
        prefixes=prefixes,
        newest_input=max(_newest_input(settings.data), date),
        code_version=medsynth_kg.__version__,
        inputs=_inputs(settings),
        files={
            PREFIXES: json.dumps(prefixes, indent=1, sort_keys=True).encode() + b"\n",
            "ontology/shapes.ttl": read_shapes(settings.ontology, settings.base_iri),
            **{f"queries/{query.slug}.rq": query.source.encode() for query in queries},
        },
        supplement=supplement,
    )
    try:
        return build_release(contents, settings.releases, lambda store: count_answers(queries, store))
    except SavedQueryFailed as error:
        if _is_shipped("queries", settings.queries) and not _is_shipped("data", settings.data):
            raise ShippedQueryFailed(str(error), settings.data) from error
        raise


def _is_shipped(name: str, directory: Path) -> bool:
    return directory.resolve() == shipped_directory(name).resolve()


def _saved_queries(settings: Settings, graph: KnowledgeGraph, prefixes: Mapping[str, str]) -> tuple[SavedQuery, ...]:
    store = Store()
    store.bulk_extend(graph.quads)
    queries = (rebase(query, settings.base_iri) for query in load_saved_queries(settings.queries))
    return tuple(fill_values(query, store, prefixes) for query in queries)


def _prefixes(ontology: Path, iris: Iris) -> dict[str, str]:
    values: dict[tuple[NamedNode, NamedNode], str] = {}
    for triple in read_turtle(ontology / "prefixes.ttl", iris):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            values[triple.subject, triple.predicate] = triple.object.value
    declared = {subject for subject, predicate in values if predicate == SH.prefix}
    return dict(sorted((values[subject, SH.prefix], values[subject, SH.namespace]) for subject in declared))


def _newest_input(data: Path) -> datetime.date:
    dates = [metadata.retrieved for metadata in read_snapshots(data / "metadata")]
    dates += [state.retrieved for state in read_repository_snapshots(data / "metadata")]
    if last_import := read_last_import(data / "survey"):
        dates.append(last_import.date)
    return max(dates, default=BEFORE_ANY_INPUT)


def _inputs(settings: Settings) -> dict[str, str]:
    directories = {"data": settings.data, "ontology": settings.ontology, "queries": settings.queries}
    return {
        f"{name}/{path.relative_to(directory).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for name, directory in directories.items()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(directory).parts)
    }
