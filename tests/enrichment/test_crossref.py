import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.enrichment.scholarly_server import envelope, work

from medsynth_kg.enrichment.crossref import parse_work
from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.session import Answer
from medsynth_kg.enrichment.source_answer import SourceAnswer
from medsynth_kg.records.metadata import Author, Funder, Metadata, Update, Venue

DOI = "10.3390/s23198328"
TODAY = datetime.date(2026, 11, 23)
ADDRESS = "https://api.crossref.org/works/10.3390%2Fs23198328"


def read(**fields: Any) -> SourceAnswer:
    body = envelope(work(DOI, **fields))
    return parse_work(Answer(200, "application/json", body, ADDRESS), DOI, DOI, TODAY)


def metadata(**fields: Any) -> Metadata:
    return read(**fields).metadata


def test_an_article_is_read_with_all_that_is_used() -> None:
    fields: dict[str, Any] = {
        "DOI": "10.3390/S23198328",
        "title": ["ECG Synthesis via\n Diffusion-Based <i>State Space</i> Augmented Transformer"],
        "subtitle": ["A subtitle"],
        "author": [
            {
                "ORCID": "http://orcid.org/0000-0002-1825-0097",
                "authenticated-orcid": True,
                "given": "Md Haider",
                "family": "Zama",
                "sequence": "first",
                "affiliation": [{"name": "Ulm University", "place": ["Ulm"]}],
            },
            {"given": "Friedhelm", "family": "Schwenker", "suffix": "Jr", "affiliation": []},
            {"name": "The ECG Consortium", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Sensors"],
        "ISSN": ["1424-8220"],
        "volume": "23",
        "issue": "19",
        "page": "8328",
        "published-online": {"date-parts": [[2023, 10, 9]]},
        "published-print": {"date-parts": [[2023, 10]]},
        "license": [
            {"URL": "https://example.org/tdm", "content-version": "tdm", "delay-in-days": 0},
            {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"},
        ],
        "funder": [
            {"name": "A Foundation", "DOI": "10.13039/501100001659", "doi-asserted-by": "publisher"},
            {"name": "A Ministry", "id": [{"id": "https://ror.org/018mejw64", "id-type": "ROR"}]},
        ],
        "subject": ["Electrical Engineering", "Biochemistry"],
        "reference": [{"key": "1", "DOI": "10.1000/B"}, {"key": "2", "unstructured": "x"}, {"DOI": "10.1000/a"}],
        "relation": {
            "has-preprint": [{"id-type": "doi", "id": "10.36227/TECHRXIV.1", "asserted-by": "subject"}],
            "is-version-of": [{"id-type": "doi", "id": "10.1000/other"}],
        },
    }
    assert metadata(**fields).model_dump(exclude_defaults=True) == {
        "source": "crossref",
        "paper": DOI,
        "retrieved": TODAY,
        "address": ADDRESS,
        "doi": DOI,
        "preprint_dois": ("10.36227/techrxiv.1",),
        "version_dois": ("10.1000/other",),
        "title": "ECG Synthesis via Diffusion-Based State Space Augmented Transformer",
        "subtitle": "A subtitle",
        "authors": (
            {
                "family": "Zama",
                "given": "Md Haider",
                "orcid": "0000-0002-1825-0097",
                "affiliations": ("Ulm University",),
            },
            {"family": "Schwenker Jr", "given": "Friedhelm"},
            {"name": "The ECG Consortium"},
        ),
        "venue": {"title": "Sensors", "kind": "journal", "issns": ("1424-8220",), "publisher": "MDPI AG"},
        "volume": "23",
        "issue": "19",
        "pages": "8328",
        "type": "journal-article",
        "published": "2023-10-09",
        "published_online": "2023-10-09",
        "published_print": "2023-10",
        "created": "2023-10-09",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "funders": (
            {"name": "A Foundation", "identifier": "10.13039/501100001659"},
            {"name": "A Ministry", "identifier": "https://ror.org/018mejw64"},
        ),
        "subjects": ("Biochemistry", "Electrical Engineering"),
        "references": ("10.1000/a", "10.1000/b"),
        "citation_count": 7,
    }


def test_a_preprint_names_its_server_as_the_venue() -> None:
    fields = {"type": "posted-content", "container-title": [], "institution": [{"name": "medRxiv"}]}
    assert metadata(**fields).venue == Venue(title="medRxiv", kind="preprint-server", publisher="MDPI AG")


def test_a_work_without_container_has_no_venue() -> None:
    assert metadata(**{"container-title": []}).venue is None


@pytest.mark.parametrize("identifier", ["arXiv:2308.13568", "2308.13568v2", "10.48550/arXiv.2308.13568"])
def test_a_preprint_on_arxiv_is_named_by_its_doi(identifier: str) -> None:
    relation = {"has-preprint": [{"id-type": "arxiv", "id": identifier}]}
    assert metadata(relation=relation).preprint_dois == ("10.48550/arxiv.2308.13568",)


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ({"published-online": [[2023, 12, 30]], "published-print": [[2024, 1]]}, "2023-12-30"),
        ({"published-online": [[2023, 12, 30]], "published-print": [[2023]]}, "2023-12-30"),
        ({"posted": [[2022, 3, 1]]}, "2022-03-01"),
        ({"published-online": [[None]], "published-print": [[2023]]}, "2023"),
        ({"published-online": [[2023, 13, 1]]}, None),
    ],
)
def test_a_work_is_published_on_its_earliest_date(dates: dict[str, Any], published: str | None) -> None:
    fields = {name: {"date-parts": parts} for name, parts in dates.items()}
    assert metadata(issued={"date-parts": [[None]]}, **fields).published == published


@pytest.mark.parametrize(
    ("licence", "kept"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", True),
        ("https://creativecommons.org/publicdomain/zero/1.0/", True),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", False),
        ("https://www.elsevier.com/legal/tdmrep-license", False),
    ],
)
def test_an_abstract_is_kept_where_its_licence_allows_it(licence: str, kept: bool) -> None:
    fields = {
        "license": [{"URL": licence, "content-version": "vor"}],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>We generate &amp; test.</jats:p>",
    }
    assert metadata(**fields).abstract == ("We generate & test." if kept else None)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://e.org/a b", "https://e.org/<x>", "https://e.org/%zz", "CC BY"]
)
def test_a_licence_that_is_no_web_address_is_left_out(address: str) -> None:
    assert metadata(license=[{"URL": address, "content-version": "vor"}]).licence is None


