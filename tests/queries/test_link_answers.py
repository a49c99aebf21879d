"""Saved queries about links, citations and licences: on graphs made by hand where the shipped data have none yet.

Federated queries are asked with a graph in the place of the service, which holds identifiers as that service spells
them; one in another spelling stays unfound.
"""

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store
from tests.queries.conftest import Answer, Row

from medsynth_kg.query.checking import count_answers
from medsynth_kg.query.errors import SavedQueryFailed, SavedQueryUnreadable
from medsynth_kg.query.saved import SERVICE, read_saved_query
from medsynth_kg.query.values import fill_values
from medsynth_kg.release.reading import Release

QUERIES = Path(__file__).parents[2] / "queries"
PREFIXES = """
@prefix : <https://w3id.org/medsynth-kg/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix datacite: <http://purl.org/spar/datacite/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix literal: <http://www.essepuntato.it/2010/06/literalreification/> .
@prefix msk: <https://w3id.org/medsynth-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix there: <http://example.org/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAMESPACES = {"bibo": "http://purl.org/ontology/bibo/", "fabio": "http://purl.org/spar/fabio/"}
PAPER = """
:a a msk:Paper ; rdfs:label "A" ; bibo:doi "10.1007/s13755-023-00241-y" ; fabio:hasArXivId "2301.00001" .
:b a msk:Paper ; rdfs:label "B" ; bibo:doi "10.1000/b" .
"""
Solutions = list[dict[str, str]]


def answers(slug: str, data: str, elsewhere: str = "") -> Solutions:
    own = Store()
    own.load(f"{PREFIXES} {data}".encode(), format=RdfFormat.TURTLE)
    query = fill_values(read_saved_query(QUERIES / f"{slug}.rq"), own, NAMESPACES).text
    service = next(iter(SERVICE.findall(query)), "http://example.org/nothing")
    store = Store()
    store.load(f"{PREFIXES} {{ {data} }} <{service}> {{ {elsewhere} }}".encode(), format=RdfFormat.TRIG)
    solutions = store.query(SERVICE.sub(r"GRAPH <\1>", query))
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: term.value for name in names if (term := row[name]) is not None} for row in solutions]


def test_citations_among_surveyed_papers() -> None:
    (row,) = answers("citations-among-surveyed-papers", PAPER + ":a cito:cites :b, <https://doi.org/10.1000/c> .")
    assert (row["citingLabel"], row["citedLabel"]) == ("A", "B")


def test_most_cited_by_family() -> None:
    family = ':gan skos:prefLabel "GAN" . :a msk:modelFamily :gan . :b msk:modelFamily :gan .'
    rows = answers(
        "most-cited-by-family",
        PAPER
        + family
        + ":a msk:modelFamily :gan ; msk:citationCount 3 . :b msk:modelFamily :gan ; msk:citationCount 12 .",
    )
    assert [(row["family"], row["label"], row["citations"]) for row in rows] == [("GAN", "B", "12"), ("GAN", "A", "3")]


def test_authors_across_modalities() -> None:
    rows = answers(
        "authors-across-modalities",
        PAPER
        + """:ecg skos:prefLabel "ECG" . :eeg skos:prefLabel "EEG" .
        :a msk:modality :ecg ; dcterms:creator :ada, :bob . :b msk:modality :eeg ; dcterms:creator :ada .
        :ada foaf:name "Ada" . :bob foaf:name "Bob" .""",
    )
    (row,) = rows
    assert (row["name"], row["papers"], set(row["modalities"].split(", "))) == ("Ada", "2", {"ECG", "EEG"})


def test_preprint_to_publication_lag() -> None:
    rows = answers(
        "preprint-to-publication-lag",
        PAPER
        + """:a dcterms:dateSubmitted "2022-11-30"^^xsd:date ; dcterms:issued "2024-02"^^xsd:gYearMonth .
        :b dcterms:dateSubmitted "2022-11-30"^^xsd:date ; dcterms:issued "2024-02"^^xsd:gYearMonth .""",
    )
    assert [(row["label"], row["months"]) for row in rows] == [("A", "15")]


def test_retracted_or_corrected_papers() -> None:
    rows = answers(
        "retracted-or-corrected-papers",
        PAPER
        + """:b a msk:RetractedPaper . :c a msk:Paper ; rdfs:label "C" .
        :a msk:notice :n . :n msk:noticeKind "correction" ; foaf:page <https://doi.org/10.1000/n> .
        :b msk:notice :m . :m msk:noticeKind "withdrawal" ; dcterms:issued "2024"^^xsd:gYear .""",
    )
    assert [(row["label"], row["retracted"], row["kind"], row.get("date"), row.get("text")) for row in rows] == [
        ("B", "true", "withdrawal", "2024", None),
        ("A", "false", "correction", None, "https://doi.org/10.1000/n"),
    ]


def test_open_licence_share(answer: Answer, rows: list[Row]) -> None:
    licences = """
        :a msk:modality :ecg ; dcterms:license <http://creativecommons.org/licenses/by/4.0/> .
        :b msk:modality :ecg ; dcterms:license <http://creativecommons.org/licenses/by-nc/4.0/> .
        :c a msk:Paper ; msk:modality :ecg . :ecg skos:prefLabel "ECG" . :d a msk:Paper ; msk:modality :ecg ."""
    (row,) = answers("open-licence-share", PAPER + licences)
    assert row == {"modality": "ECG", "papers": "4", "withLicence": "2", "open": "1", "share": "0.25"}
    shipped = {row["modality"]: int(row["papers"]) for row in answer("open-licence-share")}
    assert shipped == Counter(row.modality for row in rows)


def test_links_by_target(answer: Answer, rows: list[Row]) -> None:
    answered = {(row["target"], row["predicate"].rpartition("/")[2]): row for row in answer("links-by-target")}
    repositories = {row.code for row in rows if row.has_code}
    candidates = answered["linkedpaperswithcode.com", "ontology#candidateLink"]
    assert int(candidates["things"]) == len(repositories)
    by_doi = answered["doi.org", "owl#sameAs"]
    assert int(by_doi["links"]) >= sum("://doi.org/" in row.paper for row in rows)
    assert "w3id.org/aio" in {target for target, _ in answered}


def test_citations_in_semopenalex() -> None:
    elsewhere = 'there:w datacite:doi "https://doi.org/10.1000/b" ; <https://semopenalex.org/ontology/citedByCount> 7 .'
    (row,) = answers("citations-in-semopenalex", PAPER, elsewhere)
    assert (row["label"], row["work"], row["citations"]) == ("B", "http://example.org/w", "7")


def test_papers_in_wikidata() -> None:
    elsewhere = """there:one wdt:P356 "10.1007/S13755-023-00241-Y" . there:two wdt:P818 "2301.00001" .
        there:three wdt:P356 "10.1000/b" ."""
    rows = answers("papers-in-wikidata", PAPER, elsewhere)
    assert [(row["label"], row["item"]) for row in rows] == [
        ("A", "http://example.org/one"),
        ("A", "http://example.org/two"),
    ]


@pytest.mark.parametrize("doi", ["10.1000/b", "10.1000/B"])
def test_authors_in_dblp(doi: str) -> None:
    schema = "https://dblp.org/rdf/schema#"
    elsewhere = f"there:r <{schema}doi> <https://doi.org/{doi}> ; <{schema}authoredBy> there:ada ."
    (row,) = answers("authors-in-dblp", PAPER, elsewhere)
    assert (row["label"], row["author"]) == ("B", "http://example.org/ada")


def test_works_in_opencitations() -> None:
    elsewhere = """there:w datacite:hasIdentifier there:i .
        there:i literal:hasLiteralValue "10.1000/b" ; datacite:usesIdentifierScheme datacite:doi ."""
    (row,) = answers("works-in-opencitations", PAPER, elsewhere)
    assert (row["label"], row["work"]) == ("B", "http://example.org/w")


def test_tasks_in_linked_papers_with_code() -> None:
    elsewhere = """there:p fabio:hasArXivId "2301.00001" ;
        <https://linkedpaperswithcode.com/property/hasTask> there:task ."""
    (row,) = answers("tasks-in-linked-papers-with-code", PAPER, elsewhere)
    assert (row["label"], row["task"]) == ("A", "http://example.org/task")


