"""Identifiers are understood in any of the spellings that people paste."""

import pytest

from medsynth_kg.endpoint.search.identifying import identifiers_in, repository_in


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("10.3390/S23198328", ("doi", "10.3390/s23198328")),
        ("doi:10.3390/s23198328", ("doi", "10.3390/s23198328")),
        (" https://doi.org/10.3390/s23198328 ", ("doi", "10.3390/s23198328")),
        ("https://dx.doi.org/10.3390%2Fs23198328", ("doi", "10.3390/s23198328")),
        ("(10.3390/s23198328)", ("doi", "10.3390/s23198328")),
        ("“10.1016/S0140-6736(05)66545-7”", ("doi", "10.1016/s0140-6736(05)66545-7")),
        ("DOI: https://doi.org/10.3390/s23198328", ("doi", "10.3390/s23198328")),
        ("[arXiv:2303.02475]", ("arxiv", "2303.02475")),
        ("arXiv 2303.02475", ("arxiv", "2303.02475")),
        ("2303.02475", ("arxiv", "2303.02475")),
        ("arXiv:2303.02475v2", ("arxiv", "2303.02475")),
        ("https://arxiv.org/pdf/2303.02475v1.pdf", ("arxiv", "2303.02475")),
        ("10.48550/arXiv.2303.02475", ("arxiv", "2303.02475")),
        ("PMID: 37662618", ("pmid", "37662618")),
        ("37662618", ("pmid", "37662618")),
        ("pmcid:PMC10468461", ("pmcid", "PMC10468461")),
        ("pmcid:pmc10468461", ("pmcid", "PMC10468461")),
        ("PII: s0022073621001850", ("pii", "S0022073621001850")),
        ("openreview:mDwURmlapW", ("openreview", "mDwURmlapW")),
        ("pmc10468461", ("pmcid", "PMC10468461")),
        ("https://orcid.org/0000-0002-1825-0097", ("orcid", "0000-0002-1825-0097")),
        ("ISSN 1424-8220", ("issn", "1424-8220")),
    ],
)
def test_an_identifier_is_read_from_its_spellings(text: str, identifier: tuple[str, str]) -> None:
    assert identifier in set(identifiers_in(text))


@pytest.mark.parametrize(
    "text", ["https://github.com/Owner/Name", "github.com/owner/name.git", "https://github.com/owner/name/tree/main/x"]
)
def test_a_repository_is_read_from_its_address(text: str) -> None:
    assert repository_in(text) == "repository/github.com/owner/name"


@pytest.mark.parametrize(
    "text", ["owner/name", "https://github.com/owner", "https://example.org/owner/name", "gitlab.com/-/snippets/1"]
)
def test_other_addresses_are_no_repositories(text: str) -> None:
    assert repository_in(text) is None


@pytest.mark.parametrize("text", ["", "ecg", "StyleGAN2", "12 lead", "2023", '"', "10.x"])
def test_words_are_no_identifiers(text: str) -> None:
    assert list(identifiers_in(text)) == []
