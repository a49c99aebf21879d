"""Values that a build writes into saved queries.

The engine sends what stands in a SERVICE block to the other service as it is, without the solutions found here, so that
a query for a few papers would ask for everything. Identifiers of the graph are therefore written into the block, as
inline data (SPARQL 1.1 Query Language, section 10.2; SPARQL 1.1 Federated Query, section 2.4).
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from pyoxigraph import QuerySolutions, Store, Variable

from medsynth_kg.query.errors import SavedQueryUnreadable
from medsynth_kg.query.saved import SavedQuery, parse_saved_query
from medsynth_kg.query.tokens import tokens


def fill_values(query: SavedQuery, store: Store, prefixes: Mapping[str, str]) -> SavedQuery:
    """The query with the solutions of its ``values`` over ``store`` in the data blocks of these variables.

    Raises:
        SavedQueryUnreadable: a variable has no empty block, or its query is none or selects something else.
    """
    if not query.values:
        return query
    path = Path(f"queries/{query.slug}.rq")
    found = {name: _solutions(path, name, text, store, prefixes) for name, text in query.values.items()}
    parts, end = [], 0
    unfilled = set(found)
    for name, opened, closed in _empty_blocks(query.source):
        if name in found:
            parts += [query.source[end:opened], found[name]]
            end = closed
            unfilled.discard(name)
    if unfilled:
        raise SavedQueryUnreadable(
            f"{path}: its header has values for {min(unfilled)}, but it has no VALUES ?{min(unfilled)} {{ }}"
        )
    return parse_saved_query(path, "".join([*parts, query.source[end:]]))


def _solutions(path: Path, name: str, text: str, store: Store, prefixes: Mapping[str, str]) -> str:
    try:
        solutions = store.query(text, prefixes=dict(prefixes), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise SavedQueryUnreadable(f"{path}: values of {name}: {error}") from error
    if not isinstance(solutions, QuerySolutions) or solutions.variables != [Variable(name)]:
        raise SavedQueryUnreadable(f"{path}: values of {name}: write a SELECT of ?{name} alone")
    terms = sorted({str(solution[0]) for solution in solutions if solution[0] is not None})
    return "".join(f"\n      {term}" for term in terms) + "\n    "


def _empty_blocks(query: str) -> Iterator[tuple[str, int, int]]:
    """The variable of each ``VALUES ?variable { }``, and the offsets between its brackets."""
    found = list(tokens(query))
    for values, variable, opening, closing in zip(
        *(islice(found, skipped, None) for skipped in range(4)), strict=False
    ):
        if values.text.upper() == "VALUES" and variable.kind == "variable" and opening.text + closing.text == "{}":
            yield variable.text[1:], opening.start + 1, closing.start
