"""The questions that the ontology must be able to answer, each answered twice: by SPARQL, and from the CSV files.

Each answer is a number or a set of words. The second one is counted over ``rows`` (see conftest.py), without any of the
product's own code.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from tests.queries.conftest import CATEGORIES, FAMILIES, MODALITIES, Row

PREFIXES = """
PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
PREFIX modality: <https://w3id.org/medsynth-kg/modality/>
PREFIX family: <https://w3id.org/medsynth-kg/family/>
PREFIX architecture: <https://w3id.org/medsynth-kg/architecture/>
PREFIX application: <https://w3id.org/medsynth-kg/application/>
PREFIX evaluation: <https://w3id.org/medsynth-kg/evaluation/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX bibo: <http://purl.org/ontology/bibo/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
PAPERS = "SELECT (COUNT(DISTINCT ?paper) AS ?answer) {{ ?paper a msk:Paper . {0} }}"


class Question(NamedTuple):
    """A question in words, its SPARQL, and how it is counted from the rows."""

    words: str
    sparql: str
    counted: Callable[[list[Row]], int | set[str]]


def papers(words: str, pattern: str, is_counted: Callable[[Row], bool]) -> Question:
    """A question for the number of papers that a pattern describes."""
    return Question(words, PAPERS.format(pattern), lambda rows: sum(map(is_counted, rows)))


def evaluated(row: Row, category: str) -> bool:
    return CATEGORIES[category] in row.categories


