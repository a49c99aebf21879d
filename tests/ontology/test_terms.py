"""The ontology: documented terms, OWL 2 DL's separation of kinds, and alignments that clients rely on."""

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.settings import BASE_IRI

FABIO = "http://purl.org/spar/fabio/"
MSK = f"{BASE_IRI}ontology#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
BUILT_IN = (OWL, RDFS, "http://www.w3.org/1999/02/22-rdf-syntax-ns#", XSD)
SCHEMES = ("modality", "architecture", "application", "evaluation")

ReadTriples = Callable[..., list[Triple]]


class Ontology:
    """Look-up in the ontology's triples by IRI strings."""

    def __init__(self, triples: list[Triple]) -> None:
        self.triples = triples

    def values(self, subject: str, predicate: str) -> list[str]:
        return [
            t.object.value
            for t in self.triples
            if isinstance(t.subject, NamedNode)
            and t.subject.value == subject
            and t.predicate.value == predicate
            and isinstance(t.object, NamedNode | Literal)
        ]

    def declared(self, kind: str) -> set[str]:
        return self.instances(OWL + kind)

    def instances(self, class_iri: str) -> set[str]:
        return {
            t.subject.value
            for t in self.triples
            if isinstance(t.subject, NamedNode) and t.predicate.value == RDF_TYPE and t.object == NamedNode(class_iri)
        }


@pytest.fixture(scope="module")
def ontology(read_triples: ReadTriples) -> Ontology:
    return Ontology(read_triples("medsynth"))


def test_the_header_says_version_licence_and_creator(ontology: Ontology) -> None:
    header = f"{BASE_IRI}ontology"
    assert ontology.values(header, f"{OWL}versionInfo") == ["0.1.0"]
    assert ontology.values(header, f"{OWL}versionIRI") == [f"{BASE_IRI}ontology/0.1.0"]
    assert ontology.values(header, "http://purl.org/dc/terms/license") == [
        "https://creativecommons.org/licenses/by/4.0/"
    ]
    assert ontology.values(header, "http://purl.org/dc/terms/creator") == ["medsynth-kg contributors"]
    assert ontology.values(header, "http://purl.org/vocab/vann/preferredNamespacePrefix") == ["msk"]


def test_every_term_has_one_label_and_says_where_it_is_defined(ontology: Ontology) -> None:
    for term in _terms(ontology):
        assert len(ontology.values(term, f"{RDFS}label")) == 1, term
        assert len(ontology.values(term, f"{RDFS}isDefinedBy")) == 1, term


def test_every_term_of_ours_has_a_definition_and_is_defined_here(ontology: Ontology) -> None:
    ours = [term for term in _terms(ontology) if term.startswith(MSK)]
    assert len(ours) > 50
    for term in ours:
        assert len(ontology.values(term, f"{RDFS}comment")) == 1, term
        assert ontology.values(term, f"{RDFS}isDefinedBy") == [f"{BASE_IRI}ontology"], term


def test_all_labels_and_definitions_are_in_english(ontology: Ontology) -> None:
    texts = [t.object for t in ontology.triples if t.predicate.value in (f"{RDFS}label", f"{RDFS}comment")]
    assert {text.language for text in texts if isinstance(text, Literal)} == {"en"}


def test_no_iri_is_of_two_kinds(ontology: Ontology) -> None:
    kinds = [ontology.declared(kind) for kind in ("Class", *PROPERTY_KINDS)]
    datatypes = ontology.instances(f"{RDFS}Datatype")
    assert sum(map(len, kinds)) + len(datatypes) == len(datatypes.union(*kinds))


def test_whatever_is_used_as_a_class_is_declared_as_one(ontology: Ontology) -> None:
    used = {
        value for t in ontology.triples for value in _class_positions(t, ontology) if not value.startswith(BUILT_IN)
    }
    assert used
    assert used <= ontology.declared("Class")


def test_every_predicate_of_ontology_vocabularies_and_prefixes_is_declared(read_triples: ReadTriples) -> None:
    declared = Ontology(read_triples("medsynth"))
    used = {t.predicate.value for t in read_triples("medsynth", "prefixes", *SCHEMES)}
    known = set().union(*(declared.declared(kind) for kind in PROPERTY_KINDS))
    assert {predicate for predicate in used if not predicate.startswith(BUILT_IN)} <= known


def test_every_class_and_predicate_of_ours_is_named_by_a_shape_and_the_reverse(
    ontology: Ontology, read_triples: ReadTriples
) -> None:
    shapes = read_triples("shapes")
    named = {t.object.value for t in shapes if isinstance(t.object, NamedNode)}
    ours = {term for term in _terms(ontology) if term.startswith(MSK)}
    without_shape = {f"{MSK}RetractedPaper", f"{MSK}dicomModality"}
    assert ours - named == without_shape
    assert {term for term in named if term.startswith(MSK)} <= ours


