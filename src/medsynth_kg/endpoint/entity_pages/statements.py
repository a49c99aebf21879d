"""What the graph says of one thing, arranged for a reader: grouped by property, each value with its sources."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row, Term
from medsynth_kg.endpoint.tables import Cell, make_cell, words

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_FIRST = (
    "title", "prefLabel", "definition", "description", "advice", "scopeNote", "creator", "author", "paper", "position",
    "venue", "isPartOf", "issued", "surveyDate", "modality", "modelFamily", "architecture", "application",
    "evaluatedFor", "metric", "codeRepository", "broader", "abstract", "doi", "hasArXivId", "identifier",
)  # fmt: skip
"""Local names of the properties that a reader looks for first, in this order."""


Origins = Callable[[str, Collection[str], Term], tuple[Cell, ...]]
"""Finds where a graph has from that some properties have a value."""


@dataclass(frozen=True, slots=True)
class Source:
    """A named graph that states a value, and where it has it from, as far as that is known."""

    graph: Cell
    origins: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One value and the named graphs that state it."""

    cell: Cell
    sources: tuple[Source, ...]


def _unknown(_graph: str, _properties: Collection[str], _value: Term) -> tuple[Cell, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Property:
    """The values of one property, or of several that have the same values."""

    label: str
    names: tuple[Cell, ...]
    values: tuple[Value, ...]


def arrange(
    rows: Iterable[Row],
    links: Links,
    value: str = "value",
    origins: Origins = _unknown,
    order: Sequence[str] = (),
    retracted: Collection[str] = (),
) -> tuple[Property, ...]:
    """Group statements by property; ``value`` is the variable of the other end (``value`` or ``subject``).

    Values whose IRIs are in ``order`` come first and so, the others by what a reader reads; those in ``retracted`` are
    marked.

    A value that has a label is shown by it. Properties with the same values, such as ``dcterms:title`` and
    ``schema:name``, become one.
    """
    values: dict[str, dict[Term, set[str]]] = {}
    property_labels: dict[str, str] = {}
    value_labels: dict[Term, str] = {}
    for row in rows:
        name, term = row["property"].value, row[value]
        values.setdefault(name, {}).setdefault(term, set()).add(row["graph"].value)
        if "propertyLabel" in row:
            property_labels.setdefault(name, row["propertyLabel"].value)
        if "label" in row:
            value_labels[term] = min(row["label"].value, value_labels.get(term, row["label"].value))
    merged: dict[frozenset[Term], list[str]] = {}
    for name in sorted(values, key=lambda iri: _rank(iri, links)):
        merged.setdefault(frozenset(values[name]), []).append(name)
    return tuple(
        Property(
            label=property_labels.get(names[0]) or _words(names[0]),
            names=tuple(Cell(links.short(name), links.href(name)) for name in names),
            values=_values({name: values[name] for name in names}, value_labels, links, origins, order, retracted),
        )
        for names in merged.values()
    )


def _values(
    values: dict[str, dict[Term, set[str]]],
    labels: dict[Term, str],
    links: Links,
    origins: Origins,
    order: Sequence[str],
    retracted: Collection[str],
) -> tuple[Value, ...]:
    """The values that several properties have in common."""
    arranged = []
    positions = {iri: position for position, iri in enumerate(order)}
    texts = Counter(labels.get(term, term.value) for term in next(iter(values.values())))
    for term in next(iter(values.values())):
        cell = make_cell(term, links)
        if term.kind == "uri" and term in labels:
            # Classes of two vocabularies may have one label, and people one name.
            note = links.short(term.value) if texts[labels[term]] > 1 else ""
            cell = Cell(labels[term], cell.href, note, is_retracted=term.value in retracted)
        graphs = set().union(*(graphs_of[term] for graphs_of in values.values()))
        sources = tuple(Source(_named(graph, links), origins(graph, values.keys(), term)) for graph in sorted(graphs))
        position = positions.get(term.value, len(order))
        arranged.append((position, cell.text.casefold(), cell.href or "", Value(cell, sources)))
    return tuple(value for *_, value in sorted(arranged, key=itemgetter(0, 1, 2)))


def _words(iri: str) -> str:
    (local,) = words([_local(iri)])
    return local


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _named(graph: str, links: Links) -> Cell:
    return Cell(links.short(graph).removeprefix("graph/"), links.href(graph))


def _rank(iri: str, links: Links) -> tuple[int, bool, str]:
    local = _local(iri)
    position = _FIRST.index(local) if local in _FIRST else len(_FIRST)
    return (position + (iri == _RDF_TYPE), not links.is_own(iri), iri)
