"""Which graphs a query reads, made explicit for stores whose own default graph and further graphs are not ours.

FROM and FROM NAMED are taken out of the text and read, so that the dataset goes beside the query (SPARQL 1.1 Protocol,
section 2.1.4), where it can be held to the graphs of the release: a store may hold others, which are nobody's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, RdfFormat, parse

from medsynth_kg.query.binding import apply_edits
from medsynth_kg.query.errors import EvaluationFailed
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.tokens import Token, tokens

_PROLOGUE = ("BASE", "PREFIX", "VERSION")


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs whose union is the default graph, and the named graphs, as IRIs."""

    default: tuple[str, ...]
    named: tuple[str, ...]

    def within(self, graphs: Iterable[str], nothing: str) -> "Dataset":
        """What of it lies among some graphs; ``nothing``, a graph that does not exist, stands where nothing is left.

        A protocol request without a graph would not say that there is none, but leave it to the store.
        """
        known = frozenset(graphs)
        default, named = (tuple(iri for iri in chosen if iri in known) for chosen in (self.default, self.named))
        return Dataset(default or (nothing,), named or (nothing,))


def requested_dataset(request: QueryRequest) -> Dataset | None:
    """The dataset that a request states beside its query or, failing that, within; None where it states none.

    Raises:
        EvaluationFailed: what follows FROM is not an IRI.
    """
    if request.default_graphs or request.named_graphs:
        return Dataset(request.default_graphs, request.named_graphs)
    found = tuple(tokens(request.query))
    clauses = _clauses(found)
    if not clauses:
        return None
    iris = _resolved(found, [target.text for _, target, _ in clauses], request.base_iri)
    marked = [(iri, is_named) for iri, (_, _, is_named) in zip(iris, clauses, strict=True)]
    return Dataset(
        tuple(iri for iri, is_named in marked if not is_named), tuple(iri for iri, is_named in marked if is_named)
    )


def without_dataset(query: str) -> str:
    """The query without FROM and FROM NAMED."""
    clauses = _clauses(tuple(tokens(query)))
    return apply_edits(query, [(start.start, target.start + len(target.text), "") for start, target, _ in clauses])


def _clauses(found: Sequence[Token]) -> list[tuple[Token, Token, bool]]:
    """Each dataset clause: its first token, the graph, and whether that is a named one."""
    clauses = []
    for index, token in enumerate(found):
        if token.kind == "word" and token.text.upper() == "FROM":
            is_named = index + 1 < len(found) and found[index + 1].text.upper() == "NAMED"
            target = index + (2 if is_named else 1)
            if target < len(found) and found[target].kind in ("iri", "name"):
                clauses.append((token, found[target], is_named))
    return clauses


def _resolved(found: Sequence[Token], names: Sequence[str], base_iri: str | None) -> tuple[str, ...]:
    """IRIs in full, by the query's own prologue, which Turtle reads just so (RDF 1.1 Turtle, section 2.4)."""
    prologue: list[str] = []
    for index, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        if word and word not in _PROLOGUE:
            break
        if word != "VERSION" and (index == 0 or found[index - 1].text.upper() != "VERSION"):
            prologue.append(token.text)
    document = f"{' '.join(prologue)}\n<urn:s> <urn:p> {' , '.join(names)} ."
    try:
        targets = [quad.object for quad in parse(document.encode(), format=RdfFormat.TURTLE, base_iri=base_iri)]
    except (SyntaxError, ValueError) as error:
        raise EvaluationFailed("the graphs that FROM names can't be read as IRIs; write them in full") from error
    return tuple(target.value for target in targets if isinstance(target, NamedNode))
