"""The identifier that a paper's IRI is minted from."""

import re
from typing import Literal, get_args
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.arxiv import DOI_PREFIX, normalise_arxiv_id
from medsynth_kg.identifiers.doi import find_doi, normalise_doi
from medsynth_kg.identifiers.errors import LocalPartError
from medsynth_kg.identifiers.pii import normalise_pii
from medsynth_kg.identifiers.web import WebAddress, is_placeholder_address, parse_web_address

PaperScheme = Literal["doi", "arxiv", "pii", "openreview", "pmid", "page"]

_UNESCAPED = "/:;()"
"""What stays as it is in an IRI's path besides letters, digits and ``-._~``."""


class PaperIdentifier(BaseModel):
    """A normalised identifier: DOI in lower case, arXiv id without version, PII without punctuation.

    The scheme ``page`` is the last resort for a page that shows no identifier; its value is the host, path
    and query of the address.
    """

    model_config = ConfigDict(frozen=True)

    scheme: PaperScheme
    value: str

    @property
    def local_part(self) -> str:
        """What follows ``paper/`` in the paper's IRI: ASCII, percent-encoded as RFC 3986 asks for."""
        value = quote(self.value, safe=_UNESCAPED)
        return value if self.scheme == "doi" else f"{self.scheme}/{value}"

    @property
    def address(self) -> str:
        """Where a browser finds the paper."""
        value = quote(self.value, safe=_UNESCAPED)
        match self.scheme:
            case "doi":
                return f"https://doi.org/{value}"
            case "arxiv":
                return f"https://arxiv.org/abs/{value}"
            case "pii":
                return f"https://www.sciencedirect.com/science/article/pii/{value}"
            case "openreview":
                return f"https://openreview.net/forum?id={value}"
            case "pmid":
                return f"https://pubmed.ncbi.nlm.nih.gov/{value}/"
            case "page":
                return f"https://{self.value}"


def parse_local_part(local_part: str) -> PaperIdentifier:
    """Read what follows ``paper/`` in a paper's IRI back into the identifier it was minted from.

    Raises:
        LocalPartError: no paper's IRI ends like that.
    """
    scheme, _, rest = local_part.partition("/")
    if scheme in get_args(PaperScheme) and scheme != "doi":
        identifier = PaperIdentifier.model_validate({"scheme": scheme, "value": unquote(rest)})
    else:
        identifier = PaperIdentifier(scheme="doi", value=unquote(local_part))
    if identify_paper(identifier.address) != identifier or identifier.local_part != local_part:
        raise LocalPartError(f"{local_part!r} is not how the address of a paper ends; see the forms in paper/")
    return identifier


def identify_paper(address: str) -> PaperIdentifier | None:
    """Find out which paper an address or a written identifier means, or answer None where it means none.

    Understood are DOIs (bare, ``doi:``, resolvers, publishers' pages that show one), arXiv ids of any form
    (arXiv's own DataCite DOIs too), Elsevier's pages with a PII, OpenReview and PubMed. Any other http(s)
    address of a page is an identifier of last resort; the bare home page of a site is none, nor is an address
    reserved for examples.
    """
    text = address.strip()
    if doi := normalise_doi(text):
        return _of_doi(doi)
    if text.lower().startswith("arxiv") and (arxiv_id := normalise_arxiv_id(text)):
        return PaperIdentifier(scheme="arxiv", value=arxiv_id)
    if pmid := re.fullmatch(r"pmid\s*:?\s*([1-9][0-9]{0,8})", text, re.IGNORECASE):
        return PaperIdentifier(scheme="pmid", value=pmid[1])
    web = None if is_placeholder_address(text) else parse_web_address(text)
    if web is None:
        return None
    for identify in (_arxiv, _pubmed, _openreview, _elsevier, _doi):
        if identifier := identify(web):
            return identifier
    return _page(web)


def _of_doi(doi: str) -> PaperIdentifier:
    if doi.startswith(DOI_PREFIX) and (bare := normalise_arxiv_id(doi.removeprefix(DOI_PREFIX))):
        return PaperIdentifier(scheme="arxiv", value=bare)
    return PaperIdentifier(scheme="doi", value=doi)


