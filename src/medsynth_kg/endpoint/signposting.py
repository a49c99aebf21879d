"""Typed links that tell a machine what a page is about (FAIR Signposting, https://signposting.org/FAIR/).

They go into ``Link`` headers (RFC 8288), for pages, for what they describe, and for the way back; and into link sets
(RFC 9264), which hold those of a page and of all that belongs to it, where they are too many for a header.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.release.description import CC_BY

LICENCE = CC_BY.value
SCHEMA = "https://schema.org/"
SCHEMA_TYPES = {
    "paper": "ScholarlyArticle",
    "person": "Person",
    "venue": "CreativeWork",
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
VENUE_TYPES = {"journal": "Periodical", "book": "Book"}
"""What it calls venues of a kind, where it has a word for it."""


LINKSET_JSON = "application/linkset+json"


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link to a target, which may be relative to the site; as a string, a value of the header ``Link``."""

    target: str
    relation: str
    media_type: str = ""
    profile: str = ""

    def __str__(self) -> str:
        attributes = {"rel": self.relation, "type": self.media_type, "profile": self.profile}
        return f"<{self.target}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items() if value)


def link_header(links: Iterable[TypedLink]) -> str:
    """The value of a header with these links."""
    return ", ".join(map(str, links))


def landing_page(
    iri: str, described_by: Iterable[Alternate], schema_type: str | None, items: Sequence[Alternate] = ()
) -> tuple[TypedLink, ...]:
    """The links of a page about one thing: how to cite it, what describes it, what it consists of, what it is."""
    types = ("AboutPage", *((schema_type,) if schema_type else ()))
    return (
        TypedLink(iri, "cite-as"),
        *(TypedLink(known.href, "describedby", known.media_type, known.profile) for known in described_by),
        *(TypedLink(item.href, "item", item.media_type) for item in items),
        *(TypedLink(SCHEMA + name, "type") for name in types),
        TypedLink(LICENCE, "license"),
    )


def description(iri: str) -> tuple[TypedLink, ...]:
    """The links of data about one thing: what they describe, under which licence."""
    return (TypedLink(iri, "describes"), TypedLink(LICENCE, "license"))


def member(iri: str, collection: str) -> tuple[TypedLink, ...]:
    """The links of a file that belongs to a thing with a page: the page, how to cite the thing, the licence."""
    return (
        TypedLink(collection, "collection", HTML),
        TypedLink(iri, "cite-as"),
        TypedLink(LICENCE, "license"),
    )


def link_set(site: str, links: Mapping[str, Iterable[TypedLink]]) -> dict[str, Any]:
    """The links of several things by their addresses as a link set in JSON (RFC 9264, section 4.2), all absolute.

    ``site`` is the address that everything is relative to.
    """
    return {"linkset": [_context(site, anchor, list(own)) for anchor, own in links.items()]}


def _context(site: str, anchor: str, links: Sequence[TypedLink]) -> dict[str, Any]:
    relations = dict.fromkeys(link.relation for link in links)
    return {"anchor": urljoin(site, anchor)} | {
        relation: [_target(site, link) for link in links if link.relation == relation] for relation in relations
    }


def _target(site: str, link: TypedLink) -> dict[str, Any]:
    attributes: dict[str, Any] = {"href": urljoin(site, link.target)}
    if link.media_type:
        attributes["type"] = link.media_type
    if link.profile:
        attributes["profile"] = [link.profile]
    return attributes
