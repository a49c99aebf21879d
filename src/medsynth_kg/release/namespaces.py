"""The namespaces in which a release describes itself, besides those of the graph."""

from pyoxigraph import NamedNode

from medsynth_kg.graph.namespaces import RDF, XSD, Namespace

__all__ = ["DCAT", "RDF_TYPE", "SPDX", "VOID", "VOID_CLASS", "VOID_EXT", "XSD"]

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")

RDF_TYPE: NamedNode = RDF.type
VOID_CLASS = NamedNode(f"{VOID.iri}class")