def test_a_licence_that_begins_after_an_embargo_does_not_hold_before() -> None:
    later = {"URL": "https://creativecommons.org/licenses/by/4.0/", "start": {"date-parts": [[2099, 1]]}}
    assert metadata(license=[later], abstract="<jats:p>Words.</jats:p>").licence is None
    now = {"URL": "https://www.elsevier.com/tdm/", "start": {"date-parts": [[2020, 1, 1]]}}
    assert metadata(license=[later, now]).licence == "https://www.elsevier.com/tdm/"


def test_notices_about_a_work_are_kept() -> None:
    notice = {
        "type": "retraction",
        "DOI": "10.1000/Notice",
        "label": "Retraction",
        "updated": {"date-parts": [[2024, 5, 1]], "date-time": "2024-05-01T00:00:00Z"},
    }
    expected = Update(kind="retraction", doi="10.1000/notice", date="2024-05-01")
    assert metadata(**{"updated-by": [notice]}).updates == (expected,)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: A GAN for ECG", "retraction"),
        ("[Retracted] A GAN", "retraction"),
        ("Retracted Article: A GAN", "retraction"),
        ("WITHDRAWN: A GAN", "withdrawal"),
        ("REMOVED: A GAN", "removal"),
    ],
)
def test_a_title_that_says_retracted_is_a_notice_too(title: str, kind: str) -> None:
    assert metadata(title=[title]).updates == (Update(kind=kind),)


def test_a_title_adds_nothing_to_a_registered_retraction() -> None:
    notice = {"type": "retraction", "DOI": "10.1000/notice"}
    updates = metadata(title=["WITHDRAWN: A GAN"], **{"updated-by": [notice]}).updates
    assert updates == (Update(kind="retraction", doi="10.1000/notice"),)


def test_a_title_about_retraction_is_none() -> None:
    assert metadata(title=["Retracted papers in medicine: a survey"]).updates == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"title": []},
        {"title": [None]},
        {"title": [""]},
    ],
)
def test_a_work_without_title_keeps_its_other_facts(fields: dict[str, Any]) -> None:
    answer = read(**fields)
    assert answer.metadata.title is None
    assert answer.metadata.authors == (Author(family="Lovelace", given="Ada"),)
    assert answer.problems == ()


def test_misshapen_fields_are_left_out_and_named() -> None:
    answer = read(title={"en": "x"}, author="Ada", **{"is-referenced-by-count": "many"})
    assert answer.metadata.authors == ()
    assert answer.problems == ("message.author", "message.is-referenced-by-count", "message.title")


def test_what_fails_its_check_digit_is_left_out() -> None:
    author = {"family": "Zama", "ORCID": "http://orcid.org/0000-0002-1825-0098"}
    answer = metadata(author=[author], ISSN=["1424-8221"])
    assert answer.authors == (Author(family="Zama"),)
    assert answer.venue is not None
    assert answer.venue.issns == ()


def test_authors_without_any_name_and_repeated_funders_are_left_out() -> None:
    answer = metadata(author=[{}, {"given": None}], funder=[{"name": "F"}, {"name": "F"}, {"DOI": "10.1000/f"}])
    assert answer.authors == ()
    assert answer.funders == (Funder(name="F"),)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(200, "text/html", b"<html>", ADDRESS), "text/html instead of application/json"),
        (Answer(400, "text/plain", b"", ADDRESS), "status 400"),
        (Answer(200, "application/json", b"<html>", ADDRESS), "valid JSON"),
        (Answer(200, "application/json", b'{"message": []}', ADDRESS), "no work"),
        (Answer(200, "application/json", b'{"message": {}}', ADDRESS), "no work"),
        (Answer(200, "application/json", envelope({"DOI": None}), ADDRESS), "no work"),
        (Answer(200, "application/json", envelope(work("10.1000/x")), ADDRESS), "another work, 10.1000/x"),
    ],
)
def test_what_is_not_the_work_asked_for_is_refused(answer: Answer, problem: str) -> None:
    with pytest.raises(FetchError, match=problem):
        parse_work(answer, DOI, DOI, TODAY)


def test_a_work_that_moved_to_another_doi_is_kept_under_that_one() -> None:
    answer = Answer(200, "application/json", envelope(work("10.1000/new")), ADDRESS, redirected=True)
    assert parse_work(answer, DOI, DOI, TODAY).metadata.doi == "10.1000/new"


WHATEVER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["DOI", "name", "URL", "id", "date-parts", "has-preprint"]), inner)
    ),
    max_leaves=6,
)
READ_FIELDS = (
    "title", "subtitle", "author", "container-title", "ISSN", "publisher", "type", "volume", "page", "issued",
    "published-online", "created", "license", "funder", "subject", "reference", "is-referenced-by-count",
    "relation", "updated-by", "abstract", "institution",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(READ_FIELDS), WHATEVER))
def test_no_field_has_a_shape_that_stops_the_others(fields: dict[str, Any]) -> None:
    assert metadata(**fields).doi == DOI
