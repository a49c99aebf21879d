"""The SPARQL query that makes a selection: ``selected-papers.rq`` with the conditions of the chosen facets.

In the file each condition is a line that ends in ``IN ()``: the list takes the chosen terms as the graph has them, and
lines of facets in which nothing is chosen fall away. Nothing that a request says gets into the query.
"""

import json
import re
from collections.abc import Iterable

from medsynth_kg.endpoint.endpoint_queries import standalone_query
from medsynth_kg.endpoint.exploring.papers import FACETS, Facet, Papers
from medsynth_kg.endpoint.exploring.selection import Selection

_CONDITION = re.compile(r"\(\?(\w+) IN \(\)\)")
_ORDERS = {
    "newest": "DESC(?date) LCASE(?title) ?paper",
    "oldest": "?date LCASE(?title) ?paper",
    "title": "LCASE(?title) ?paper",
}


def selection_query(text: str, selection: Selection, papers: Papers, base: str) -> str:
    """The query of a selection, whole in itself; ``text`` is the query for all selections."""
    terms = {facet.variable: list(_terms(facet, selection, papers)) for facet in FACETS}
    lines = []
    for line in text.splitlines():
        condition = _CONDITION.search(line)
        if condition is None:
            lines.append(line)
        elif chosen := terms[condition[1]]:
            lines.append(line.replace(condition[0], f"(?{condition[1]} IN ({', '.join(chosen)}))"))
    return standalone_query("\n".join([*lines, f"ORDER BY {_ORDERS[selection.sort]}", ""]), base)


def _terms(facet: Facet, selection: Selection, papers: Papers) -> Iterable[str]:
    for key in sorted(selection.chosen.get(facet.name, ())):
        term = papers.known_values[facet.name][key].term
        # A string in JSON without ASCII's escapes is one in SPARQL too; the store lets no IRI hold what would end it.
        yield f"<{term}>" if facet.path else json.dumps(term, ensure_ascii=False)