@pytest.mark.parametrize("doi", ["10.1000/b", "10.1000/B"])
def test_contributions_in_orkg(doi: str) -> None:
    predicate = "http://orkg.org/orkg/predicate/"
    elsewhere = f"""there:r <{predicate}P26> "{doi}" ; <{predicate}P31> there:c .
        there:c <{predicate}P32> there:problem ."""
    (row,) = answers("contributions-in-orkg", PAPER, elsewhere)
    assert (row["contribution"], row["problem"]) == ("http://example.org/c", "http://example.org/problem")


def saved(directory: Path, header: str, query: str) -> Path:
    file = directory / "one.rq"
    file.write_text(f"#+ title: One?\n#+ description: One.\n{header}{query}\n", encoding="utf-8")
    return file


def test_only_a_query_that_says_so_may_ask_a_service(tmp_path: Path) -> None:
    query = "ASK { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }"
    with pytest.raises(SavedQueryUnreadable, match="127"):
        read_saved_query(saved(tmp_path, "", query))
    assert read_saved_query(saved(tmp_path, "#+ federated: true\n", query)).federated


def test_a_build_parses_federated_queries_and_asks_nobody(tmp_path: Path, shipped_release: Release) -> None:
    header, count = "#+ federated: true\n", count_answers
    good = saved(tmp_path, header, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/sparql> { ?s ?p ?o } }")
    assert count([read_saved_query(good)], shipped_release.store) == {}
    broken = saved(tmp_path, header, "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p } }")
    with pytest.raises(SavedQueryFailed, match="one"):
        count([read_saved_query(broken)], shipped_release.store)
