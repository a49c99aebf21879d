"""The formats that citations come in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from medsynth_kg.endpoint.citing.bibtex import as_bibtex
from medsynth_kg.endpoint.citing.citation import Citation
from medsynth_kg.endpoint.citing.csl import as_csl_json
from medsynth_kg.endpoint.citing.ris import as_ris


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """A format: its name, its media type, the extension of its files, and what writes it."""

    name: str
    media_type: str
    extension: str
    write: Callable[[Iterable[Citation]], str]


CITATION_FORMATS = (
    CitationFormat("BibTeX", "application/x-bibtex", "bib", as_bibtex),
    CitationFormat("RIS", "application/x-research-info-systems", "ris", as_ris),
    CitationFormat("CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", as_csl_json),
)


def citation_format(extension: str) -> CitationFormat | None:
    """The format of an extension, or None."""
    return next((known for known in CITATION_FORMATS if known.extension == extension), None)
