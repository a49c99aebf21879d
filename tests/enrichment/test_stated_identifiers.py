import pytest

from medsynth_kg.enrichment.stated_identifiers import ArxivVersion, arxiv_doi, stated_arxiv, stated_doi


@pytest.mark.parametrize(
    "text",
    [
        "10.3390/S23198328",
        " 10.3390/s23198328 ",
        "doi:10.3390/s23198328",
        "https://doi.org/10.3390/s23198328",
        "http://dx.doi.org/10.3390/s23198328",
    ],
)
def test_a_doi_is_read_however_it_is_spelled(text: str) -> None:
    assert stated_doi(text) == "10.3390/s23198328"


@pytest.mark.parametrize("text", [None, "", "n/a", "10.3390", "https://example.org/10.3390/x"])
def test_what_is_no_doi_is_none(text: str | None) -> None:
    assert stated_doi(text) is None


@pytest.mark.parametrize(
    ("text", "identifier", "version"),
    [
        ("http://arxiv.org/abs/2308.13568v2", "2308.13568", 2),
        ("arXiv:2308.13568", "2308.13568", None),
        ("http://arxiv.org/abs/cs/0112017v1", "cs/0112017", 1),
        ("https://doi.org/10.48550/arXiv.2308.13568", "2308.13568", None),
        ("10.48550/arxiv.cs/0112017", "cs/0112017", None),
    ],
)
def test_an_arxiv_identifier_is_read_with_its_version(text: str, identifier: str, version: int | None) -> None:
    assert stated_arxiv(text) == ArxivVersion(identifier, version)


@pytest.mark.parametrize("text", [None, "", "10.3390/s23198328", "http://arxiv.org/api/errors#x"])
def test_what_is_no_arxiv_identifier_is_none(text: str | None) -> None:
    assert stated_arxiv(text) is None


def test_arxivs_own_doi_leads_back_to_the_paper() -> None:
    assert stated_arxiv(arxiv_doi("2308.13568")) == ArxivVersion("2308.13568", None)
