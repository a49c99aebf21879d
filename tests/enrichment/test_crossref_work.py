import pytest

from medsynth_kg.enrichment.crossref_work import work_address


@pytest.mark.parametrize(
    ("doi", "quoted"),
    [
        ("10.3390/s23198328", "10.3390%2Fs23198328"),
        ("10.1000/a#b", "10.1000%2Fa%23b"),
        ("10.1002/(sici)1<1::aid-x>2.0;2-p", "10.1002%2F%28sici%291%3C1%3A%3Aaid-x%3E2.0%3B2-p"),
        ("10.1000/a b%20?c=d&e", "10.1000%2Fa%20b%2520%3Fc%3Dd%26e"),
    ],
)
def test_a_doi_is_quoted_whole_in_the_address(doi: str, quoted: str) -> None:
    assert work_address("https://api.crossref.org/", doi) == f"https://api.crossref.org/works/{quoted}"
