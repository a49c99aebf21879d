"""A citation is read from a paper's statements."""

from medsynth_kg.endpoint.citing.citation import Author, Citation, read_citations
from medsynth_kg.endpoint.results import Row, Term

IRI = "https://w3id.org/medsynth-kg/paper/arxiv/2301.00001"


def row(field: str, value: str, **others: str) -> Row:
    terms = {"paper": IRI, "field": field, "value": value} | others
    return {name: Term("uri" if name == "paper" else "literal", text) for name, text in terms.items()}


def read(*rows: Row) -> Citation:
    return read_citations(rows)[IRI]


def test_authors_stand_in_their_order_and_names_without_parts_stay_whole() -> None:
    rows = [row("author", f"Author {n}", position=str(n), family=f"Family{n}", given="A.") for n in (10, 9, 1)]
    found = read(*rows, row("author", "A Consortium", position="2"))
    assert [author.inverted for author in found.authors] == [
        "Family1, A.",
        "A Consortium",
        "Family9, A.",
        "Family10, A.",
    ]
    assert found.authors[1] == Author(literal="A Consortium")


def test_a_published_version_is_cited_before_its_preprint() -> None:
    found = read(row("doi", "10.48550/arxiv.2301.00001"), row("doi", "10.1000/published"))
    assert found.url == "https://doi.org/10.1000/published"


def test_the_doi_that_a_source_registers_goes_before_those_that_the_survey_links() -> None:
    linked = (row("doi", "10.1101/2024.01.01"), row("doi", "10.5555/published"))
    assert read(*linked, row("published doi", "10.5555/published")).doi == "10.5555/published"


def test_a_paper_that_nobody_dates_has_the_survey_s_date() -> None:
    assert read(row("listed", "2023-09")).date_parts == ("2023", "09")
    assert read(row("listed", "2023-09"), row("issued", "2024")).date_parts == ("2024",)


def test_a_paper_of_which_nothing_is_known_still_has_a_key_and_an_address() -> None:
    found = read(row("address", "https://arxiv.org/abs/2301.00001"))
    assert (found.key, found.url) == ("arxiv230100001", "https://arxiv.org/abs/2301.00001")
