import datetime

import pytest
from tests.enrichment.scholarly_server import entry, error_feed, feed

from medsynth_kg.enrichment.arxiv import Feed, parse_entry, parse_feed
from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.session import Answer
from medsynth_kg.enrichment.source_answer import SourceAnswer
from medsynth_kg.records.metadata import Author

TODAY = datetime.date(2026, 11, 23)
SERVICE = "https://export.arxiv.org/api/query"
ATOM = "application/atom+xml"


def read_feed(body: bytes, status: int = 200, media_type: str = ATOM) -> Feed:
    return parse_feed(Answer(status, media_type, body, SERVICE))


def read(xml: str) -> SourceAnswer:
    (element,) = read_feed(feed(xml, 1)).entries.values()
    return parse_entry(element, SERVICE, "arxiv/2308.13568", TODAY)


def test_a_paper_is_read_with_all_that_is_used() -> None:
    extra = """<arxiv:comment>Accepted at AAAI 2024, 9 pages</arxiv:comment>
      <arxiv:journal_ref>AAAI 38(13), 15009-15019</arxiv:journal_ref>
      <arxiv:doi>10.1609/AAAI.V38I13.29422</arxiv:doi>"""
    title = "Region-Disentangled Diffusion Model for High-Fidelity\n  PPG-to-ECG Translation"
    answer = read(entry("2308.13568", extra, version=2, title=title))
    assert answer.problems == ()
    assert answer.metadata.model_dump(exclude_defaults=True) == {
        "source": "arxiv",
        "paper": "arxiv/2308.13568",
        "retrieved": TODAY,
        "address": "https://export.arxiv.org/api/query?id_list=2308.13568",
        "doi": "10.1609/aaai.v38i13.29422",
        "arxiv_id": "2308.13568",
        "title": "Region-Disentangled Diffusion Model for High-Fidelity PPG-to-ECG Translation",
        "authors": ({"name": "Debaditya Shome"}, {"name": "Pritam Sarkar"}),
        "venue": {"title": "arXiv", "kind": "preprint-server"},
        "first_version": "2023-08-25",
        "latest_version": "2023-12-28",
        "version_count": 2,
        "subjects": ("eess.SP", "cs.LG"),
        "comment": "Accepted at AAAI 2024, 9 pages",
        "journal_reference": "AAAI 38(13), 15009-15019",
    }


def test_an_identifier_of_the_old_style_is_read() -> None:
    assert read(entry("cs/0112017", version=1)).metadata.arxiv_id == "cs/0112017"


def test_an_affiliation_stays_with_its_author() -> None:
    author = "<author><name>Ali Etemad</name><arxiv:affiliation>Queen's University</arxiv:affiliation></author>"
    authors = read(entry("2308.13568", author)).metadata.authors
    assert authors[-1] == Author(name="Ali Etemad", affiliations=("Queen's University",))


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/a 10.1000/b", "10.1000/a"),
        ("https://doi.org/10.1000/a", "10.1000/a"),
        ("10.48550/arXiv.2308.13568", None),
    ],
)
def test_the_doi_of_the_published_version_is_taken_as_authors_type_it(text: str, doi: str | None) -> None:
    answer = read(entry("2308.13568", f"<arxiv:doi>{text}</arxiv:doi>"))
    assert answer.metadata.doi == doi
    assert answer.problems == ()


def test_what_is_no_doi_or_no_date_is_left_out_and_named() -> None:
    xml = entry("2308.13568", "<arxiv:doi>in press</arxiv:doi>").replace("2023-12-28T01:49:17Z", "yesterday")
    answer = read(xml)
    assert (answer.metadata.doi, answer.metadata.latest_version) == (None, None)
    assert answer.problems == ("doi", "updated")


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author due to a crucial error in equation 1",
        "Withdrawn",
        "This submission has been withdrawn by arXiv administrators",
        "Paper withdrawn from arXiv by its authors",
    ],
)
def test_a_comment_says_that_a_paper_is_withdrawn(comment: str) -> None:
    assert read(entry("2308.13568", f"<arxiv:comment>{comment}</arxiv:comment>")).metadata.withdrawn


def test_a_summary_says_that_a_paper_is_withdrawn() -> None:
    xml = entry("2308.13568").replace("Synthetic signals.", "This paper has been withdrawn.")
    assert read(xml).metadata.withdrawn


@pytest.mark.parametrize("comment", ["9 pages, 3 figures", "Withdrawn from ICML 2022, now at AAAI"])
def test_other_comments_do_not(comment: str) -> None:
    assert not read(entry("2308.13568", f"<arxiv:comment>{comment}</arxiv:comment>")).metadata.withdrawn


def test_a_feed_holds_the_papers_that_arxiv_has() -> None:
    unknown = "<entry><id>http://arxiv.org/abs/9912.99999</id></entry>"
    known = entry("2308.13568") + entry("cs/0112017")
    assert set(read_feed(feed(known + unknown, 3)).entries) == {"2308.13568", "cs/0112017"}


def test_an_empty_feed_holds_none() -> None:
    assert read_feed(feed("", 0)) == Feed({}, SERVICE)


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_comes_as_a_feed(status: int) -> None:
    answer = read_feed(error_feed("incorrect id format for abc"), status)
    assert answer.error == "incorrect id format for abc"
    assert answer.entries == {}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html><body>Rate exceeded", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<html/>", "no Atom feed"),
        (b"<?xml version='1.0' encoding='klingon'?><feed/>", "no well-formed XML"),
        (feed("\xff", 0).replace("\xff".encode(), b"\xff"), "no well-formed XML"),
        (feed("\x01", 0), "no well-formed XML"),
        (b'<!DOCTYPE feed [<!ENTITY a "x">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>', "document type"),
        (
            b'<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed>&a;</feed>',
            "document type",
        ),
        (
            b'<!DOCTYPE f [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><f>&c;</f>',
            "document type",
        ),
        (b'<!DOCTYPE feed SYSTEM "http://127.0.0.1/x.dtd"><feed/>', "document type"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, problem: str) -> None:
    with pytest.raises(FetchError, match=problem):
        read_feed(body)


def test_a_web_page_is_refused_by_its_media_type() -> None:
    with pytest.raises(FetchError, match="text/html instead of application/atom"):
        read_feed(feed("", 0), media_type="text/html")


def test_a_refusal_without_reason_is_reported_with_its_status() -> None:
    with pytest.raises(FetchError, match="status 400"):
        read_feed(feed("", 0), status=400)
