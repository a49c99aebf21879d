"""What the sources say of a paper is stated in the graph of each source, in the terms that others use."""

import datetime
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.enrichment.merge import merge_metadata
from medsynth_kg.graph.bibliography import state_bibliography
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import CITO, DCTERMS, FABIO, FOAF, RDF, RDFS, SCHEMA
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Funder, Metadata, Source, Update, Venue
from medsynth_kg.records.papers import Paper

IRIS = Iris()
MSK = IRIS.msk
DOI = PaperIdentifier(scheme="doi", value="10.1000/a")
PREPRINT = PaperIdentifier(scheme="arxiv", value="2301.00001")
PAPER = IRIS.paper(DOI)


def crossref(**facts: Any) -> Metadata:
    described = {"type": "journal-article", "doi": "10.1000/a", **facts}
    return Metadata(source=Source.CROSSREF, paper="10.1000/a", retrieved=datetime.date(2026, 11, 23), **described)


def arxiv(**facts: Any) -> Metadata:
    described = {"arxiv_id": "2301.00001", "venue": Venue(title="arXiv", kind="preprint-server"), **facts}
    return Metadata(source=Source.ARXIV, paper="10.1000/a", retrieved=datetime.date(2026, 11, 23), **described)


def paper(*records: Metadata) -> Paper:
    return Paper(identifier=DOI, identifiers=(DOI,), entries=(), work=merge_metadata(records))


def stated(*papers: Paper) -> set[Quad]:
    graphs = {source: Statements(IRIS.graph(source.value)) for source in Source}
    state_bibliography(graphs, papers, Statements(IRIS.graph("links")), IRIS)
    return {quad for statements in graphs.values() for quad in statements}


def quad(subject: NamedNode, predicate: NamedNode, value: NamedNode | str, graph: str = "crossref") -> Quad:
    return Quad(subject, predicate, Literal(value) if isinstance(value, str) else value, IRIS.graph(graph))


def test_a_reference_to_a_surveyed_paper_leads_to_it_by_any_of_its_dois() -> None:
    citing = paper(crossref(references=("10.48550/arxiv.2301.00001", "10.1000/elsewhere")))
    cited = Paper(identifier=PREPRINT, identifiers=(PREPRINT,), entries=())
    found = {quad.object for quad in stated(citing, cited) if quad.predicate == CITO.cites}
    assert found == {IRIS.paper(PREPRINT), NamedNode("https://doi.org/10.1000/elsewhere")}


@pytest.mark.parametrize(
    ("kind", "concept"),
    [
        ("journal-article", FABIO.JournalArticle),
        ("proceedings-article", FABIO.ConferencePaper),
        ("book-chapter", FABIO.BookChapter),
        ("posted-content", FABIO.Preprint),
    ],
)
def test_a_paper_is_of_the_class_of_its_type(kind: str, concept: NamedNode) -> None:
    assert quad(PAPER, RDF.type, concept) in stated(paper(crossref(type=kind)))


def test_a_paper_known_to_arxiv_only_is_a_preprint() -> None:
    assert quad(PAPER, RDF.type, FABIO.Preprint, "arxiv") in stated(paper(arxiv()))
    assert not {one for one in stated(paper(arxiv(), crossref())) if one.object == FABIO.Preprint}


def test_a_funder_is_named_and_leads_to_its_registration() -> None:
    funders = (
        Funder(name="DFG", identifier="10.13039/501100001659"),
        Funder(name="DFG too", identifier="https://ror.org/018mejw64"),
        Funder(name="A donor"),
    )
    found = stated(paper(crossref(funders=funders)))
    registered = NamedNode("https://doi.org/10.13039/501100001659")
    assert quad(registered, RDFS.label, "DFG") in found
    assert {one.object for one in found if one.predicate == SCHEMA.funder} == {
        registered,
        NamedNode("https://ror.org/018mejw64"),
    }
    assert len([one for one in found if one.predicate == MSK.funderName]) == 3


def test_subjects_of_every_source_are_kept_each_in_its_graph() -> None:
    found = stated(paper(crossref(subjects=("Signals",)), arxiv(subjects=("eess.SP",), journal_reference="Sensors 1")))
    assert quad(PAPER, SCHEMA.keywords, "Signals") in found
    assert quad(PAPER, SCHEMA.keywords, "eess.SP", "arxiv") in found
    assert quad(PAPER, DCTERMS.bibliographicCitation, "Sensors 1", "arxiv") in found


def test_a_notice_has_a_kind_and_where_they_are_known_a_date_and_a_text() -> None:
    updates = (
        Update(kind="expression_of_concern", doi="10.1000/n", date="2024-05-01"),
        Update(kind="correction"),
    )
    found = stated(paper(crossref(updates=updates)))
    concern = NamedNode(f"{PAPER.value}/notice/expression-of-concern-2024-05-01")
    assert quad(PAPER, MSK.notice, concern) in found
    assert quad(concern, MSK.noticeKind, "expression of concern") in found
    assert quad(concern, FOAF.page, NamedNode("https://doi.org/10.1000/n")) in found
    assert quad(NamedNode(f"{PAPER.value}/notice/correction"), MSK.noticeKind, "correction") in found
    assert not {one for one in found if one.object == MSK.RetractedPaper}


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_a_paper_that_was_taken_back_is_retracted(kind: str) -> None:
    assert quad(PAPER, RDF.type, MSK.RetractedPaper) in stated(paper(crossref(updates=(Update(kind=kind),))))


def test_a_withdrawn_preprint_is_retracted_unless_it_was_published() -> None:
    assert quad(PAPER, RDF.type, MSK.RetractedPaper, "arxiv") in stated(paper(arxiv(withdrawn=True)))
    published = stated(paper(arxiv(withdrawn=True), crossref()))
    assert not {one for one in published if one.object == MSK.RetractedPaper}
    notice = NamedNode(f"{PAPER.value}/notice/withdrawal-of-the-preprint")
    assert quad(notice, MSK.noticeKind, "withdrawal of the preprint", "arxiv") in published
