"""The tokens of a SPARQL query (SPARQL 1.1 Query Language, section 19.8, productions [139] to [172]).

The text is a stranger's, so the pattern takes linear time on any text: names and strings are matched possessively, and
where a string can't be read, what follows stays one token.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

TokenKind = Literal["iri", "string", "name", "variable", "language", "number", "word", "mark", "rest"]

NAME_START = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
NAME_START += r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
NAME = rf"{NAME_START}_0-9\-\u00B7\u0300-\u036F\u203F-\u2040"
"""The characters that a name may start with (PN_CHARS_BASE) and may have (PN_CHARS); those of XML's names too."""
_WORD = rf"[{NAME_START}_][{NAME}]*+(?:\.++[{NAME}]++)*+"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL_REST = rf"(?:[{NAME}:]|{_LOCAL_ESCAPE})"
_LOCAL = rf"(?:[{NAME_START}_:0-9]|{_LOCAL_ESCAPE}){_LOCAL_REST}*+(?:\.++{_LOCAL_REST}++)*+"
_STRING_ESCAPE = (
    r"\\(?:[tbnrf\\\"']|u(?![dD][89abAB])[0-9A-Fa-f]{4}|U(?:0000(?![dD][89abAB])|000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{4})"
)
_TOKEN = re.compile(
    rf"""
      (?P<skipped> [\x20\t\r\n]++ | \#[^\r\n]*+ )
    | (?P<iri> <[^<>"{{}}|^`\\\x00-\x20]*+> )
    | (?P<string> '''(?:[^'\\]|{_STRING_ESCAPE}|'(?!''))*+''' | \"\"\"(?:[^"\\]|{_STRING_ESCAPE}|"(?!""))*+\"\"\"
                | '(?:[^'\\\r\n]|{_STRING_ESCAPE})*+' | "(?:[^"\\\r\n]|{_STRING_ESCAPE})*+" )
    | (?P<name> _:[{NAME_START}_0-9][{NAME}]*+(?:\.++[{NAME}]++)*+ | (?:{_WORD})?+:(?:{_LOCAL})?+ )
    | (?P<variable> [?$][{NAME_START}_0-9][{NAME}]*+ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<number> (?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+ )
    | (?P<word> {_WORD} )
    | (?P<rest> ['"\\] )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
"""What an IRI begins with that can't be anything else."""
_DOTS = re.compile(r"(\.+)")
_EMPTY_STRINGS = ("''", '""')
_MOST_UNCLOSED = 8
"""How many long strings without an end are looked past; each costs a walk to the end of the text."""


class Token(NamedTuple):
    """A token of a query: its kind, its text and where it starts."""

    kind: TokenKind
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments; what belongs to no production is a mark.

    From a quote that opens no string, or a backslash outside of one, everything to the end is one token, ``rest``.
    """
    unclosed = 0
    for match in _TOKEN.finditer(query):
        kind, text, start = match.lastgroup, match.group(), match.start()
        if text in _EMPTY_STRINGS and query.startswith(text[0], match.end()):
            unclosed += 1
        if kind == "rest" or unclosed > _MOST_UNCLOSED:
            yield Token("rest", query[start:], start)
            return
        if kind == "word" and "." in text:
            yield from _words(text, start)
        elif kind != "skipped":
            yield Token(kind, text, start)  # type: ignore[arg-type]  # the pattern's groups are the token kinds


def _words(text: str, start: int) -> Iterator[Token]:
    """Words with full stops between them, which only a prefix may have within: ``true.FILTER`` is three tokens."""
    for part in _DOTS.split(text):
        yield Token("mark" if part.startswith(".") else "word", part, start)
        start += len(part)


def may_be_a_comparison(token: Token) -> bool:
    """Whether an IRI may also be read as less-than and greater-than, as in ``?a<NOW()&&?b>1``.

    The grammar's longest match is an IRI (section 19.8); the engine reads what makes sense.
    """
    return token.kind == "iri" and not ABSOLUTE.match(token.text)


def position(query: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, in characters, counted from 1 as the engine's parser counts them."""
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
