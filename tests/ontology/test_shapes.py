"""The shapes accept what is right and refuse what is wrong, with a message that says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from medsynth_kg.graph.validation import validate_graph

Validate = Callable[[str], list[str]]
ReadTriples = Callable[..., list[Triple]]

SCHEME = """
<modality> a skos:ConceptScheme ; rdfs:label "M"@en ; dcterms:title "M"@en ; dcterms:description "M."@en ;
  dcterms:creator "c"@en ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  owl:versionInfo "1" ; rdfs:isDefinedBy <modality> ; skos:hasTopConcept <modality/signal> .
<modality/signal> a skos:Concept, msk:Modality ; skos:prefLabel "Signal"@en ; skos:definition "A."@en ;
  skos:topConceptOf <modality> ; skos:inScheme <modality> ; rdfs:isDefinedBy <modality> .
<modality/ecg> a skos:Concept, msk:Modality ; skos:prefLabel "ECG"@en ; skos:altLabel "EKG"@en ;
  skos:definition "B."@en ; skos:broader <modality/signal> ; skos:inScheme <modality> ;
  rdfs:isDefinedBy <modality> .
"""

EEG = """
<modality/eeg> a skos:Concept, msk:Modality ; skos:prefLabel "EEG"@en ; skos:definition "C."@en ;
  skos:inScheme <modality> ; rdfs:isDefinedBy <modality> .
"""

PAPER = """
<paper/1> a msk:Paper ; rdfs:label "P" ; dcterms:identifier "doi:10.1000/a" ; bibo:doi "10.1000/a" ;
  msk:modality <modality/ecg> ; msk:surveyEntry <entry/1> ;
  msk:codeRepository <repository/1> ; schema:mentions <repository/1> ;
  dcterms:title "P" ; schema:name "P" ; msk:surveyDate "2023-09"^^xsd:gYearMonth ;
  dcterms:creator <person/1> ; schema:author <person/1> ; msk:authorship <authorship/1> ;
  msk:venue <venue/1> ; dcterms:isPartOf <venue/1> ; msk:notice <notice/1> ;
  schema:funder <https://ror.org/018mejw64> .
<notice/1> a msk:Notice ; rdfs:label "correction, 2024"@en ; msk:noticeKind "correction" ;
  dcterms:issued "2024"^^xsd:gYear ; foaf:page <https://doi.org/10.1000/n> .
<entry/1> a msk:SurveyEntry ; rdfs:label "Row 2"@en ; msk:paper <paper/1> ; msk:row 2 ;
  prov:wasDerivedFrom <table/ecg> ; msk:statesModality <modality/ecg> ; msk:typeText "GAN" .
<table/ecg> a msk:SurveyTable ; rdfs:label "T"@en ; dcterms:title "T"@en ; dcterms:identifier "ecg" ;
  dcterms:source "survey/ecg.csv" .
<repository/1> a msk:CodeRepository ; rdfs:label "o/n"@en ; schema:name "o/n" ; msk:repositoryHost "h.org" ;
  schema:codeRepository <https://h.org/o/n> ; msk:repositoryRole "authors" .
<person/1> a foaf:Person, schema:Person ; rdfs:label "A B"@en ; foaf:name "A B" ; schema:name "A B" .
<authorship/1> a msk:Authorship ; rdfs:label "A B, author 1"@en ; msk:author <person/1> ; msk:position 1 .
<venue/1> a msk:Venue ; rdfs:label "V"@en ; dcterms:title "V" ; schema:issn "1234-567X" ; msk:venueKind "journal" .
<finding/1> a msk:Finding ; rdfs:label "F"@en ; msk:findingKind "misspelling" ; msk:severity "notice" ;
  dcterms:description "F"@en ; msk:advice "Correct it."@en ; msk:concerns <entry/1> ;
  prov:wasDerivedFrom <table/ecg> ; msk:row 2 .
