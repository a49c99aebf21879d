"""A work of a bulk file is stated as a paper of a release is: by the same code, and so in the same words."""

import datetime

from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.enrichment.scholarly_server import work

from medsynth_kg.corpus.mapping import SEPARATOR, Mapper
from medsynth_kg.corpus.sources import BulkRecord, read_crossref, read_openalex
from medsynth_kg.enrichment.crossref_work import read_work
from medsynth_kg.enrichment.json_fields import Fields
from medsynth_kg.enrichment.merge import merge_metadata
from medsynth_kg.graph.bibliography import state_bibliography
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.papers import Paper

IRIS = Iris()
DATE = datetime.date(2026, 3, 1)
CITES = NamedNode("http://purl.org/spar/cito/cites")
SURVEYED = {
    "10.5555/published": PaperIdentifier(scheme="arxiv", value="2401.00001"),
    "10.48550/arxiv.2401.00001": PaperIdentifier(scheme="arxiv", value="2401.00001"),
}


def mapped(record: BulkRecord | str) -> set[Quad]:
    assert isinstance(record, BulkRecord)
    assert record.doi
    blocks, _ = Mapper(IRIS, SURVEYED, DATE).blocks(record, record.doi)
    lines = SEPARATOR.join(blocks).replace(SEPARATOR, b"\n")
    return set(parse(lines, format=RdfFormat.N_QUADS))


def test_a_work_has_every_statement_that_build_makes_of_the_same_record() -> None:
    content = work("10.5555/a", reference=[{"DOI": "10.5555/B"}], ISSN=["1424-8220"], volume="3")
    identifier = PaperIdentifier(scheme="doi", value="10.5555/a")
    address = "https://api.crossref.org/works/10.5555%2Fa"
    metadata = read_work(Fields(content), "10.5555/a", address, identifier.local_part, DATE)
    paper = Paper(identifier=identifier, identifiers=(identifier,), entries=(), work=merge_metadata([metadata]))
    statements = Statements(IRIS.graph("corpus"))
    state_bibliography(dict.fromkeys(Source, statements), (paper,), statements, IRIS)
    assert set(statements) <= mapped(read_crossref(content))


def test_all_statements_are_in_the_graph_of_the_corpus_and_none_says_that_the_survey_has_the_work() -> None:
    quads = mapped(read_crossref(work("10.5555/a")))
    assert {quad.graph_name for quad in quads} == {IRIS.graph("corpus")}
    assert IRIS.msk.Paper not in {quad.object for quad in quads}


def test_a_surveyed_paper_keeps_the_iri_of_the_survey_and_is_cited_by_it() -> None:
    paper = NamedNode("https://w3id.org/medsynth-kg/paper/arxiv/2401.00001")
    assert paper in {quad.subject for quad in mapped(read_crossref(work("10.5555/PUBLISHED")))}
    citing = mapped(read_crossref(work("10.5555/a", reference=[{"DOI": "10.5555/published"}, {"DOI": "10.5555/b"}])))
    assert {quad.object for quad in citing if quad.predicate == CITES} == {
        paper,
        NamedNode("https://doi.org/10.5555/b"),
    }


def test_openalex_cites_by_its_own_iris_and_the_work_matches_its_own() -> None:
    content = {"id": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/A", "title": "A"}
    quads = mapped(read_openalex({**content, "referenced_works": ["https://openalex.org/W2", "nonsense"]}))
    stated = {
        (quad.subject.value.rsplit("/", 1)[1], quad.predicate.value.rsplit("#")[-1], str(quad.object))
        for quad in quads
        if isinstance(quad.subject, NamedNode)
    }
    assert ("a", "http://purl.org/spar/cito/cites", "<https://openalex.org/W2>") in stated
    assert ("a", "exactMatch", "<https://openalex.org/W1>") in stated
    assert sum("cites" in predicate for _, predicate, _ in stated) == 1


def test_a_record_without_identifier_is_none() -> None:
    assert read_crossref({"DOI": 5}) == "the record has no valid DOI"
    assert read_openalex({"id": "https://openalex.org/A1"}) == "the record has no OpenAlex id of a work"
