"""Typed links that tell a machine what a page is about (FAIR Signposting, https://signposting.org/FAIR/).

Each function gives the values of a ``Link`` header (RFC 8288), for pages, for what they describe, and for the way back.
"""

from collections.abc import Iterable, Sequence

from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.rendering import Alternate

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SCHEMA = "https://schema.org/"
SCHEMA_TYPES = {
    "paper": "ScholarlyArticle",
    "person": "Person",
    "venue": "Periodical",
    "repository": "SoftwareSourceCode",
    "table": "Dataset",
    "graph": "Dataset",
    "modality": "DefinedTerm",
    "family": "DefinedTerm",
    "architecture": "DefinedTerm",
    "application": "DefinedTerm",
    "evaluation": "DefinedTerm",
    "metric": "DefinedTerm",
}
"""What schema.org calls the things of each kind, by the first part of their IRIs."""


def link(target: str, relation: str, media_type: str | None = None) -> str:
    """One typed link."""
    return f'<{target}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")


def landing_page(
    iri: str, described_by: Iterable[Alternate], schema_type: str | None, items: Sequence[Alternate] = ()
) -> tuple[str, ...]:
    """The links of a page about one thing: how to cite it, what describes it, what it consists of, what it is."""
    types = ("AboutPage", *((schema_type,) if schema_type else ()))
    return (
        link(iri, "cite-as"),
        *(link(known.href, "describedby", known.media_type) for known in described_by),
        *(link(item.href, "item", item.media_type) for item in items),
        *(link(SCHEMA + name, "type") for name in types),
        link(LICENCE, "license"),
    )


def description(iri: str) -> tuple[str, ...]:
    """The links of data about one thing: what they describe, under which licence."""
    return (link(iri, "describes"), link(LICENCE, "license"))


def member(iri: str, collection: str) -> tuple[str, ...]:
    """The links of a file that belongs to a thing with a page: the page, how to cite the thing, the licence."""
    return (link(collection, "collection", HTML), link(iri, "cite-as"), link(LICENCE, "license"))
