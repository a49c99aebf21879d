"""The graph's own IRIs, minted from what the survey gives, so that enrichment never renames anything."""

import re
import unicodedata
from urllib.parse import quote

from pyoxigraph import NamedNode

from medsynth_kg.graph.namespaces import Namespace
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.settings import BASE_IRI

GRAPHS = (
    "survey",
    "curated",
    "crossref",
    "arxiv",
    "corpus",
    "github",
    "links",
    "vocabulary",
    "ontology",
    "findings",
    "queries",
    "release",
)


class Iris:
    """Mints every IRI under one base (design: section IRIs)."""

    def __init__(self, base: str = BASE_IRI) -> None:
        self.base = base
        self.msk = Namespace(f"{base}ontology#")

    def _under_base(self, path: str) -> NamedNode:
        return NamedNode(self.base + path)

    def paper(self, identifier: PaperIdentifier) -> NamedNode:
        """The IRI of a paper."""
        return self._under_base(f"paper/{identifier.local_part}")

    def entry(self, table: str, identifier: PaperIdentifier, occurrence: int) -> NamedNode:
        """The IRI of a survey entry; ``occurrence`` counts the rows of one paper in one table from 1."""
        suffix = f"~{occurrence}" if occurrence > 1 else ""
        return self._under_base(f"entry/{table}/{identifier.local_part}{suffix}")

    def table(self, slug: str) -> NamedNode:
        """The IRI of a table of the survey."""
        return self._under_base(f"table/{slug}")

    def repository(self, address: RepositoryAddress) -> NamedNode:
        """The IRI of a code repository."""
        parts = (address.host, address.owner, address.name)
        return self._under_base("repository/" + "/".join(quote(part.lower(), safe="~") for part in parts if part))

    def person(self, orcid: str) -> NamedNode:
        """The IRI of a person with an ORCID."""
        return self._under_base(f"person/orcid/{orcid}")

    def author(self, paper: NamedNode, position: int) -> NamedNode:
        """The IRI of a person known only as the author at one position (from 1) of one paper."""
        return NamedNode(f"{paper.value}/author/{position}")

    def authorship(self, paper: NamedNode, position: int) -> NamedNode:
        """The IRI of the statement that somebody is the paper's author at one position (from 1)."""
        return NamedNode(f"{paper.value}/authorship/{position}")

    def notice(self, paper: NamedNode, kind: str, day: str | None) -> NamedNode:
        """The IRI of the notices of one kind about a paper, of one date (ISO 8601) where it is known."""
        return NamedNode(f"{paper.value}/notice/{slug(f'{kind} {day}' if day else kind)}")

    def venue(self, title: str, issn_l: str | None) -> NamedNode:
        """The IRI of a venue: by its linking ISSN, else by its title."""
        return self._under_base(f"venue/issn/{issn_l}" if issn_l else f"venue/{slug(title)}")

    def finding(self, path: str) -> NamedNode:
        """The IRI of a finding."""
        return self._under_base(f"finding/{path}")

    def graph(self, name: str) -> NamedNode:
        """The IRI of a named graph, one of ``GRAPHS``."""
        return self._under_base(f"graph/{name}")

    def unplaced(self, path: str) -> NamedNode:
        """An IRI for the few things that stand alone under the base, such as ``prefixes``."""
        return self._under_base(path)


def doi_iri(doi: str) -> NamedNode:
    """The IRI of a DOI at doi.org, percent-encoded where an IRI needs it (DOI Handbook, section 3.8)."""
    return NamedNode("https://doi.org/" + quote(doi, safe="/:;()._-~"))


def slug(text: str) -> str:
    """Words of lower-case ASCII letters and digits joined by hyphens; never empty.

    Letters lose their accents; what has no ASCII form at all is percent-free as its hexadecimal code points.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    return "-".join(words) or "u" + "-".join(f"{ord(character):x}" for character in text)
