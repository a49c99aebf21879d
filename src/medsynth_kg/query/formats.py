"""The media types of answers, and the short names by which a person may ask for them.

Solutions and truth values have SPARQL 1.1 result formats; CONSTRUCT and DESCRIBE have RDF syntaxes.
"""

from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import QueryResultsFormat, RdfFormat


class QueryForm(StrEnum):
    """The four query forms (SPARQL 1.1 Query Language, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A format: its media type, the extension of its files, further names, and pyoxigraph's name for it."""

    media_type: str
    extension: str
    names: tuple[str, ...]
    syntax: QueryResultsFormat | RdfFormat


SOLUTION_FORMATS = (
    ResultFormat("application/sparql-results+json", "json", ("srj", "sparql-json"), QueryResultsFormat.JSON),
    ResultFormat("application/sparql-results+xml", "xml", ("srx", "sparql-xml"), QueryResultsFormat.XML),
    ResultFormat("text/csv", "csv", (), QueryResultsFormat.CSV),
    ResultFormat("text/tab-separated-values", "tsv", (), QueryResultsFormat.TSV),
)
GRAPH_FORMATS = (
    ResultFormat("text/turtle", "ttl", ("turtle", "n3"), RdfFormat.TURTLE),
    ResultFormat("application/n-triples", "nt", ("ntriples", "n-triples"), RdfFormat.N_TRIPLES),
    ResultFormat("application/rdf+xml", "rdf", ("rdfxml", "rdf-xml", "rdf+xml", "xml"), RdfFormat.RDF_XML),
    ResultFormat("application/ld+json", "jsonld", ("json-ld", "json"), RdfFormat.JSON_LD),
)
_SYNTAXES = {known.media_type: known.syntax for known in (*SOLUTION_FORMATS, *GRAPH_FORMATS)}


def formats_for(form: QueryForm) -> tuple[ResultFormat, ...]:
    """The formats of a form's answers, the preferred one first."""
    return GRAPH_FORMATS if form.is_graph else SOLUTION_FORMATS


def format_named(name: str, form: QueryForm) -> ResultFormat | None:
    """The format with a media type, an extension or another name, in any letter case; None where a form has none."""
    wanted = name.strip().lower()
    for known in formats_for(form):
        if wanted in (known.media_type, known.extension, *known.names):
            return known
    return None


def syntax_of(media_type: str) -> QueryResultsFormat | RdfFormat:
    """What pyoxigraph calls the format of a media type; raises ``KeyError`` for one that is not in the tables."""
    return _SYNTAXES[media_type]