def test_every_foreign_predicate_that_a_shape_names_is_declared(ontology: Ontology, read_triples: ReadTriples) -> None:
    paths = {
        t.object.value
        for t in read_triples("shapes")
        if t.predicate.value == f"{SH}path" and isinstance(t.object, NamedNode)
    }
    declared = set().union(*(ontology.declared(kind) for kind in PROPERTY_KINDS))
    assert {path for path in paths if not path.startswith(BUILT_IN)} <= declared


def test_object_properties_of_ours_have_domains_and_ranges_where_one_is_meant(ontology: Ontology) -> None:
    without = {
        term.removeprefix(MSK)
        for term in ontology.declared("ObjectProperty")
        if term.startswith(MSK)
        and not (ontology.values(term, f"{RDFS}domain") and ontology.values(term, f"{RDFS}range"))
    }
    assert without == {"concerns", "updatedBy"}


def test_datatype_properties_range_over_datatypes_of_owl_2(ontology: Ontology) -> None:
    ranges = {
        value
        for term in ontology.declared("DatatypeProperty")
        if term.startswith(MSK)
        for value in ontology.values(term, f"{RDFS}range")
    }
    assert ranges == {f"{XSD}string", f"{XSD}integer", f"{XSD}boolean", f"{RDFS}Literal"}


def test_the_inverses_name_each_other(ontology: Ontology) -> None:
    assert ontology.values(f"{MSK}surveyEntry", f"{OWL}inverseOf") == [f"{MSK}paper"]
    assert ontology.values(f"{MSK}paper", f"{OWL}inverseOf") == [f"{MSK}surveyEntry"]


@pytest.mark.parametrize(
    ("term", "predicate", "aligned"),
    [
        ("Paper", f"{RDFS}subClassOf", "https://schema.org/ScholarlyArticle"),
        ("Paper", f"{RDFS}subClassOf", f"{FABIO}Expression"),
        ("Paper", f"{RDFS}subClassOf", "http://purl.org/ontology/bibo/Document"),
        ("Paper", f"{RDFS}seeAlso", "https://linkedpaperswithcode.com/class/paper"),
        ("Paper", f"{RDFS}seeAlso", "http://orkg.org/orkg/class/Paper"),
        ("SurveyEntry", f"{RDFS}subClassOf", "http://www.w3.org/ns/prov#Entity"),
        ("Modality", f"{RDFS}subClassOf", f"{SKOS}Concept"),
        ("CodeRepository", f"{RDFS}subClassOf", "http://usefulinc.com/ns/doap#Repository"),
        ("CodeRepository", f"{RDFS}subClassOf", "https://schema.org/SoftwareSourceCode"),
        ("codeRepository", f"{RDFS}seeAlso", "http://orkg.org/orkg/predicate/P4077"),
        ("codeRepository", f"{RDFS}subPropertyOf", "https://schema.org/mentions"),
        ("venue", f"{RDFS}subPropertyOf", "http://purl.org/dc/terms/isPartOf"),
        ("modality", f"{RDFS}subPropertyOf", "http://purl.org/dc/terms/subject"),
    ],
)
def test_it_is_aligned_with_the_terms_of_other_graphs(
    ontology: Ontology, term: str, predicate: str, aligned: str
) -> None:
    assert aligned in ontology.values(MSK + term, predicate)


@pytest.mark.parametrize("name", ["BookChapter", "ConferencePaper", "JournalArticle", "Preprint"])
def test_what_fabio_calls_an_expression_is_no_work(ontology: Ontology, name: str) -> None:
    assert ontology.values(f"{FABIO}{name}", f"{RDFS}subClassOf") == [f"{FABIO}Expression"]
    assert f"{FABIO}ScholarlyWork" not in ontology.declared("Class")


def _terms(ontology: Ontology) -> list[str]:
    terms = set().union(*(ontology.declared(kind) for kind in ("Class", *PROPERTY_KINDS)))
    return sorted(terms | ontology.instances(f"{RDFS}Datatype"))


def _class_positions(triple: Triple, ontology: Ontology) -> list[str]:
    predicate = triple.predicate.value
    subject, value = triple.subject, triple.object
    if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
        return []
    if predicate in (f"{RDFS}subClassOf", f"{OWL}disjointWith"):
        return [subject.value, value.value]
    if predicate == f"{RDFS}domain":
        return [value.value]
    if predicate == f"{RDFS}range" and subject.value in ontology.declared("ObjectProperty"):
        return [value.value]
    return []
