"""The statements that a release can hold, and their canonical form.

No blank nodes and no quoted triples: only so are sorted N-Quads canonical (RDF Dataset Canonicalization has nothing
to rename then), and a dump can be compared line by line.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from medsynth_kg.release.errors import StatementNotPublishable

NO_PREFIXES: Mapping[str, str] = MappingProxyType({})

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What is no character in XML 1.0 (section 2.2)."""

_XML_NAME_AT_END = re.compile(r"[A-Za-z_][\w.-]*\Z")


def normalise_quads(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    """Each statement once, sorted, literals as the store keeps them: ``"1.0E6"^^xsd:double`` is ``1000000`` there.

    Raises:
        StatementNotPublishable: a statement has a blank node or a quoted triple, is in no named graph, or can't be
            written as RDF/XML.
    """
    store = Store()
    store.extend(quads)
    return tuple(sorted((_publishable(quad) for quad in store), key=str))


def canonical_quads(quads: Iterable[Quad]) -> bytes:
    """Sorted N-Quads: canonical, since the graph has no blank nodes."""
    return b"".join(sorted(as_lines(set(quads))))


def as_lines(quads: Iterable[Quad]) -> list[bytes]:
    """One line of N-Quads for each statement, in the order given."""
    return to_bytes(quads, RdfFormat.N_QUADS).splitlines(keepends=True)


def to_bytes(
    statements: Iterable[Triple] | Iterable[Quad], syntax: RdfFormat, prefixes: Mapping[str, str] = NO_PREFIXES
) -> bytes:
    """Serialise statements in the order given."""
    output = io.BytesIO()
    serialize(statements, output, format=syntax, prefixes=dict(prefixes))
    return output.getvalue()


def graph_iri(quad: Quad) -> str:
    """The IRI of a statement's named graph; every statement of ours is in one."""
    return str(quad.graph_name)[1:-1]


def _publishable(quad: Quad) -> Quad:
    if not isinstance(quad.graph_name, NamedNode):
        raise StatementNotPublishable(str(quad), "every statement must be in a named graph")
    if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
        raise StatementNotPublishable(str(quad), "blank nodes and quoted triples have no stable name; give it an IRI")
    if not _XML_NAME_AT_END.search(quad.predicate.value):
        raise StatementNotPublishable(str(quad), "RDF/XML can't write a property that ends in a digit or a sign")
    if isinstance(quad.object, Literal) and _NOT_IN_XML.search(quad.object.value):
        raise StatementNotPublishable(str(quad), "its text has a control character, which no XML file can hold")
    return quad


def count_by_graph(quads: Iterable[Quad]) -> dict[str, int]:
    """The number of statements of each named graph by its IRI, sorted; the quads must be distinct."""
    return dict(sorted(Counter(map(graph_iri, quads)).items()))
