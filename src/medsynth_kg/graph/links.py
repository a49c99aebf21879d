"""Links to other graphs, as statements of ``graph/links``: mappings kept in SSSOM, and links that can be computed.

SSSOM files are tab-separated with a YAML header in comment lines (https://w3id.org/sssom/).
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import yaml
from pyoxigraph import NamedNode

from medsynth_kg.graph.bibliography import doi_iri
from medsynth_kg.graph.errors import MappingsUnreadable
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import OWL, RDFS, SCHEMA
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.papers import Paper
from medsynth_kg.settings import BASE_IRI

NO_TERM_FOUND = "sssom:NoTermFound"
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification", "reviewed")


def state_mappings(statements: Statements, directory: Path, iris: Iris) -> None:
    """State the reviewed mappings of every ``*.sssom.tsv`` in a directory, in the order of the file names.

    Raises:
        MappingsUnreadable: a file's header, columns or identifiers are not as SSSOM has them.
    """
    for path in sorted(directory.glob("*.sssom.tsv")):
        _state_file(statements, path, iris)


def _state_file(statements: Statements, path: Path, iris: Iris) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line.removeprefix("#") for line in lines if line.startswith("#")]
    try:
        prefixes: dict[str, str] = (yaml.safe_load("\n".join(header)) or {}).get("curie_map", {})
    except yaml.YAMLError as error:
        raise MappingsUnreadable(path, 1, "the YAML header cannot be read") from error
    reader = csv.DictReader(lines[len(header) :], delimiter="\t")
    if missing := set(_REQUIRED) - set(reader.fieldnames or ()):
        raise MappingsUnreadable(path, len(header) + 1, f"the column {min(missing)} is missing")
    for line, row in enumerate(reader, start=len(header) + 2):
        if row["reviewed"] != "true" or row["object_id"] == NO_TERM_FOUND:
            continue
        terms = [_expand(row[column], prefixes, path, line) for column in ("subject_id", "predicate_id", "object_id")]
        subject, predicate, target = (
            NamedNode(iris.base + term.removeprefix(BASE_IRI) if term.startswith(BASE_IRI) else term) for term in terms
        )
        statements.add(subject, predicate, target)


def _expand(identifier: str, prefixes: dict[str, str], path: Path, line: int) -> str:
    if identifier.startswith(("http://", "https://")):
        return identifier
    prefix, colon, local = identifier.partition(":")
    if not colon or prefix not in prefixes:
        raise MappingsUnreadable(path, line, f"the prefix of “{identifier}” is not in the header's curie_map")
    return prefixes[prefix] + local


def state_computed_links(statements: Statements, papers: Iterable[Paper], iris: Iris) -> None:
    """State what can be said of papers and repositories without asking anybody.

    ``owl:sameAs`` only joins a paper to the DOI that names the same work; a preprint's DOI, which names one version,
    is a ``schema:sameAs``; pages about a thing are ``rdfs:seeAlso``.
    """
    for paper in papers:
        _link_paper(statements, iris.paper(paper.identifier), paper)
        for entry in paper.entries:
            if entry.repository:
                repository = iris.repository(entry.repository)
                statements.add(repository, RDFS.seeAlso, *_repository_pages(entry.repository))


def _link_paper(statements: Statements, subject: NamedNode, paper: Paper) -> None:
    for identifier in paper.identifiers:
        if identifier.scheme == "doi":
            statements.add(subject, OWL.sameAs, doi_iri(identifier.value))
            statements.add(subject, RDFS.seeAlso, _scholia("doi", identifier.value))
        elif identifier.scheme == "arxiv":
            statements.add(subject, SCHEMA.sameAs, doi_iri(f"10.48550/arxiv.{identifier.value}"))
            statements.add(subject, RDFS.seeAlso, _scholia("arxiv", identifier.value))


def _scholia(kind: str, value: str) -> NamedNode:
    return NamedNode(f"https://scholia.toolforge.org/{kind}/{quote(value, safe='/:;()._-~')}")


def _repository_pages(address: RepositoryAddress) -> tuple[NamedNode, ...]:
    if address.host != "github.com":
        return ()
    return (_scholia("github", f"{address.owner}/{address.name}"),)
