"""A survey cell is matched whole first, then in ever smaller pieces that the vocabulary knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from medsynth_kg.graph.recognition import recognise, split_outside_parentheses
from medsynth_kg.graph.vocabulary import ConceptScheme

SCHEME = ConceptScheme(
    [
        quad.triple
        for quad in parse(
            """
            @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            @prefix : <http://example.org/> .
            :gan skos:prefLabel "GAN" ; skos:altLabel "generative adversarial network", "classic GAN" .
            :vae skos:prefLabel "VAE" .
            :lstm skos:prefLabel "LSTM" .
            :bilstm skos:prefLabel "Bi-LSTM" ; skos:broader :lstm .
            :cnn skos:prefLabel "CNN" .
            :tsgan skos:prefLabel "TS-GAN" ; skos:broader :gan .
            :rddm skos:prefLabel "RDDM" ; skos:altLabel "Region-Disentangled Diffusion Model" .
            :hybrid skos:prefLabel "AE/VAE-DC" .
            :fidelity skos:prefLabel "Fidelity" ; skos:altLabel "F" .
            :iou skos:prefLabel "IoU" ; skos:broader :fidelity .
            :unconditional skos:prefLabel "Unconditional" ; skos:hiddenLabel "Unconditonal" .
            """,
            format=RdfFormat.TURTLE,
        )
    ],
)


def names(cell: str) -> list[str]:
    return [label.concept.value.rsplit("/", 1)[1] for label in recognise(cell, SCHEME).labels]


@pytest.mark.parametrize(
    ("cell", "concepts"),
    [
        ("GAN", ["gan"]),
        ("  generative   Adversarial network ", ["gan"]),
        ("GAN,VAE", ["gan", "vae"]),
        ("GAN / VAE", ["gan", "vae"]),
        ("GAN & VAE", ["gan", "vae"]),
        ("GAN + VAE", ["gan", "vae"]),
        ("Bi-LSTM and CNN", ["bilstm", "cnn"]),
        ("AE/VAE-DC", ["hybrid"]),
        ("classic GAN , AE/VAE-DC , VAE", ["gan", "hybrid", "vae"]),
        ("Region-Disentangled Diffusion Model (RDDM)", ["rddm", "rddm"]),
        ("Fidelity (IoU)", ["fidelity", "iou"]),
        ("RDDM(something else)", ["rddm"]),
        ("", []),
    ],
)
def test_names_the_concepts_whose_labels_the_pieces_match(cell: str, concepts: list[str]) -> None:
    assert sorted(set(names(cell))) == sorted(set(concepts))


def test_words_before_based_are_a_basis_and_not_an_architecture() -> None:
    recognition = recognise("LSTM-based:TS-GAN", SCHEME)
    assert [label.text for label in recognition.labels] == ["TS-GAN"]
    assert recognition.bases == ("LSTM",)


def test_a_piece_that_no_label_matches_is_kept_in_its_own_words() -> None:
    recognition = recognise("GAN, Quantum Blorp", SCHEME)
    assert [label.text for label in recognition.labels] == ["GAN"]
    assert recognition.unknown == ("Quantum Blorp",)


def test_a_known_part_beside_an_unknown_one_is_taken() -> None:
    recognition = recognise("GAN and Blorp", SCHEME)
    assert [label.text for label in recognition.labels] == ["GAN"]
    assert recognition.unknown == ("Blorp",)


def test_an_unknown_name_that_contains_a_separator_is_not_torn_apart() -> None:
    assert recognise("Blorp/Zorp and Worp", SCHEME).unknown == ("Blorp/Zorp and Worp",)


def test_a_misspelling_is_recognised_as_hidden() -> None:
    (label,) = recognise("Unconditonal", SCHEME).labels
    assert label.hidden


@given(st.text(max_size=80))
def test_no_cell_stops_the_reader_and_no_word_disappears(cell: str) -> None:
    recognition = recognise(cell, SCHEME)
    if any(character.isalnum() for character in cell):
        assert recognition.labels or recognition.unknown or recognition.bases


@given(st.lists(st.text(alphabet="abc ", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_splitting_gives_back_what_was_joined(pieces: list[str]) -> None:
    assert split_outside_parentheses(" , ".join(pieces)) == tuple(pieces)


def test_commas_inside_parentheses_do_not_split() -> None:
    assert split_outside_parentheses("Fidelity (IoU, Dice), Diversity") == (
        "Fidelity (IoU, Dice)",
        "Diversity",
    )
