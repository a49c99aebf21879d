"""Links to other graphs, as statements of ``graph/links``: mappings kept in SSSOM, and links that can be computed.

SSSOM files are tab-separated with a YAML header in comment lines (https://w3id.org/sssom/). A mapping is stated where a
person has reviewed it, or where an identifier of ours was found in the other graph (``subject_match_field`` names the
property that holds it); what merely looks alike waits for a reviewer.
"""

import csv
from pathlib import Path
from urllib.parse import quote

import yaml
from pyoxigraph import NamedNode

from medsynth_kg.enrichment.linking.match_fields import MATCHED_BY
from medsynth_kg.enrichment.stated_identifiers import arxiv_doi
from medsynth_kg.graph.errors import MappingsUnreadable
from medsynth_kg.graph.iris import Iris, doi_iri
from medsynth_kg.graph.linked_papers_with_code import repository_iri
from medsynth_kg.graph.namespaces import FOAF, OWL, RDFS, SCHEMA
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.people import collect_people
from medsynth_kg.settings import BASE_IRI

NO_TERM_FOUND = "sssom:NoTermFound"
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification", "reviewed")


def state_mappings(statements: Statements, directory: Path, iris: Iris) -> None:
    """State the mappings that may be stated of every ``*.sssom.tsv`` in a directory, in the order of the file names.

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
        if not _may_be_stated(row):
            continue
        terms = [_expand(row[column], prefixes, path, line) for column in ("subject_id", "predicate_id", "object_id")]
        subject, predicate, target = (
            NamedNode(iris.base + term.removeprefix(BASE_IRI) if term.startswith(BASE_IRI) else term) for term in terms
        )
        statements.add(subject, predicate, target)


def _may_be_stated(row: dict[str, str]) -> bool:
    by_identifier = row.get("subject_match_field") in MATCHED_BY.values()
    denied = row.get("predicate_modifier") == "Not" or row["object_id"] == NO_TERM_FOUND
    return (row["reviewed"] == "true" or by_identifier) and not denied


def _expand(identifier: str, prefixes: dict[str, str], path: Path, line: int) -> str:
    if identifier.startswith(("http://", "https://")):
        return identifier
    prefix, colon, local = identifier.partition(":")
    if not colon or prefix not in prefixes:
        raise MappingsUnreadable(path, line, f"the prefix of “{identifier}” is not in the header's curie_map")
    return prefixes[prefix] + local


def state_computed_links(statements: Statements, papers: tuple[Paper, ...], iris: Iris) -> None:
    """State what can be said of papers, repositories and people without asking anybody.

    ``owl:sameAs`` joins a thing to the identifier that names the same one: a paper to its DOI, a person to their ORCID.
    The DOI of a preprint or of another version is a ``schema:sameAs``; pages about a thing are ``rdfs:seeAlso``. An
    IRI that follows by another graph's rule, without anybody having looked whether it is in use there, is a
    ``msk:candidateLink``.
    """
    for paper in papers:
        _link_paper(statements, iris.paper(paper.identifier), paper)
        for entry in paper.entries:
            if entry.repository:
                _link_repository(statements, iris.repository(entry.repository), entry.repository, iris)
    for person in collect_people(papers):
        if person.orcid:
            subject = iris.person(person.orcid)
            statements.add(subject, OWL.sameAs, NamedNode(f"https://orcid.org/{person.orcid}"))
            statements.add(subject, RDFS.seeAlso, _scholia("orcid", person.orcid))


def _link_paper(statements: Statements, subject: NamedNode, paper: Paper) -> None:
    own_doi = (paper.work.facts.doi if paper.work else None) or paper.identifier.value
    for identifier in paper.identifiers:
        if identifier.scheme == "doi":
            same = OWL.sameAs if identifier.value == own_doi else SCHEMA.sameAs
            statements.add(subject, same, doi_iri(identifier.value))
            statements.add(subject, RDFS.seeAlso, _scholia("doi", identifier.value))
        elif identifier.scheme == "arxiv":
            statements.add(subject, SCHEMA.sameAs, doi_iri(arxiv_doi(identifier.value)))
            statements.add(subject, FOAF.page, NamedNode(identifier.address))
            statements.add(subject, RDFS.seeAlso, _scholia("arxiv", identifier.value))


def _link_repository(statements: Statements, subject: NamedNode, address: RepositoryAddress, iris: Iris) -> None:
    statements.add(subject, iris.msk.candidateLink, NamedNode(repository_iri(address.linked)))
    if address.host == "github.com":
        statements.add(subject, RDFS.seeAlso, _scholia("github", f"{address.owner}/{address.name}"))


def _scholia(kind: str, value: str) -> NamedNode:
    return NamedNode(f"https://scholia.toolforge.org/{kind}/{quote(value, safe='/:;()._-~')}")