QUESTIONS = [
    papers("How many papers does the survey have?", "", lambda row: True),
    papers("How many are about ECG?", "?paper msk:modality modality:ecg", lambda row: row.table == "ecg"),
    papers("How many are about EEG?", "?paper msk:modality modality:eeg", lambda row: row.table == "eeg"),
    papers(
        "How many are about any physiological signal?",
        "?paper msk:modality/skos:broader* modality:signal",
        lambda row: row.table in ("ecg", "eeg"),
    ),
    papers(
        "How many are about imaging of any kind?",
        "?paper msk:modality/skos:broader* modality:imaging",
        lambda row: row.table == "dermoscopy",
    ),
    papers("How many use a GAN?", "?paper msk:modelFamily family:gan", lambda row: FAMILIES["GAN"] in row.families),
    papers(
        "How many use a diffusion model?",
        "?paper msk:modelFamily family:diffusion-model",
        lambda row: FAMILIES["DM"] in row.families,
    ),
    papers("How many use a VAE?", "?paper msk:modelFamily family:vae", lambda row: FAMILIES["VAE"] in row.families),
    papers(
        "How many use any autoencoder, variational ones included?",
        "?paper msk:modelFamily/skos:broader* family:autoencoder",
        lambda row: bool(row.families & {FAMILIES["VAE"], FAMILIES["AE"]}),
    ),
    papers(
        "How many combine several families?",
        "?paper msk:modelFamily ?one, ?other FILTER(?one != ?other)",
        lambda row: len(row.families) > 1,
    ),
    papers("How many have code?", "?paper msk:codeRepository ?code", lambda row: row.has_code),
    papers(
        "How many have none?",
        "FILTER NOT EXISTS { ?paper msk:codeRepository ?code }",
        lambda row: not row.has_code,
    ),
    papers(
        "How many diffusion models have code?",
        "?paper msk:modelFamily family:diffusion-model ; msk:codeRepository ?code",
        lambda row: FAMILIES["DM"] in row.families and row.has_code,
    ),
    papers(
        "How many ECG papers have code?",
        "?paper msk:modality modality:ecg ; msk:codeRepository ?code",
        lambda row: row.table == "ecg" and row.has_code,
    ),
    *(
        papers(
            f"How many were evaluated for {CATEGORIES[letter].lower()}?",
            f"?paper msk:evaluatedFor evaluation:{slug}",
            lambda row, letter=letter: evaluated(row, letter),  # type: ignore[misc]  # binds the letter
        )
        for letter, slug in {
            "F": "fidelity",
            "D": "diversity",
            "C": "clinical-validity",
            "P": "privacy",
            "U": "utility",
            "Q": "qualitative-assessment",
        }.items()
    ),
    papers(
        "How many were evaluated for both utility and fidelity?",
        "?paper msk:evaluatedFor evaluation:utility, evaluation:fidelity",
        lambda row: evaluated(row, "U") and evaluated(row, "F"),
    ),
    papers(
        "How many were evaluated for utility alone?",
        "?paper msk:evaluatedFor evaluation:utility "
        "FILTER NOT EXISTS { ?paper msk:evaluatedFor ?other FILTER(?other != evaluation:utility) }",
        lambda row: row.categories == {CATEGORIES["U"]},
    ),
    papers(
        "How many diffusion models for ECG were checked for privacy?",
        "?paper msk:modality modality:ecg ; msk:modelFamily family:diffusion-model ; "
        "msk:evaluatedFor evaluation:privacy",
        lambda row: row.table == "ecg" and FAMILIES["DM"] in row.families and evaluated(row, "P"),
    ),
    papers(
        "How many were checked for privacy and have code?",
        "?paper msk:evaluatedFor evaluation:privacy ; msk:codeRepository ?code",
        lambda row: evaluated(row, "P") and row.has_code,
    ),
    papers(
        "How many build on StyleGAN in any version?",
        "?paper msk:architecture/skos:broader* architecture:stylegan",
        lambda row: "StyleGAN" in row.architecture,
    ),
    papers(
        "How many reach the family GAN through their architecture?",
        "?paper msk:architecture/skos:broader+ family:gan ; msk:modality modality:dermoscopy",
        lambda row: row.table == "dermoscopy" and FAMILIES["GAN"] in row.families,
    ),
    papers(
        "How many use a Wasserstein GAN or a variant of it?",
        "?paper msk:architecture/skos:broader* architecture:wgan",
        lambda row: "WGAN" in row.architecture or "Wasserstein" in row.architecture,
    ),
    papers(
        "How many generate without any condition?",
        "?paper msk:application application:unconditional",
        lambda row: row.application in ("Unconditional", "Unconditonal"),
    ),
    papers(
        "How many generate by class?",
        "?paper msk:application application:class-conditional",
        lambda row: row.application.replace("-", " ") == "Class conditional",
    ),
    papers(
        "How many make images from text?",
        "?paper msk:application application:text-to-image",
        lambda row: row.application == "text-to-image",
    ),
    papers(
        "How many are dated 2022?",
        "?paper msk:surveyDate ?date FILTER(STRSTARTS(STR(?date), '2022'))",
        lambda row: row.year == "2022",
    ),
    papers(
        "How many are linked by DOI?",
        "?paper msk:surveyEntry/msk:paperText ?text ; bibo:doi ?doi FILTER(CONTAINS(?text, '://doi.org/'))",
        lambda row: "://doi.org/" in row.paper,
    ),
    papers(
        "How many are linked on arXiv?",
        "?paper msk:surveyEntry/msk:paperText ?text ; fabio:hasArXivId ?id FILTER(CONTAINS(?text, 'arxiv.org/'))",
        lambda row: "arxiv.org/" in row.paper,
    ),
    papers(
        "How many rows say on what their architecture is based?",
        "?paper msk:surveyEntry/msk:architectureBasis ?basis",
        lambda row: "-based:" in row.architecture,
    ),
    Question(
        "Which modalities does the survey have papers of?",
        "SELECT DISTINCT ?answer { ?paper a msk:Paper ; msk:modality/skos:prefLabel ?answer }",
        lambda rows: {MODALITIES[row.table] for row in rows},
    ),
    Question(
        "Which families were never evaluated for privacy?",
        """SELECT DISTINCT ?answer {
            ?any a msk:Paper ; msk:modelFamily ?family . ?family skos:prefLabel ?answer
            FILTER NOT EXISTS {
                ?paper a msk:Paper ; msk:modelFamily ?family ; msk:evaluatedFor evaluation:privacy
            }
        }""",
        lambda rows: (
            set().union(*(row.families for row in rows))
            - set().union(*(row.families for row in rows if evaluated(row, "P")))
        ),
    ),
    Question(
        "What does the row of one paper say in its own words?",
        """SELECT ?answer {
            ?entry msk:paper/bibo:doi "10.1145/3583593" ; prov:wasDerivedFrom/dcterms:identifier "ecg" ;
                msk:architectureText ?answer
        }""",
        lambda rows: {row.architecture for row in rows if "10.1145/3583593" in row.paper},
    ),
    Question(
        "Under which name is a misspelt application found?",
        """SELECT ?answer {
            ?concept skos:hiddenLabel ?misspelt ; skos:prefLabel ?answer FILTER(STR(?misspelt) = "Unconditonal")
        }""",
        lambda rows: {"Unconditional generation"} if any(row.application == "Unconditonal" for row in rows) else set(),
    ),
    Question(
        "How many rows need the maintainers' attention for their code cell?",
        'SELECT (COUNT(?finding) AS ?answer) { ?finding msk:findingKind "code-without-address" }',
        lambda rows: sum(bool(row.code) and not row.has_code for row in rows),
    ),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.words)
def test_is_answered_alike_by_sparql_and_by_hand(
    question: Question, ask: Callable[[str], list[dict[str, str]]], rows: list[Row]
) -> None:
    expected = question.counted(rows)
    answers = {row["answer"] for row in ask(PREFIXES + question.sparql)}
    assert answers == ({str(expected)} if isinstance(expected, int) else expected)


def test_there_are_at_least_thirty_questions() -> None:
    assert len({question.words for question in QUESTIONS}) >= 30