"""

WHOLE = f"@base <https://w3id.org/medsynth-kg/> .\n{SCHEME}{PAPER}"


def test_the_ontology_the_vocabularies_and_the_prefixes_conform(
    ontology_directory: Path, read_triples: ReadTriples
) -> None:
    graph = NamedNode("http://example.org/graph")
    names = ("medsynth", "modality", "architecture", "application", "evaluation", "prefixes")
    quads = [Quad(t.subject, t.predicate, t.object, graph) for t in read_triples(*names)]
    assert [str(violation) for violation in validate_graph(quads, ontology_directory)] == []


def test_a_small_graph_with_one_thing_of_each_class_conforms(violations_of: Validate) -> None:
    assert violations_of(WHOLE) == []


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (
            EEG + '<modality/eeg> skos:broader <modality/signal> ; skos:altLabel " ekg  "@en .',
            "The label ekg names more than one concept of this scheme",
        ),
        (
            EEG + '<modality/eeg> skos:broader <modality/signal> ; skos:hiddenLabel "Signal"@en .',
            "The label signal names more than one concept of this scheme",
        ),
        ("<modality/signal> skos:broader <modality/ecg> .", "is broader than itself through skos:broader"),
        (EEG, "A concept needs a broader concept, or must be a top concept"),
        (EEG + "<modality/eeg> skos:topConceptOf <modality> .", "state both"),
        ("<modality/ecg> a skos:ConceptScheme .", "S9"),
        ('<modality/ecg> skos:altLabel "ECG"@en .', "S13"),
        ('<modality/ecg> skos:hiddenLabel "EKG"@en .', "S13"),
        ('<modality/ecg> skos:prefLabel "Electrocardiogram"@en .', "S14"),
        ("<modality/ecg> skos:related <modality/signal> .", "S27"),
        ("<modality/signal> skos:related <modality/ecg> .", "S27"),
        (
            "<modality/ecg> skos:exactMatch <http://example.org/ecg> ; skos:broadMatch <http://example.org/ecg> .",
            "S46",
        ),
        (
            "<modality/ecg> skos:exactMatch <http://example.org/ecg> ; skos:relatedMatch <http://example.org/ecg> .",
            "S46",
        ),
        ("<modality/ecg> a msk:Application .", "A concept must be exactly one of msk:Modality"),
        ('<modality/ecg> skos:definition "Another."@en .', "exactly one definition"),
        ('<modality/ecg> skos:notation "two words" .', "A notation must be a letter or a code"),
    ],
)
def test_a_broken_vocabulary_is_refused(added: str, message: str, violations_of: Validate) -> None:
    assert _one_with(message, violations_of(f"@base <https://w3id.org/medsynth-kg/> .\n{SCHEME}{added}"))


@pytest.mark.parametrize(
    ("concept", "message"),
    [
        ("msk:Architecture", "reach at least one model family"),
        ("msk:Metric", "reach at least one evaluation category"),
    ],
)
def test_an_architecture_needs_a_family_and_a_metric_a_category(
    concept: str, message: str, violations_of: Validate
) -> None:
    added = EEG.replace("msk:Modality", concept)
    assert _one_with(message, violations_of(f"@base <https://w3id.org/medsynth-kg/> .\n{SCHEME}{added}"))


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ('dcterms:identifier "doi:10.1000/a" ;', "A paper needs at least one identifier"),
        ("msk:surveyEntry <entry/1> ;", "A paper needs at least one survey entry"),
        ("msk:paper <paper/1> ;", "A survey entry is about exactly one paper"),
        ("schema:author <person/1> ;", "An author must be a person, and also be given by schema:author"),
        ("; dcterms:isPartOf <venue/1>", "What a paper is part of must be its msk:venue"),
        ("msk:codeRepository <repository/1> ;", "A code repository must belong to at least one paper"),
        ("schema:mentions <repository/1> ;", "What a paper mentions is its code repositories"),
        ("msk:author <person/1> ;", "An authorship is of exactly one person"),
        ('msk:advice "Correct it."@en ;', "exactly one sentence that says what to do"),
        ('foaf:name "A B" ;', "A person needs a name"),
        ('msk:noticeKind "correction" ;', "A notice is of exactly one kind"),
        ("msk:notice <notice/1> ;", "A notice is about exactly one paper"),
    ],
)
def test_what_must_be_said_is_missed(removed: str, message: str, violations_of: Validate) -> None:
    assert removed in WHOLE
    assert _one_with(message, violations_of(WHOLE.replace(removed, "", 1)))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ('<paper/1> dcterms:subject "ECG" .', "The paper says something that its shape does not know"),
        ('<entry/1> dcterms:title "Row" .', "The survey entry says something that its shape does not know"),
        ('<venue/1> dcterms:subject "V" .', "The venue says something that its shape does not know"),
        ('<paper/1> bibo:doi "10.1000/A" .', "A DOI must be bare and in lower case"),
        ('<paper/1> bibo:doi "https://doi.org/10.1000/a" .', "A DOI must be bare and in lower case"),
        ('<paper/1> msk:surveyDate "2023-09-01"^^xsd:date .', "The survey's date must be a year"),
        ('<paper/1> dcterms:title "Q" .', "A paper has at most one title"),
        ("<paper/1> msk:modality <table/ecg> .", "The modality of a paper must be a concept"),
        ("<paper/1> owl:sameAs <https://arxiv.org/abs/2306.01875> .", "must be its DOI"),
        ("<entry/1> msk:row 3 .", "exactly one line of its CSV file"),
        ('<venue/1> schema:issn "1234567X" .', "An ISSN is eight digits with a hyphen"),
        ('<venue/1> msk:venueKind "blog" .', "The kind of a venue must be one of"),
        ('<repository/1> msk:repositoryRole "mine" .', "The role of a code repository must be one of"),
        ('<finding/1> msk:severity "fatal" .', "The severity of a finding must be one of"),
        ("<finding/1> msk:concerns <paper/2> .", "must be in the graph"),
        ("<authorship/1> msk:position 2 .", "exactly one position"),
        ('<notice/1> dcterms:issued "soon" .', "The date of a notice must be"),
        ("<paper/1> schema:funder <http://example.org/> .", "A registered funder must be an IRI"),
    ],
)
def test_what_is_wrongly_said_is_refused(added: str, message: str, violations_of: Validate) -> None:
    assert _one_with(message, violations_of(WHOLE + added))


def test_a_paper_without_title_and_authors_is_still_a_paper(violations_of: Validate) -> None:
    bare = WHOLE.replace('dcterms:title "P" ; schema:name "P" ;', "").replace(
        "dcterms:creator <person/1> ; schema:author <person/1> ; msk:authorship <authorship/1> ;", ""
    )
    without_authorship = "\n".join(line for line in bare.splitlines() if "<authorship/1>" not in line)
    assert violations_of(without_authorship) == []


def _one_with(words: str, messages: list[str]) -> bool:
    return any(words in message for message in messages)
