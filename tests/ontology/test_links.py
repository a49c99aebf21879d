"""Links of concepts to other vocabularies: SSSOM files whose targets have the one spelling their owners use."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from medsynth_kg.graph.vocabulary import Vocabularies
from medsynth_kg.settings import BASE_IRI

SCHEMES = ("modality", "architecture", "application", "evaluation")
NO_TERM = "https://w3id.org/sssom/NoTermFound"
PREDICATES = {"exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"}

TARGETS = {
    "http://id.nlm.nih.gov/mesh/": (r"D\d{6}(\d{3})?", "http://id.nlm.nih.gov/mesh/D008279"),
    "http://purl.obolibrary.org/obo/NCIT_": (r"C\d+", "http://purl.obolibrary.org/obo/NCIT_C16809"),
    "http://radlex.org/RID/": (r"RID\d+", "http://radlex.org/RID/RID10312"),
    "http://edamontology.org/": (r"(topic|data)_\d{4}", "http://edamontology.org/topic_3444"),
    "http://www.wikidata.org/entity/": (r"Q\d+", "http://www.wikidata.org/entity/Q161238"),
    "https://w3id.org/aio/": (r"[A-Za-z]+", "https://w3id.org/aio/GenerativeAdversarialNetwork"),
    "http://w3id.org/mlso/vocab/ml_algorithm/": (
        r"[\w·-]+",
        "http://w3id.org/mlso/vocab/ml_algorithm/LatentDiffusionModel",
    ),
    "http://w3id.org/mlso/vocab/evaluation_measure/": (
        r"[a-z_]+",
        "http://w3id.org/mlso/vocab/evaluation_measure/root_mean_squared_error",
    ),
}
"""Every namespace linked to, the form of what follows it, and an address there known to be right."""


class Mappings:
    """One SSSOM file: its header, and its rows with identifiers expanded."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        header = [line for line in lines if line.startswith("#")]
        self.header = yaml.safe_load("\n".join(line[1:] for line in header))
        self.rows = list(csv.DictReader(lines[len(header) :], delimiter="\t"))

    def expand(self, identifier: str) -> str:
        prefix, _, local = identifier.partition(":")
        return str(self.header["curie_map"][prefix]) + local

    def targets(self) -> list[tuple[dict[str, str], str]]:
        expanded = [(row, self.expand(row["object_id"])) for row in self.rows]
        return [(row, target) for row, target in expanded if target != NO_TERM]


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mappings(scheme: str, links_directory: Path) -> Mappings:
    return Mappings(links_directory / f"{scheme}.sssom.tsv")


def test_every_scheme_has_its_file(links_directory: Path) -> None:
    assert {path.name for path in links_directory.iterdir()} >= {f"{name}.sssom.tsv" for name in SCHEMES}


def test_the_header_says_what_the_file_is_and_its_licence(scheme: str, mappings: Mappings) -> None:
    assert mappings.header["mapping_set_id"] == f"{BASE_IRI}links/{scheme}"
    assert mappings.header["mapping_set_version"] == "0.1.0"
    assert mappings.header["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [extension["slot_name"] for extension in mappings.header["extension_definitions"]] == ["reviewed"]


def test_every_concept_has_a_row_and_every_row_a_concept_with_its_label(
    scheme: str, mappings: Mappings, vocabularies: Vocabularies
) -> None:
    labels = {concept.value: text for concept, text in vocabularies[scheme].preferred.items()}
    linked = {mappings.expand(row["subject_id"]): row["subject_label"] for row in mappings.rows}
    assert linked == labels


def test_a_concept_has_targets_or_a_row_that_says_none_was_found(mappings: Mappings) -> None:
    with_target = {row["subject_id"] for row, _ in mappings.targets()}
    without = [row for row in mappings.rows if mappings.expand(row["object_id"]) == NO_TERM]
    assert {row["subject_id"] for row in mappings.rows} == with_target | {row["subject_id"] for row in without}
    assert not with_target & {row["subject_id"] for row in without}
    assert {row["predicate_id"] for row in without} <= {"skos:exactMatch"}
    assert all(row["comment"] for row in without)


def test_every_row_is_justified_dated_and_reviewed_or_not(mappings: Mappings) -> None:
    for row in mappings.rows:
        assert row["mapping_justification"].startswith("semapv:")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["mapping_date"])
        assert row["predicate_id"].removeprefix("skos:") in PREDICATES
        assert row["reviewed"] in ("true", "false")


def test_every_target_has_a_known_form_and_evidence(mappings: Mappings) -> None:
    for row, target in mappings.targets():
        assert _known_form(target), target
        assert row["see_also"].startswith("https://"), row


def test_no_pair_is_linked_twice(mappings: Mappings) -> None:
    pairs = [(row["subject_id"], target) for row, target in mappings.targets()]
    assert len(pairs) == len(set(pairs))


def test_one_concept_has_at_most_one_exact_match_in_a_vocabulary(mappings: Mappings) -> None:
    exact = [
        (row["subject_id"], row["object_id"].split(":")[0])
        for row, _ in mappings.targets()
        if row["predicate_id"] == "skos:exactMatch"
    ]
    assert len(exact) == len(set(exact))


def test_one_target_is_the_exact_match_of_at_most_one_concept(mappings: Mappings) -> None:
    exact = [t for row, t in mappings.targets() if row["predicate_id"] == "skos:exactMatch"]
    assert len(exact) == len(set(exact))


def test_rows_are_sorted_so_that_differences_stay_readable(mappings: Mappings) -> None:
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in mappings.rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("example", [example for _, example in TARGETS.values()])
def test_the_known_good_examples_have_the_known_forms(example: str) -> None:
    assert _known_form(example)


@pytest.mark.parametrize(
    "wrong",
    [
        "https://id.nlm.nih.gov/mesh/D008279",
        "https://www.wikidata.org/wiki/Q161238",
        "https://radlex.org/RID/RID10312",
        "https://w3id.org/aio/generative_adversarial_network",
        "http://snomed.info/id/16310003",
    ],
)
def test_other_spellings_of_the_same_targets_are_refused(wrong: str) -> None:
    assert not _known_form(wrong)


def _known_form(target: str) -> bool:
    return any(
        target.startswith(namespace) and re.fullmatch(pattern, target.removeprefix(namespace))
        for namespace, (pattern, _) in TARGETS.items()
    )
