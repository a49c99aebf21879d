"""What the bibliographic sources say of a paper: each fact in the graph of the source that it was taken from."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from medsynth_kg.enrichment.stated_identifiers import arxiv_doi
from medsynth_kg.graph.attribution import Attribution, Graphs
from medsynth_kg.graph.iris import Iris, doi_iri
from medsynth_kg.graph.namespaces import BIBO, CITO, DCTERMS, FABIO, PRISM, RDF, RDFS, SCHEMA
from medsynth_kg.graph.notices import state_notices
from medsynth_kg.graph.people import state_people
from medsynth_kg.graph.statements import Statements, date, number, text
from medsynth_kg.records.metadata import Metadata, Venue
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.venues import unify_venues

NO_OTHERS: Mapping[str, NamedNode] = MappingProxyType({})


def state_bibliography(
    graphs: Graphs,
    papers: tuple[Paper, ...],
    links: Statements,
    iris: Iris,
    others: Mapping[str, NamedNode] = NO_OTHERS,
) -> None:
    """State the merged metadata of all papers, their authors and their venues; ``links`` takes likely matches.

    ``others`` are papers described elsewhere, by the DOIs under which these may cite them.
    """
    described = [(paper, paper.work) for paper in papers if paper.work]
    papers_by_doi = {**others, **_papers_by_doi(papers, iris)}
    venues = unify_venues(work.facts.venue for _, work in described if work.facts.venue)
    for paper, work in described:
        subject, of = iris.paper(paper.identifier), Attribution(graphs, work)
        _state_work(of, subject, work.facts, iris)
        _state_citations(of, subject, work.facts, papers_by_doi)
        if work.facts.venue:
            _state_venue(of("venue"), subject, venues[work.facts.venue], iris)
        state_notices(graphs, subject, work, iris)
        for metadata in work.metadata:
            _state_sources(graphs[metadata.source], subject, metadata, iris)
    attributions = {paper.identifier.local_part: Attribution(graphs, work) for paper, work in described}
    state_people(attributions, links, papers, iris)


def _papers_by_doi(papers: Iterable[Paper], iris: Iris) -> dict[str, NamedNode]:
    """The papers by every DOI that a reference may name them by, arXiv's own for preprints among them."""
    return {
        identifier.value if identifier.scheme == "doi" else arxiv_doi(identifier.value): iris.paper(paper.identifier)
        for paper in papers
        for identifier in paper.identifiers
        if identifier.scheme in ("doi", "arxiv")
    }


def _state_work(of: Attribution, subject: NamedNode, facts: Metadata, iris: Iris) -> None:
    of("published_online").add(subject, iris.msk.publishedOnline, date(facts.published_online))
    of("published_print").add(subject, iris.msk.publishedPrint, date(facts.published_print))
    for field, predicates in _TEXT_PROPERTIES.items():
        for predicate in predicates:
            of(field).add(subject, predicate, text(getattr(facts, field)))
    for field, predicates in _DATE_PROPERTIES.items():
        for predicate in predicates:
            of(field).add(subject, predicate, date(getattr(facts, field)))
    for field, scheme in (("doi", "doi"), ("arxiv_id", "arxiv"), ("pmid", "pmid"), ("pmcid", "pmcid")):
        if value := getattr(facts, field):
            of(field).add(subject, DCTERMS.identifier, Literal(f"{scheme}:{value}"))
    if kind := _WORK_CLASSES.get(facts.type or ""):
        of("type").add(subject, RDF.type, kind)
    elif facts.is_preprint:
        of("venue").add(subject, RDF.type, FABIO.Preprint)
    of("citation_count").add(subject, iris.msk.citationCount, number(facts.citation_count))
    of("version_count").add(subject, iris.msk.versionCount, number(facts.version_count))
    if facts.licence and facts.licence.startswith(("http://", "https://")):
        of("licence").add(subject, DCTERMS.license, _address(facts.licence))
    _state_funders(of("funders"), subject, facts, iris)


def _state_funders(statements: Statements, subject: NamedNode, facts: Metadata, iris: Iris) -> None:
    for funder in facts.funders:
        statements.add(subject, iris.msk.funderName, Literal(funder.name))
        if funder.identifier:
            registered = _address(funder.identifier) if "://" in funder.identifier else doi_iri(funder.identifier)
            statements.add(subject, SCHEMA.funder, registered)
            statements.add(registered, RDFS.label, Literal(funder.name))


def _address(text: str) -> NamedNode:
    return NamedNode(quote(text, safe="/:;()._-~?&=#%+,@"))


_WORK_CLASSES = {
    "journal-article": FABIO.JournalArticle,
    "proceedings-article": FABIO.ConferencePaper,
    "book-chapter": FABIO.BookChapter,
    "posted-content": FABIO.Preprint,
}
"""FaBiO's classes for Crossref's types of works; other types are rare among papers and have none."""
_TEXT_PROPERTIES = {
    "title": (RDFS.label, DCTERMS.title, SCHEMA.name),
    "subtitle": (SCHEMA.alternativeHeadline,),
    "volume": (PRISM.volume,),
    "issue": (PRISM.issueIdentifier,),
    "pages": (PRISM.pageRange,),
    "abstract": (DCTERMS.abstract,),
    "comment": (RDFS.comment,),
    "journal_reference": (DCTERMS.bibliographicCitation,),
    "doi": (BIBO.doi,),
    "arxiv_id": (FABIO.hasArXivId,),
    "pmid": (FABIO.hasPubMedId,),
    "pmcid": (FABIO.hasPubMedCentralId,),
}
_DATE_PROPERTIES = {
    "published": (DCTERMS.issued, SCHEMA.datePublished),
    "created": (DCTERMS.created,),
    "first_version": (DCTERMS.dateSubmitted,),
    "latest_version": (DCTERMS.modified,),
}


def _state_citations(
    of: Attribution, subject: NamedNode, facts: Metadata, papers_by_doi: Mapping[str, NamedNode]
) -> None:
    for doi in facts.references:
        of("references").add(subject, CITO.cites, papers_by_doi.get(doi) or doi_iri(doi))


def _state_sources(statements: Statements, subject: NamedNode, metadata: Metadata, iris: Iris) -> None:
    statements.add(subject, iris.msk.retrieved, date(metadata.retrieved.isoformat()))
    addresses = [evidence.address for evidence in metadata.evidence]
    if metadata.address:
        addresses.append(metadata.address)
    statements.add(subject, DCTERMS.source, *map(NamedNode, sorted(addresses)))
    # What each source files the paper under adds up; none is more right than another.
    statements.add(subject, SCHEMA.keywords, *map(Literal, metadata.subjects))


def _state_venue(statements: Statements, paper: NamedNode, venue: Venue, iris: Iris) -> None:
    subject = iris.venue(venue.title, venue.issn_l)
    statements.describe(subject, venue.title, iris.msk.Venue)
    statements.add(subject, DCTERMS.title, Literal(venue.title))
    statements.add(subject, iris.msk.venueKind, text(venue.kind))
    statements.add(subject, SCHEMA.issn, *map(Literal, venue.issns))
    statements.add(subject, DCTERMS.publisher, text(venue.publisher))
    statements.add(paper, iris.msk.venue, subject)
    statements.add(paper, DCTERMS.isPartOf, subject)
