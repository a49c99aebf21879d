"""RDF terms as requests carry them, in N-Triples syntax."""

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

Term = NamedNode | BlankNode | Literal | Triple


class NotATerm(Exception):
    """A text is not one term in N-Triples syntax."""


def read_term(text: str) -> Term:
    """A term from its N-Triples form.

    Raises:
        NotATerm: it is none, or more than one.
    """
    try:
        (quad,) = parse(f"<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError) as error:
        raise NotATerm from error
    term: Term = quad.object
    return term
