"""Pages from templates. Templates hold no logic beyond loops; everything in them is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.frontend import Frontend
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.problems import Problem
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.tables import Cell

FORMAT_NAMES = {
    "json": "JSON",
    "xml": "XML",
    "csv": "CSV",
    "tsv": "TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "jsonld": "JSON-LD",
}
"""What a reader calls the formats of answers, by their extensions."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another representation of a page: its media type, its address and what a reader calls it.

    ``profile`` is the IRI of what it conforms to beyond its media type.
    """

    media_type: str
    href: str
    name: str
    profile: str = ""


class Renderer:
    """Renders the pages of the site. Safe to use from threads."""

    def __init__(self, frontend: Frontend) -> None:
        self.frontend = frontend
        self._environment = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["thousands"] = "{:,}".format
        self._environment.globals["bundles"] = self.frontend.addresses

    def page(
        self,
        template: str,
        served: ServedRelease,
        path: str,
        *,
        alternates: Sequence[Alternate] = (),
        structured: Mapping[str, Any] | None = None,
        **context: Any,
    ) -> bytes:
        """Render a page; ``path`` is its canonical address below the base, percent-encoded, without leading slash.

        ``structured`` is what the page is about as JSON-LD.
        """
        text = self._environment.get_template(template).render(
            base=served.base,
            path=path,
            release=served.release,
            alternates=alternates,
            structured=structured,
            **context,
        )
        return text.encode()

    def problem(self, problem: Problem, served: ServedRelease, path: str) -> bytes:
        """A failure for a person; of a query, the page of SPARQL tells it."""
        near = [_named(served, iri) for iri in problem.near]
        return self.page("problem.html", served, path, problem=problem, near=near)


def links_of(served: ServedRelease) -> Links:
    """Links and short forms for a release."""
    return Links(served.base, served.prefixes)


def text_of(answer: Answer) -> str:
    """An answer's body as text."""
    return answer.read().decode()


def _named(served: ServedRelease, iri: str) -> Cell:
    """A link to something by its name, where the release has a search index, with its path as a note."""
    links = links_of(served)
    known = served.search.entity(iri) if served.search else None
    return Cell(known.label, links.href(iri), links.short(iri)) if known else Cell(links.short(iri), links.href(iri))
