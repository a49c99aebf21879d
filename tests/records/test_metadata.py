"""What counts as a preprint, and what metadata may hold."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from medsynth_kg.records.metadata import Evidence, Metadata, Source, Venue

MetadataFactory = Callable[..., Metadata]

PAPER = "10.1000/a"


def test_the_venue_tells_a_preprint(make_metadata: MetadataFactory) -> None:
    assert make_metadata(PAPER, venue=Venue(title="arXiv", kind="preprint-server")).is_preprint
    assert not make_metadata(PAPER, venue=Venue(title="Sensors", kind="journal")).is_preprint


def test_without_a_venue_arxiv_s_word_and_posted_content_are_of_a_preprint(make_metadata: MetadataFactory) -> None:
    assert make_metadata(PAPER, Source.ARXIV).is_preprint
    assert make_metadata(PAPER, Source.CROSSREF, type="posted-content").is_preprint
    assert not make_metadata(PAPER, Source.CROSSREF, type="journal-article").is_preprint


def test_evidence_lies_at_an_address_of_the_web() -> None:
    with pytest.raises(ValidationError, match="address"):
        Evidence(address="a file of a public repository", shows="title")


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="abstrat"):
        Metadata.model_validate({"source": "curated", "paper": PAPER, "retrieved": "2026-11-23", "abstrat": "x"})
