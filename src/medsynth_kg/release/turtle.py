"""Turtle and TriG for people: grouped by subject, sorted, one object a line, for reading and comparing.

The serialiser of pyoxigraph writes statements in the order given and every prefix in an order of its own; files that
are read and compared by people need more. RDF 1.1 Turtle: https://www.w3.org/TR/turtle/.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from medsynth_kg.release.namespaces import RDF_TYPE, XSD
from medsynth_kg.release.statements import graph_iri

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

_LOCAL_NAME = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
_SHORT_FORMS = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}
"""Literals that Turtle can write without quotes (Turtle, sections 2.5.2 and 2.5.3)."""


class Names:
    """Writes terms, by prefixed names where a prefix fits, and remembers the prefixes that it used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._namespaces = {namespace: prefix for prefix, namespace in prefixes.items() if _PREFIX.fullmatch(prefix)}
        self._used: set[tuple[str, str]] = set()
        self._written: dict[NamedNode, str] = {}

    def term(self, term: Term) -> str:
        """A subject or an object."""
        if isinstance(term, NamedNode):
            return self._iri(term)
        if not isinstance(term, Literal):
            return str(term)
        short = _SHORT_FORMS.get(term.datatype)
        if short and short.fullmatch(term.value):
            return term.value
        text, quote, datatype = str(term).rpartition('"^^')
        return f'{text}"^^{self._iri(term.datatype)}' if quote and datatype == str(term.datatype) else str(term)

    def predicate(self, predicate: NamedNode) -> str:
        """A predicate; ``rdf:type`` is ``a``."""
        return "a" if predicate == RDF_TYPE else self._iri(predicate)

    def header(self) -> str:
        """The declarations of the prefixes used so far."""
        return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(self._used))

    def _iri(self, node: NamedNode) -> str:
        if node not in self._written:
            self._written[node] = self._prefixed(node.value) or str(node)
        return self._written[node]

    def _prefixed(self, iri: str) -> str | None:
        for end in range(len(iri), 0, -1):
            prefix = self._namespaces.get(iri[:end])
            if prefix is not None and _LOCAL_NAME.fullmatch(iri, end):
                self._used.add((prefix, iri[:end]))
                return f"{prefix}:{iri[end:]}"
        return None


def write_turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Write triples as Turtle, whatever their order; the same set gives the same bytes."""
    names = Names(prefixes)
    body = "\n".join(_subjects(triples, names, indent=""))
    return f"{names.header()}\n{body}".encode()


def write_trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    """Write quads as TriG, whatever their order, one block a graph (https://www.w3.org/TR/trig/)."""
    names = Names(prefixes)
    blocks: list[str] = []
    for graph, members in groupby(sorted(set(quads), key=graph_iri), key=graph_iri):
        content = "\n".join(_subjects((quad.triple for quad in members), names, indent="    "))
        blocks.append(f"{names.term(NamedNode(graph))} {{\n{content}}}\n")
    body = "\n".join(blocks)
    return f"{names.header()}\n{body}".encode()


def _subjects(triples: Iterable[Triple], names: Names, indent: str) -> Iterator[str]:
    by_subject: dict[Subject, dict[NamedNode, set[Term]]] = {}
    for triple in triples:
        by_subject.setdefault(triple.subject, {}).setdefault(triple.predicate, set()).add(triple.object)
    for subject in sorted(by_subject, key=_without_brackets):
        yield _subject(names.term(subject), by_subject[subject], names, indent)


def _without_brackets(subject: Subject) -> str:
    """What subjects are sorted by: an IRI then comes before those that continue it."""
    return str(subject).strip("<>")


def _subject(subject: str, properties: Mapping[NamedNode, Iterable[Term]], names: Names, indent: str) -> str:
    lines = sorted(
        (predicate != RDF_TYPE, names.predicate(predicate), sorted(names.term(term) for term in terms))
        for predicate, terms in properties.items()
    )
    separator = f" ;\n{indent}    "
    return f"{indent}{subject} " + separator.join(_objects(name, terms, indent) for _, name, terms in lines) + " .\n"


def _objects(predicate: str, terms: list[str], indent: str) -> str:
    if len(terms) == 1 or predicate == "a":
        return f"{predicate} {', '.join(terms)}"
    separator = f",\n{indent}        "
    return f"{predicate}\n{indent}        {separator.join(terms)}"
