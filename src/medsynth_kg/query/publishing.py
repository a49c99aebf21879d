"""Saved queries as data: SHACL executables, the form that SPARQL editors load examples from.

The form is that of https://github.com/sib-swiss/sparql-examples: ``sh:SPARQLExecutable`` with the query's text, its
title as comment, its keywords and the endpoint that it is for.
"""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS, RDF, RDFS, SCHEMA, SH
from medsynth_kg.graph.statements import Statements
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.saved import SavedQuery

_FORMS: dict[QueryForm, tuple[tuple[NamedNode, ...], NamedNode]] = {
    QueryForm.SELECT: ((SH.SPARQLExecutable, SH.SPARQLSelectExecutable), SH.select),
    QueryForm.ASK: ((SH.SPARQLExecutable, SH.SPARQLAskExecutable), SH.ask),
    QueryForm.CONSTRUCT: ((SH.SPARQLExecutable, SH.SPARQLConstructExecutable), SH.construct),
    QueryForm.DESCRIBE: (
        (SH.SPARQLExecutable,),
        NamedNode("https://purl.expasy.org/sparql-examples/ontology#describe"),
    ),
}


def describe_saved_queries(queries: Iterable[SavedQuery], iris: Iris) -> tuple[Quad, ...]:
    """The saved queries, which ``rebase`` has brought to the base of ``iris``, as statements of ``graph/queries``."""
    statements = Statements(iris.graph("queries"))
    for query in queries:
        subject = iris.unplaced(f"queries/{query.slug}")
        classes, text_property = _FORMS[query.form]
        statements.add(subject, RDF.type, *classes)
        statements.add(subject, RDFS.label, Literal(query.title, language="en"))
        statements.add(subject, RDFS.comment, Literal(query.title, language="en"))
        statements.add(subject, DCTERMS.description, Literal(query.description, language="en"))
        statements.add(subject, text_property, Literal(query.text))
        statements.add(subject, SH.prefixes, iris.unplaced("prefixes"))
        statements.add(subject, SCHEMA.keywords, *map(Literal, query.keywords))
        statements.add(subject, SCHEMA.target, iris.unplaced("sparql"))
    return tuple(statements)
