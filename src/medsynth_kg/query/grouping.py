"""The triples of a graph answer, brought together by subject.

An engine gives them solution by solution, so what it says of one thing lies scattered between what it says of others.
Writers of Turtle, RDF/XML and JSON-LD open a subject again each time it comes; readers of JSON-LD who take the node
that has an ``@id`` would then get a part of what there is.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import NamedNode, Triple

from medsynth_kg.query.terms import Term

GROUPED, GROUPED_CHARACTERS = 10_000, 2**22
"""Triples, and characters of their objects, up to which an answer is held in memory to be grouped.

A larger one is passed on as it comes, so that the limit which it meets is that of its size, not that of memory.
"""


def group_by_subject(triples: Iterable[Triple], first: Iterable[Term] = ()) -> Iterator[Triple]:
    """The same triples by subject, and those of a subject by property, in the order in which these first appear.

    ``first`` are the terms that a query was asked about, whose triples come before all others. Raises whatever comes
    from ``triples``.
    """
    rest = iter(triples)
    taken: list[Triple] = []
    characters = 0
    for triple in rest:
        taken.append(triple)
        characters += len(getattr(triple.object, "value", ""))
        if len(taken) > GROUPED or characters > GROUPED_CHARACTERS:
            return chain(taken, rest)
    return _grouped(taken, first)


def _grouped(triples: Iterable[Triple], first: Iterable[Term]) -> Iterator[Triple]:
    subjects: dict[Term, dict[NamedNode, list[Triple]]] = {term: {} for term in first}
    for triple in triples:
        subjects.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple)
    return (triple for properties in subjects.values() for members in properties.values() for triple in members)
