"""When two sources contradict each other, and when they only speak differently."""

from collections.abc import Callable
from typing import Any

import pytest

from medsynth_kg.records.disagreements import find_disagreements
from medsynth_kg.records.metadata import Author, Metadata, Source, Venue
from medsynth_kg.records.papers import Paper

MetadataFactory = Callable[..., Metadata]
PaperFactory = Callable[..., Paper]

PAPER = "10.1000/a"
ARXIV = Venue(title="arXiv", kind="preprint-server")


@pytest.mark.parametrize(
    ("curated", "crossref"),
    [
        ({"title": "ECG Synthesis via  diffusion"}, {"title": "ECG synthesis via Diffusion."}),
        ({"published": "2023"}, {"published": "2023-10-09"}),
        ({"authors": (Author(family="Lopez Alcaraz"),)}, {"authors": (Author(name="J. M. L. Alcaraz"),)}),
        ({"title": "A"}, {"published": "2023"}),
        ({"doi": "10.1101/x"}, {"doi": PAPER, "preprint_dois": ("10.1101/x",)}),
    ],
)
def test_sources_that_say_the_same_in_other_words_agree(
    make_paper: PaperFactory, make_metadata: MetadataFactory, curated: dict[str, Any], crossref: dict[str, Any]
) -> None:
    metadata = (make_metadata(PAPER, **curated), make_metadata(PAPER, Source.CROSSREF, **crossref))
    assert find_disagreements([make_paper(PAPER, *metadata)]) == ()


@pytest.mark.parametrize(
    ("field", "curated", "crossref"),
    [
        ("title", {"title": "ECG synthesis"}, {"title": "EEG synthesis"}),
        ("published", {"published": "2022-12"}, {"published": "2023-01"}),
        ("authors", {"authors": (Author(family="Li"),)}, {"authors": (Author(family="Li"), Author(family="Yu"))}),
        ("authors", {"authors": (Author(family="Li"),)}, {"authors": (Author(family="Yu"),)}),
        ("doi", {"doi": "10.1000/a"}, {"doi": "10.1000/b"}),
        ("pmid", {"pmid": "37662618"}, {"pmid": "36409802"}),
    ],
)
def test_a_contradiction_names_the_field_and_what_each_source_says(
    make_paper: PaperFactory,
    make_metadata: MetadataFactory,
    field: str,
    curated: dict[str, Any],
    crossref: dict[str, Any],
) -> None:
    metadata = (make_metadata(PAPER, **curated), make_metadata(PAPER, Source.CROSSREF, **crossref))
    (finding,) = find_disagreements([make_paper(PAPER, *metadata)])
    assert (finding.kind, finding.column, finding.paper) == (f"sources-disagree-on-{field}", field, PAPER)
    assert "curated: " in finding.message
    assert "crossref: " in finding.message


def test_a_preprint_may_differ_from_its_published_version(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    preprint = make_metadata(PAPER, Source.ARXIV, title="ECGT2T", published="2021", venue=ARXIV, doi=PAPER)
    published = make_metadata(PAPER, Source.CROSSREF, title="Towards leads", published="2023", doi=PAPER)
    assert find_disagreements([make_paper(PAPER, preprint, published)]) == ()


def test_the_preprint_s_own_doi_contradicts_nothing(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    preprint = make_metadata(PAPER, Source.CROSSREF, type="posted-content", doi="10.1101/x")
    assert find_disagreements([make_paper(PAPER, preprint, make_metadata(PAPER, doi=PAPER))]) == ()
