"""Links to other graphs, as statements of ``graph/links``: mappings kept in SSSOM, and links that can be computed.

SSSOM files are tab-separated with a YAML header in comment lines (https://w3id.org/sssom/). A mapping is stated where a
person has reviewed it, or where an identifier of ours was found in the other graph (``subject_match_field`` names the
property that holds it); what merely looks alike waits for a reviewer.
"""

from pathlib import Path
from urllib.parse import quote

import yaml
from pyoxigraph import NamedNode

from medsynth_kg.enrichment.errors import MappingsUnreadable
from medsynth_kg.enrichment.linking.match_fields import MATCHED_BY
from medsynth_kg.enrichment.linking.sssom import read_mapping_table
from medsynth_kg.enrichment.stated_identifiers import arxiv_doi
from medsynth_kg.graph.iris import Iris, doi_iri
from medsynth_kg.graph.linked_papers_with_code import repository_iri
from medsynth_kg.graph.namespaces import FOAF, OWL, RDFS, SCHEMA
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.people import collect_people
from medsynth_kg.settings import BASE_IRI

NO_TERM_FOUND = "sssom:NoTermFound"
_TERMS = ("subject_id", "predicate_id", "object_id")
_REQUIRED = (*_TERMS, "mapping_justification", "reviewed")
_REPAIR = "correct the lines that begin with #"


def state_mappings(statements: Statements, directory: Path, iris: Iris) -> None:
    """State the mappings that may be stated of every ``*.sssom.tsv`` in a directory, in the order of the file names.

    Raises:
        MappingsUnreadable: a file can't be read, or its header, columns or identifiers are not as SSSOM has them.
    """
    for path in sorted(directory.glob("*.sssom.tsv")):
        _state_file(statements, path, iris)


def _state_file(statements: Statements, path: Path, iris: Iris) -> None:
    table = read_mapping_table(path, _REQUIRED)
    prefixes = _prefixes(table.header, path)
    for line, row in table.rows:
        if _may_be_stated(row):
            statements.add(*(_term(column, row[column], prefixes, iris, (path, line)) for column in _TERMS))


def _prefixes(header: str, path: Path) -> dict[str, str]:
    try:
        content = yaml.safe_load(header) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise MappingsUnreadable(path, line, f"the header is not YAML ({error.problem}); {_REPAIR}") from error
    except (yaml.YAMLError, ValueError) as error:  # the latter where what looks like a date is none
        raise MappingsUnreadable(path, None, f"the header is not YAML ({error}); {_REPAIR}") from error
    prefixes = content.get("curie_map", {}) if isinstance(content, dict) else None
    if not isinstance(prefixes, dict) or not all(isinstance(part, str) for pair in prefixes.items() for part in pair):
        reason = (
            "the header gives no address for each prefix; write `#curie_map:`, below it `#  mesh: http://...` for each"
        )
        raise MappingsUnreadable(path, 1, reason)
    return prefixes


def _may_be_stated(row: dict[str, str]) -> bool:
    by_identifier = row.get("subject_match_field") in MATCHED_BY.values()
    denied = row.get("predicate_modifier") == "Not" or row["object_id"] == NO_TERM_FOUND
    return (row["reviewed"] == "true" or by_identifier) and not denied


def _term(column: str, identifier: str, prefixes: dict[str, str], iris: Iris, place: tuple[Path, int]) -> NamedNode:
    iri = _expand(identifier, prefixes, place)
    try:
        return NamedNode(iris.base + iri.removeprefix(BASE_IRI) if iri.startswith(BASE_IRI) else iri)
    except ValueError as error:
        reason = f"the {column} “{identifier}” is no IRI; correct it, or restore the line"
        raise MappingsUnreadable(*place, reason) from error


def _expand(identifier: str, prefixes: dict[str, str], place: tuple[Path, int]) -> str:
    if identifier.startswith(("http://", "https://")):
        return identifier
    prefix, colon, local = identifier.partition(":")
    if not colon or prefix not in prefixes:
        raise MappingsUnreadable(*place, f"the prefix of “{identifier}” is not in the header's curie_map; add it there")
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
