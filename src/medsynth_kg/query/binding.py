"""Giving variables of a query their values in its text, for stores that take no bindings beside it.

The SPARQL 1.1 Protocol has no parameter for them. In patterns and templates a variable's place is taken by its term;
where only a variable may stand (what SELECT projects, what a query is grouped and ordered by), it keeps its name and
gets its value from VALUES in the group that belongs to the SELECT. Only whole tokens change, and terms are written by
pyoxigraph, so no value can change what the query is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from medsynth_kg.query.errors import EvaluationFailed
from medsynth_kg.query.terms import NotATerm, read_term
from medsynth_kg.query.tokens import Token, tokens

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(slots=True)
class _Braces:
    """What stands between a pair of braces, or all of the query; ``start`` is the offset after the opening one.

    ``is_select`` where it is a SELECT with its clause and modifiers, whose variables keep their names; ``needs_values``
    where VALUES has to give them their values.
    """

    start: int
    is_select: bool
    keeps_names: bool
    needs_values: bool = False


def bind_terms(query: str, substitutions: Mapping[str, str]) -> str:
    """The query with variables bound to terms, given in N-Triples syntax by the variables' names.

    Raises:
        EvaluationFailed: a value is not an IRI or a literal, or the query itself computes the variable.
    """
    if not substitutions:
        return query
    terms = {name: _written(name, text) for name, text in sorted(substitutions.items())}
    return apply_edits(query, _Walk(tuple(tokens(query)), terms).edits())


def apply_edits(query: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The query with spans, given by start and end, replaced by texts; the spans do not overlap."""
    parts, done = [], 0
    for start, end, text in sorted(edits):
        parts += [query[done:start], text]
        done = end
    return "".join([*parts, query[done:]])


def _written(name: str, text: str) -> str:
    try:
        term = read_term(text)
    except NotATerm as error:
        raise EvaluationFailed(f"the value of {name} is not a term in N-Triples syntax") from error
    if not isinstance(term, (NamedNode, Literal)):
        raise EvaluationFailed(f"the value of {name} is neither an IRI nor a literal")
    return str(term)


class _Walk:
    """One walk over a query's tokens, brace by brace."""

    def __init__(self, found: Sequence[Token], terms: Mapping[str, str]) -> None:
        self._found = found
        self._terms = terms
        self._edits: list[tuple[int, int, str]] = []
        self._in_values = False

    def edits(self) -> list[tuple[int, int, str]]:
        """What has to change."""
        form = next((self._word(index) for index in range(len(self._found)) if self._word(index) in _FORMS), "")
        stack = [_Braces(0, is_select=form == "SELECT", keeps_names=form == "SELECT")]
        for index, token in enumerate(self._found):
            if token.kind == "mark" and token.text == "{":
                stack.append(self._open(index, stack[-1]))
            elif token.kind == "mark" and token.text == "}" and len(stack) > 1:
                self._close(stack.pop())
                if len(stack) == 1:
                    stack[0].keeps_names = True
            elif self._word(index) == "VALUES":
                self._in_values = True
            elif token.kind == "variable" and token.text[1:] in self._terms:
                self._replace(index, stack[-1])
        return self._edits

    def _word(self, index: int) -> str:
        inside = 0 <= index < len(self._found)
        return self._found[index].text.upper() if inside and self._found[index].kind == "word" else ""

    def _open(self, index: int, parent: _Braces) -> _Braces:
        start = self._found[index].start + 1
        if self._in_values:
            self._in_values = False
            return _Braces(start, is_select=False, keeps_names=True)
        is_select = self._word(index + 1) == "SELECT"
        opened = _Braces(start, is_select=is_select, keeps_names=is_select)
        subtracts = self._word(index - 1) == "MINUS"
        opened.needs_values = not is_select and (parent.is_select or subtracts)
        # MINUS takes away only solutions that share a variable, so the group around it must know the variable too.
        parent.needs_values = parent.needs_values or subtracts
        return opened

    def _close(self, braces: _Braces) -> None:
        if braces.needs_values:
            names = " ".join(f"?{name}" for name in self._terms)
            self._edits.append(
                (braces.start, braces.start, f" VALUES ({names}) {{ ({' '.join(self._terms.values())}) }} ")
            )

    def _replace(self, index: int, braces: _Braces) -> None:
        token = self._found[index]
        name = token.text[1:]
        if self._word(index - 1) == "AS":
            raise EvaluationFailed(f"?{name} can't be given a value, since the query computes it")
        if braces.keeps_names or self._in_values:
            return
        if self._word(index - 2) == "BOUND" and index + 1 < len(self._found):
            first, last = self._found[index - 2], self._found[index + 1]
            self._edits.append((first.start, last.start + 1, "true"))
        else:
            self._edits.append((token.start, token.start + len(token.text), self._terms[name]))
