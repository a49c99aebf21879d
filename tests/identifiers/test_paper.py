"""A paper's identifier is found in every form of link that surveys use, and mints an address that leads back to it."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medsynth_kg.identifiers.doi import normalise_doi
from medsynth_kg.identifiers.errors import LocalPartError
from medsynth_kg.identifiers.paper import PaperIdentifier, identify_paper, parse_local_part


@pytest.mark.parametrize(
    ("address", "scheme", "value"),
    [
        ("https://doi.org/10.3390/S23198328", "doi", "10.3390/s23198328"),
        ("http://dx.doi.org/10.3390/s23198328/", "doi", "10.3390/s23198328"),
        ("https://https://doi.org/10.3390/s23198328", "doi", "10.3390/s23198328"),
        ("http:/https://arxiv.org/abs/2303.01234", "arxiv", "2303.01234"),
        ("doi.org/10.3390/s23198328", "doi", "10.3390/s23198328"),
        ("10.3390/s23198328", "doi", "10.3390/s23198328"),
        ("doi: 10.3390/s23198328", "doi", "10.3390/s23198328"),
        (
            "https://doi.org/10.1002/1097(1998)49:8%3C693::AID%3E3.0.CO;2-O",
            "doi",
            "10.1002/1097(1998)49:8<693::aid>3.0.co;2-o",
        ),
        ("https://www.frontiersin.org/articles/10.3389/fneur.2022.755094/full", "doi", "10.3389/fneur.2022.755094"),
        ("https://link.springer.com/article/10.1007/s13755-023-00241-y", "doi", "10.1007/s13755-023-00241-y"),
        ("https://link.springer.com/chapter/10.1007/978-3-031-09342-5_13", "doi", "10.1007/978-3-031-09342-5_13"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/ima.22880", "doi", "10.1002/ima.22880"),
        ("https://dl.acm.org/doi/pdf/10.1145/3583593", "doi", "10.1145/3583593"),
        ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.1", "doi", "10.1371/journal.pone.1"),
        ("https://www.nature.com/articles/s41598-021-01295-2.pdf", "doi", "10.1038/s41598-021-01295-2"),
        ("https://www.hindawi.com/journals/cin/2022/7028517/", "doi", "10.1155/2022/7028517"),
        ("https://arxiv.org/abs/2310.03753", "arxiv", "2310.03753"),
        ("http://arxiv.org/abs/2301.06574v1", "arxiv", "2301.06574"),
        ("https://www.arxiv.org/pdf/2103.00006v2.pdf", "arxiv", "2103.00006"),
        ("https://arxiv.org/abs/cs/0112017", "arxiv", "cs/0112017"),
        ("arXiv:2301.06574v1", "arxiv", "2301.06574"),
        ("https://doi.org/10.48550/arXiv.2301.04802", "arxiv", "2301.04802"),
        ("https://www.sciencedirect.com/science/article/abs/pii/S0022073621001850", "pii", "S0022073621001850"),
        ("https://www.cell.com/patterns/fulltext/S2666-3899(24)00231-5", "pii", "S2666389924002315"),
        ("https://openreview.net/forum?id=mDwURmlapW", "openreview", "mDwURmlapW"),
        ("https://openreview.net/pdf?id=mDwURmlapW&noteId=x", "openreview", "mDwURmlapW"),
        ("https://pubmed.ncbi.nlm.nih.gov/36617651/", "pmid", "36617651"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/36617651", "pmid", "36617651"),
        ("PMID: 36617651", "pmid", "36617651"),
        ("https://ieeexplore.ieee.org/abstract/document/9707291/", "page", "ieeexplore.ieee.org/document/9707291"),
        ("http://www.mdpi.com/1424-8220/23/19/8328?utm_source=x#top", "page", "www.mdpi.com/1424-8220/23/19/8328"),
    ],
)
def test_identifies_the_paper_that_a_link_means(address: str, scheme: str, value: str) -> None:
    identifier = identify_paper(address)
    assert identifier is not None
    assert (identifier.scheme, identifier.value) == (scheme, value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "yES",
        "Original method",
        "javascript:alert(1)//10.1000/x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "https://user:secret@arxiv.org/abs/2301.00001",
        "https://arxiv.org\\@evil.test/abs/2301.00001",
        "https://example.com",
        "https://example.com/10.1000/x",
        "https://papers.example.org/a",
        "http://127.0.0.1/paper",
        "http://[::1]/paper",
        "http://localhost/paper",
        "http://[broken/paper",
        "https://arxiv.org",
        "https://www.mdpi.com/",
        "https://x.org/a\u202eb",
        "https://x.org/a\x00b",
        "https://x.org/" + "a" * 3000,
        "https://x.org:99999/a",
    ],
)
def test_refuses_what_names_no_paper_or_does_harm(address: str) -> None:
    assert identify_paper(address) is None


@given(suffix=st.text(alphabet="abz09-._;()/:<>#?%~+é&'\"", min_size=1, max_size=30))
def test_every_doi_mints_a_local_part_that_leads_back(suffix: str) -> None:
    doi = normalise_doi(f"10.1000/{suffix}")
    assume(doi is not None and not doi.endswith("/"))
    identifier = PaperIdentifier(scheme="doi", value=str(doi))
    assert re.fullmatch(r"10\.1000/[A-Za-z0-9._~;:()/%-]+", identifier.local_part)
    assert parse_local_part(identifier.local_part) == identifier
    assert identify_paper(identifier.address) == identifier


@given(text=st.text(max_size=80))
def test_any_text_is_answered_without_failing(text: str) -> None:
    for address in (text, f"https://x.org/{text}"):
        identifier = identify_paper(address)
        assert identifier is None or parse_local_part(identifier.local_part) == identifier


@pytest.mark.parametrize("local_part", ["", "arxiv/2301.06574v1", "10.1000/ABC", "page/evil", "isbn/1", "10.1000/a b"])
def test_refuses_a_local_part_that_no_paper_has(local_part: str) -> None:
    with pytest.raises(LocalPartError, match="is not how the address of a paper ends"):
        parse_local_part(local_part)
