"""Parameters of saved queries: variables that start with an underscore, and the terms that take their places."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from medsynth_kg.query.tokens import Token, tokens

ParameterValue = NamedNode | RdfLiteral


class Parameter(BaseModel):
    """A parameter: what a form calls it, what kind of term it is, and its value where none is given.

    ``scheme`` names the vocabulary that an IRI is chosen from (``modality``, ``family``, ...), or is ``year``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    kind: Literal["iri", "string", "integer"] = "iri"
    scheme: str | None = None
    default: str | None = None


def parameter_names(query: str) -> frozenset[str]:
    """The parameters that a query's text uses, without question mark and underscore."""
    return frozenset(token.text[2:] for token in _parameters(query))


def bind_parameters(query: str, values: Mapping[str, ParameterValue]) -> str:
    """The query with each parameter's variable replaced by a term, as SHACL's pre-binding does it (section 5.2.1).

    Only whole tokens are replaced, each by a term that pyoxigraph has checked and written, so that no value can change
    what the query is. A parameter without a value stays a variable, which any term may take.
    """
    parts, end = [], 0
    for token in _parameters(query):
        if (value := values.get(token.text[2:])) is not None:
            parts += [query[end : token.start], str(value)]
            end = token.start + len(token.text)
    return "".join([*parts, query[end:]])


def _parameters(query: str) -> Iterator[Token]:
    return (token for token in tokens(query) if token.kind == "variable" and token.text[1] == "_")
