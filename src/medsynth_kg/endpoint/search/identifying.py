"""Identifiers that somebody may paste into a search box, in any of their spellings."""

import re
from collections.abc import Iterator

from medsynth_kg.identifiers.arxiv import DOI_PREFIX, normalise_arxiv_id
from medsynth_kg.identifiers.doi import normalise_doi
from medsynth_kg.identifiers.issn import normalise_issn
from medsynth_kg.identifiers.orcid import normalise_orcid
from medsynth_kg.identifiers.paper import identify_paper
from medsynth_kg.identifiers.repository import parse_repository

_PUBMED_CENTRAL = re.compile(r"(?:https?://\S*/)?(PMC[0-9]{3,9})/?", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9][0-9]{5,8}")
_LABEL = re.compile(r"(?:doi|arxiv|pmid|orcid)\s*:?\s*(?=https?://)", re.IGNORECASE)
_LABELLED = re.compile(r"([A-Za-z]{2,20})\s*:\s*([^\s/]\S*)")
"""An identifier as the graph writes those without a property of their own, such as ``pii:S0022073621001850``."""
_IN_CAPITALS = ("pii", "pmcid")
_WRAPPED = re.compile(r"[(\[{<\"'\u2018\u201c](.*)[)\]}>\"'\u2019\u201d]", re.DOTALL)


def identifiers_in(text: str) -> Iterator[tuple[str, str]]:
    """What a text may be as an identifier: pairs of a scheme and the normalised identifier.

    Most texts are none. A bare number of six digits or more may be a PubMed id.
    """
    text = _unwrapped(text)
    if paper := identify_paper(text):
        yield paper.scheme, paper.value
    if doi := normalise_doi(text):
        yield "doi", doi
        if doi.startswith(DOI_PREFIX):
            yield "arxiv", doi.removeprefix(DOI_PREFIX)
    if arxiv_id := normalise_arxiv_id(text):
        yield "arxiv", arxiv_id
        yield "doi", DOI_PREFIX + arxiv_id.lower()
    if orcid := normalise_orcid(text):
        yield "orcid", orcid
    if issn := normalise_issn(text):
        yield "issn", issn
    if central := _PUBMED_CENTRAL.fullmatch(text):
        yield "pmcid", central[1].upper()
    if _NUMBER.fullmatch(text):
        yield "pmid", text
    if labelled := _LABELLED.fullmatch(text):
        scheme, value = labelled[1].lower(), labelled[2]
        yield scheme, value.upper() if scheme in _IN_CAPITALS else value


def repository_in(text: str) -> str | None:
    """The path of a repository's IRI under the base, if a text is the address of a repository."""
    repository = parse_repository(_unwrapped(text))
    return f"repository/{repository.host}/{repository.owner}/{repository.name}" if repository else None


def _unwrapped(text: str) -> str:
    """A text without the quotation marks or brackets that stood around it, and without a label before an address."""
    text = text.strip()
    if wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1].strip()
    return _LABEL.sub("", text, count=1)
