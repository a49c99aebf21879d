import datetime
from typing import Any

import pytest

from medsynth_kg.enrichment.json_fields import Fields
from medsynth_kg.enrichment.openalex_work import cited_works, openalex_doi, read_openalex_work, work_iri
from medsynth_kg.records.metadata import Author, Metadata, Update, Venue

WORK: dict[str, Any] = {
    "id": "https://openalex.org/W2741809807",
    "doi": "https://doi.org/10.7717/PEERJ.4375",
    "title": "The state of <i>OA</i>",
    "publication_year": 2018,
    "publication_date": "2018-02-13",
    "type": "article",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/29456894"},
    "primary_location": {
        "source": {
            "display_name": "PeerJ",
            "issn_l": "2167-8359",
            "issn": ["2167-8359"],
            "host_organization_name": "PeerJ, Inc.",
            "type": "journal",
        }
    },
    "authorships": [
        {
            "author": {"display_name": "Heather Piwowar", "orcid": "https://orcid.org/0000-0003-1613-5981"},
            "raw_affiliation_strings": ["Impactstory"],
        }
    ],
    "biblio": {"volume": "6", "issue": None, "first_page": "e4375", "last_page": "e4375"},
    "referenced_works": ["https://openalex.org/W1", None],
    "cited_by_count": 971,
    "is_retracted": True,
}


def read(**fields: Any) -> Metadata:
    return read_openalex_work(
        Fields({**WORK, **fields}), "10.7717/peerj.4375", WORK["id"], "p", datetime.date(2026, 3, 1)
    )


def test_every_field_finds_its_place() -> None:
    metadata = read()
    assert metadata.title == "The state of OA"
    assert (metadata.volume, metadata.issue, metadata.pages) == ("6", None, "e4375")
    assert metadata.authors == (
        Author(name="Heather Piwowar", orcid="0000-0003-1613-5981", affiliations=("Impactstory",)),
    )
    assert metadata.venue == Venue(
        title="PeerJ", kind="journal", issns=("2167-8359",), issn_l="2167-8359", publisher="PeerJ, Inc."
    )
    assert (metadata.pmid, metadata.published, metadata.citation_count) == ("29456894", "2018-02-13", 971)
    assert metadata.updates == (Update(kind="retraction"),)


def test_identifiers_and_references_are_read() -> None:
    work = Fields(WORK)
    assert work_iri(work) == "https://openalex.org/W2741809807"
    assert openalex_doi(work) == "10.7717/peerj.4375"
    assert cited_works(work) == {"https://openalex.org/W1"}


@pytest.mark.parametrize(("date", "expected"), [("2018-02-30", "2018"), (None, "2018"), ("2018-02-13", "2018-02-13")])
def test_a_date_that_is_none_leaves_the_year(date: str | None, expected: str) -> None:
    assert read(publication_date=date).published == expected


def test_misshapen_fields_are_left_out_and_noted() -> None:
    work = Fields({**WORK, "authorships": "nobody", "biblio": [], "cited_by_count": -1})
    metadata = read_openalex_work(work, "10.7717/peerj.4375", WORK["id"], "p", datetime.date(2026, 3, 1))
    assert (metadata.authors, metadata.volume, metadata.citation_count) == ((), None, None)
    assert work.problems == {"authorships", "biblio", "cited_by_count"}


def test_arxivs_own_doi_tells_the_preprint() -> None:
    metadata = read_openalex_work(Fields(WORK), "10.48550/arxiv.2401.00001", WORK["id"], "p", datetime.date(2026, 3, 1))
    assert metadata.arxiv_id == "2401.00001"
