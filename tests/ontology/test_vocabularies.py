"""The vocabularies: concepts that are documented, placed in a hierarchy, and found under every label they have."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.graph.vocabulary import Vocabularies
from medsynth_kg.settings import BASE_IRI

MSK = f"{BASE_IRI}ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMES = ("modality", "architecture", "application", "evaluation")
ROOT_CLASSES = {"architecture": "ModelFamily", "evaluation": "EvaluationCategory"}

ReadTriples = Callable[..., list[Triple]]


@pytest.fixture(scope="module")
def concepts(read_triples: ReadTriples) -> Mapping[str, frozenset[NamedNode]]:
    return {
        scheme: frozenset(
            t.subject
            for t in read_triples(scheme)
            if t.object == NamedNode(f"{SKOS}Concept") and isinstance(t.subject, NamedNode)
        )
        for scheme in SCHEMES
    }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_concept_is_documented_and_belongs_to_its_scheme(
    scheme: str, concepts: Mapping[str, frozenset[NamedNode]], read_triples: ReadTriples
) -> None:
    triples = read_triples(scheme)
    for predicate in ("prefLabel", "definition", "inScheme"):
        having = [t.subject for t in triples if t.predicate.value == SKOS + predicate]
        assert sorted(map(str, having)) == sorted(map(str, concepts[scheme]))


def test_all_texts_are_in_english(read_triples: ReadTriples) -> None:
    notation = f"{SKOS}notation"
    texts = [t.object for t in read_triples(*SCHEMES) if t.predicate.value.startswith(SKOS)]
    assert {text.language for text in texts if isinstance(text, Literal) and text.language} == {"en"}
    untagged = {
        t.predicate.value
        for t in read_triples(*SCHEMES)
        if isinstance(t.object, Literal) and t.predicate.value.startswith(SKOS) and not t.object.language
    }
    assert untagged == {notation}


def test_definitions_are_sentences_of_their_own(read_triples: ReadTriples) -> None:
    definitions = [t.object for t in read_triples(*SCHEMES) if t.predicate.value == f"{SKOS}definition"]
    values = [value.value for value in definitions if isinstance(value, Literal)]
    assert len(values) == len(set(values))
    assert all(value.endswith(".") for value in values)


@pytest.mark.parametrize(("scheme", "root"), ROOT_CLASSES.items())
def test_every_concept_reaches_a_family_or_a_category(
    scheme: str, root: str, concepts: Mapping[str, frozenset[NamedNode]], vocabularies: Vocabularies
) -> None:
    for concept in concepts[scheme]:
        reached = {concept} | vocabularies[scheme].ancestors(concept)
        assert [c for c in reached if NamedNode(MSK + root) in vocabularies[scheme].classes(c)], concept


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_broader_than_itself(
    scheme: str, concepts: Mapping[str, frozenset[NamedNode]], vocabularies: Vocabularies
) -> None:
    assert not [c for c in concepts[scheme] if c in vocabularies[scheme].ancestors(c)]


@pytest.mark.parametrize(
    ("narrower", "broader"),
    [
        ("architecture/stylegan2-ada", ["architecture/stylegan2", "architecture/stylegan", "family/gan"]),
        ("architecture/sla-stylegan", ["architecture/stylegan", "family/gan"]),
        ("architecture/cwgan", ["architecture/wgan", "architecture/cgan", "family/gan"]),
        ("architecture/ac-wgan-gp", ["architecture/wgan-gp", "architecture/ac-gan", "architecture/wgan"]),
        ("architecture/dccgan", ["architecture/dcgan", "architecture/cgan", "family/gan"]),
        ("architecture/stargan-v2", ["architecture/stargan", "family/gan"]),
        ("architecture/fine-tuned-stable-diffusion", ["architecture/stable-diffusion", "architecture/ldm"]),
        ("architecture/ldm", ["family/diffusion-model"]),
        ("architecture/sssd-ecg", ["architecture/sssd", "family/diffusion-model"]),
        ("architecture/cvae", ["family/vae", "family/autoencoder"]),
        ("architecture/adversarial-autoencoder", ["family/autoencoder", "family/gan"]),
        ("architecture/gpt-2", ["architecture/gpt", "family/large-language-model", "family/language-model"]),
        ("architecture/bilstm", ["architecture/lstm", "architecture/rnn", "family/other"]),
    ],
)
def test_the_hierarchy_of_architectures_is_that_of_the_literature(
    narrower: str, broader: list[str], vocabularies: Vocabularies
) -> None:
    ancestors = {c.value.removeprefix(BASE_IRI) for c in _ancestors(vocabularies, "architecture", narrower)}
    assert set(broader) <= ancestors


@pytest.mark.parametrize(
    ("narrower", "broader"),
    [
        ("modality", ("ehr", "tabular")),
        ("modality", ("ecg", "signal")),
        ("modality", ("dermoscopy", "imaging")),
        ("modality", ("echocardiography", "imaging")),
        ("modality", ("radiology-report", "text")),
        ("application", ("class-conditional", "conditional")),
        ("application", ("text-to-signal", "text-conditional")),
        ("application", ("majority-to-minority-conversion", "intra-modality-translation")),
        ("application", ("clinical-knowledge-conditional", "prior-knowledge-conditional")),
    ],
)
def test_the_other_hierarchies(narrower: str, broader: tuple[str, str], vocabularies: Vocabularies) -> None:
    scheme, (concept, ancestor) = narrower, broader
    reached = _ancestors(vocabularies, scheme, f"{scheme}/{concept}")
    assert NamedNode(f"{BASE_IRI}{scheme}/{ancestor}") in reached


@pytest.mark.parametrize(
    ("category", "metrics"),
    [
        ("fidelity", ["mse", "iou", "dice", "psnr", "expert-review"]),
        ("diversity", ["fid", "inception-score", "variance"]),
        ("clinical-validity", ["expert-review"]),
        ("privacy", ["k-anonymity", "differential-privacy"]),
    ],
)
def test_the_legends_metrics_stand_under_the_legends_categories(
    category: str, metrics: list[str], vocabularies: Vocabularies
) -> None:
    for metric in metrics:
        assert NamedNode(f"{BASE_IRI}evaluation/{category}") in _ancestors(
            vocabularies, "evaluation", f"metric/{metric}"
        )


def test_metrics_outside_the_legend_say_so(read_triples: ReadTriples, vocabularies: Vocabularies) -> None:
    notes = _texts(read_triples("evaluation"), "scopeNote")
    legend = {
        "mse", "iou", "dice", "psnr", "expert-review", "fid", "inception-score",
        "variance", "k-anonymity", "differential-privacy",
    }  # fmt: skip
    metrics = {c for c in vocabularies["evaluation"].preferred if c.value.startswith(f"{BASE_IRI}metric/")}
    silent = {c.value.rsplit("/", 1)[1] for c in metrics if "Not in the survey's legend" not in notes.get(c, "")}
    assert silent == legend


@pytest.mark.parametrize("category", ["utility", "qualitative-assessment"])
def test_the_letters_that_the_legend_forgets_say_so(category: str, read_triples: ReadTriples) -> None:
    notes = _texts(read_triples("evaluation"), "scopeNote")
    assert "its legend does not define it" in notes[NamedNode(f"{BASE_IRI}evaluation/{category}")]


def test_the_six_letters_are_notations_of_the_categories(read_triples: ReadTriples) -> None:
    letters = _texts(read_triples("evaluation"), "notation")
    named = {concept.value.rsplit("/", 1)[1]: letter for concept, letter in letters.items()}
    assert named == {
        "fidelity": "F",
        "diversity": "D",
        "clinical-validity": "C",
        "privacy": "P",
        "utility": "U",
        "qualitative-assessment": "Q",
    }


def test_dicom_codes_are_typed_notations(read_triples: ReadTriples) -> None:
    notations = [t.object for t in read_triples("modality") if t.predicate.value == f"{SKOS}notation"]
    assert {n.datatype.value for n in notations if isinstance(n, Literal)} == {f"{MSK}dicomModality"}
    assert {"ECG", "MR", "CT", "MG", "DMS"} <= {n.value for n in notations if isinstance(n, Literal)}


@given(data=st.data())
def test_a_label_is_found_whatever_its_letter_case_and_white_space(
    vocabularies: Vocabularies, data: st.DataObject
) -> None:
    scheme = vocabularies[data.draw(st.sampled_from(SCHEMES))]
    label = data.draw(st.sampled_from(sorted(scheme.labels.values(), key=lambda known: known.text)))
    written = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(label.text).replace(" ", "\u00a0  ")
    found = scheme.find(f" {written}\t")
    assert found is not None
    assert found.concept == label.concept


def _ancestors(vocabularies: Vocabularies, scheme: str, concept: str) -> frozenset[NamedNode]:
    return vocabularies[scheme].ancestors(NamedNode(BASE_IRI + concept))


def _texts(triples: list[Triple], predicate: str) -> dict[NamedNode, str]:
    return {
        t.subject: t.object.value
        for t in triples
        if t.predicate.value == SKOS + predicate and isinstance(t.subject, NamedNode) and isinstance(t.object, Literal)
    }
