"""Where a query is no SPARQL any more, and what to say of it.

The engine's parser names the furthest place at which it tried anything, which is behind the mistake by as much as the
longest keyword that it tried there. But it tells exactly whether the beginning of a query can be gone on with: behind
the beginning stand more blanks than a keyword has letters, and then a character that no query has. A beginning that is
fine fails there; one that is not fails before the end of the blanks. So bisection finds the first token that fits in
nowhere.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Store

from medsynth_kg.query.tokens import Token, position, tokens

LONGEST = 50_000
"""Characters of a query up to which its mistake is looked for."""
_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?:^|, )((?:Duplicated|The|SELECT \*|Invalid|Unable|Too) [^,\[]*)")
"""What the parser says of a query that breaks a rule beside the grammar, among what it expected."""
_KEYWORD = re.compile(r"(?:^|, )([A-Z][A-Z_0-9]+|[a-z]+[A-Z][A-Za-z]*)(?=,|$)")
_GAP = " " * 40
_NO_CHARACTER = "\x01"
_KEYWORD_LENGTHS = range(3, 15)
_JOINED = ("&&", "||", "^^", "!=", "<=", ">=", "<<", ">>")
_CLOSING = {")": "(", "}": "{", "]": "["}
_SHOWN = 40
"""How many characters of a token a message quotes."""


class SyntaxProblem(NamedTuple):
    """What is wrong, in words, and at which line and column, in characters from 1; None where the parser gives none."""

    message: str
    line: int | None
    column: int | None


def explain_syntax_error(query: str, base_iri: str | None, error: SyntaxError) -> SyntaxProblem:
    """What the parser's error about a query means."""
    match = _POSITION.fullmatch(str(error))
    if not match:
        return SyntaxProblem(str(error), None, None)
    line, column, said = int(match[1]), int(match[2]), match[3]
    sentence = _SENTENCE.search(said)
    if len(query) > LONGEST:
        return SyntaxProblem(sentence[1] if sentence else "the query is no SPARQL up to here", line, column)
    parser = _Parser(base_iri)
    found = tuple(tokens(query))
    if token := _first_unfit(query, found, parser):
        return SyntaxProblem(_describe(token, query, found, parser), *position(query, token.start))
    if sentence:
        return SyntaxProblem(sentence[1], *min((line, column), position(query, len(query))))
    return SyntaxProblem(_end_too_early(query, found), *position(query, len(query)))


def _first_unfit(query: str, found: Sequence[Token], parser: "_Parser") -> Token | None:
    """The first token that fits in nowhere, or None; signs that are one only together are not parted."""
    cuts = [index for index, token in enumerate(found) if not query.startswith(_JOINED, token.start)]
    number = bisect_left(cuts, True, key=lambda index: not parser.accepts(query[: _end(found[index])]))
    if number == len(cuts):
        # What might be a string without an end can always be gone on with.
        return found[-1] if found and found[-1].kind == "rest" else None
    last = found[cuts[number]]
    return last if last.kind == "name" or number == 0 else found[cuts[number - 1] + 1]


class _Parser:
    """Asks the engine's parser about beginnings of queries; nothing is ever evaluated."""

    def __init__(self, base_iri: str | None) -> None:
        self._store = Store()
        self._base_iri = base_iri

    def accepts(self, beginning: str) -> bool:
        """Whether some query begins so."""
        text = beginning + _GAP
        match = self._complaint(text + _NO_CHARACTER)
        return match is None or (int(match[1]), int(match[2])) >= position(text, len(text))

    def keywords_after(self, beginning: str) -> set[str]:
        """The keywords that may follow; only those of one length are told at a time."""
        found: set[str] = set()
        for length in _KEYWORD_LENGTHS:
            match = self._complaint(beginning + _GAP + _NO_CHARACTER * length)
            if match:
                found.update(_KEYWORD.findall(match[3]))
        return found

    def _complaint(self, text: str) -> re.Match[str] | None:
        try:
            self._store.query(text, base_iri=self._base_iri)
        except SyntaxError as error:
            return _POSITION.fullmatch(str(error))
        return None


def _describe(token: Token, query: str, found: Sequence[Token], parser: _Parser) -> str:
    shown = token.text if len(token.text) <= _SHOWN else f"{token.text[:_SHOWN]}…"
    if token.kind == "rest":
        return "this string has no end" if token.text[0] in "\"'" else f"“{shown}” is not expected here"
    if token.text.startswith("_:"):
        return f"“{shown}” is not expected here, or stands in another group of patterns too"
    if token.kind == "name" and not _is_declared(token, found):
        return f"the prefix {shown.partition(':')[0]}: is not declared"
    if token.kind == "word":
        keywords = parser.keywords_after(query[: token.start])
        if alike := get_close_matches(token.text.upper(), keywords, 1):
            return f"“{shown}” is not expected here; did you mean {alike[0]}?"
    if token.text == "}":
        return "“}” is not expected here: something is missing before it, or a variable is bound there twice"
    return f"“{shown}” is not expected here"


def _is_declared(name: Token, found: Sequence[Token]) -> bool:
    prefix = name.text.partition(":")[0] + ":"
    return any(
        word.kind == "word" and word.text.upper() == "PREFIX" and (declared.text == prefix or declared is name)
        for word, declared in pairwise(found)
    )


def _end_too_early(query: str, found: Sequence[Token]) -> str:
    opened: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text in _CLOSING.values():
            opened.append(token)
        elif token.kind == "mark" and token.text in _CLOSING and opened:
            opened.pop()
    if not opened:
        return "the query ends too early"
    line, column = position(query, opened[-1].start)
    return f"the query ends too early: “{opened[-1].text}” of line {line}, column {column} is not closed"


def _end(token: Token) -> int:
    return token.start + len(token.text)
