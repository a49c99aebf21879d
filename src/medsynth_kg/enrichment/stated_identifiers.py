"""DOIs and arXiv identifiers as services state them: bare, labelled, or as an address."""

import re
from typing import NamedTuple

from medsynth_kg.identifiers.arxiv import DOI_PREFIX, normalise_arxiv_id
from medsynth_kg.identifiers.doi import normalise_doi

_DOI_RESOLVER = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_ARXIV_PAGE = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/abs/", re.IGNORECASE)
_VERSION = re.compile(r"v([1-9][0-9]{0,3})$")


class ArxivVersion(NamedTuple):
    """An arXiv identifier without version, and the version that was named with it."""

    identifier: str
    version: int | None


def stated_doi(text: str | None) -> str | None:
    """A DOI in lower case; None for what is no DOI."""
    return normalise_doi(_DOI_RESOLVER.sub("", (text or "").strip(), count=1))


def stated_arxiv(text: str | None) -> ArxivVersion | None:
    """An arXiv identifier of either style, also as arXiv's own DOI; None for what is none."""
    stated = _ARXIV_PAGE.sub("", (text or "").strip(), count=1)
    doi = stated_doi(stated)
    if doi is not None and doi.startswith(DOI_PREFIX):
        stated = doi.removeprefix(DOI_PREFIX)
    identifier = normalise_arxiv_id(stated)
    if identifier is None:
        return None
    version = _VERSION.search(stated)
    return ArxivVersion(identifier, int(version.group(1)) if version else None)


def arxiv_doi(identifier: str) -> str:
    """The DOI that arXiv registers with DataCite for one of its papers, in lower case."""
    return DOI_PREFIX + identifier.lower()