def _arxiv(web: WebAddress) -> PaperIdentifier | None:
    folders = {
        "arxiv.org": "abs|pdf|html|format|ps|e-print|src",
        "ar5iv.org": "abs|html",
        "ar5iv.labs.arxiv.org": "html",
        "alphaxiv.org": "abs",
        "huggingface.co": "papers",
    }
    host = re.sub(r"^(?:www|export|cn|browse|xxx)\.", "", web.host)
    match = re.fullmatch(rf"/(?:{folders.get(host, '(?!)')})/(.+)", web.path)
    arxiv_id = normalise_arxiv_id(match[1]) if match else None
    return PaperIdentifier(scheme="arxiv", value=arxiv_id) if arxiv_id else None


def _pubmed(web: WebAddress) -> PaperIdentifier | None:
    pages = {
        "pubmed.ncbi.nlm.nih.gov": r"/([1-9][0-9]{0,8})(?:/.*)?",
        "www.ncbi.nlm.nih.gov": r"(?:/m)?/pubmed/([1-9][0-9]{0,8})/?",
        "ncbi.nlm.nih.gov": r"(?:/m)?/pubmed/([1-9][0-9]{0,8})/?",
        "europepmc.org": r"/(?:article|abstract)/MED/([1-9][0-9]{0,8})/?",
    }
    match = re.fullmatch(pages.get(web.host, "(?!)"), web.path, re.IGNORECASE)
    return PaperIdentifier(scheme="pmid", value=match[1]) if match else None


def _openreview(web: WebAddress) -> PaperIdentifier | None:
    if web.host not in ("openreview.net", "www.openreview.net") or web.path not in (
        "/forum",
        "/pdf",
        "/attachment",
    ):
        return None
    number = web.parameter("id")
    if not number or not re.fullmatch(r"[A-Za-z0-9_-]+", number):
        return None
    return PaperIdentifier(scheme="openreview", value=number)


def _elsevier(web: WebAddress) -> PaperIdentifier | None:
    if not re.fullmatch(r"(?:.+\.)?(?:sciencedirect|elsevier|cell|thelancet|sciencedirectassets)\.com", web.host):
        return None
    for segment in web.path.split("/"):
        if pii := normalise_pii(re.sub(r"\.pdf$|\.$", "", segment, flags=re.IGNORECASE)):
            return PaperIdentifier(scheme="pii", value=pii)
    return None


def _doi(web: WebAddress) -> PaperIdentifier | None:
    if web.host in ("doi.org", "dx.doi.org", "www.doi.org"):
        resolved = normalise_doi(re.sub(r"^/+(?:doi:)?|/+$", "", web.path, flags=re.IGNORECASE))
        return _of_doi(resolved) if resolved else None
    shown = find_doi(web.path) or _doi_in_parameters(web) or _doi_by_house_rule(web)
    return _of_doi(shown) if shown else None


def _doi_in_parameters(web: WebAddress) -> str | None:
    values = (web.parameter(name) for name in ("doi", "id"))
    return next((doi for value in values if value and (doi := normalise_doi(value))), None)


def _doi_by_house_rule(web: WebAddress) -> str | None:
    """The DOI where a publisher always makes it from the page's own number."""
    rules = {
        r"(?:www\.)?nature\.com/articles/(s[0-9]{5}-[0-9]{3}-[0-9]{5}-[0-9a-z])(?:\.pdf)?": "10.1038/{}",
        r"(?:www\.|downloads\.)?hindawi\.com/journals/[a-z]+/(20[0-9]{2}/[0-9]{6,7})(?:\.pdf)?": "10.1155/{}",
        r"(?:www\.)?zenodo\.org/records?/([0-9]+)": "10.5281/zenodo.{}",
    }
    page = web.host + web.path.rstrip("/")
    matches = ((re.fullmatch(rule, page), form) for rule, form in rules.items())
    return next((form.format(match[1]) for match, form in matches if match), None)


def _page(web: WebAddress) -> PaperIdentifier | None:
    article = re.search(r"(?:/document/|[?&]arnumber=)([0-9]+)", web.page)
    if web.host.removeprefix("www.") == "ieeexplore.ieee.org" and article:
        return PaperIdentifier(scheme="page", value=f"ieeexplore.ieee.org/document/{article[1]}")
    if web.page == web.host or {".", ".."} & set(web.path.split("/")):
        return None
    return PaperIdentifier(scheme="page", value=web.page)
