"""The tokens of a SPARQL query (SPARQL 1.1 Query Language, section 19.8, productions [139] to [172])."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["iri", "string", "name", "variable", "language", "number", "word", "mark"]

_NAME_START = r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
_NAME_START += r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_NAME = rf"{_NAME_START}_0-9\-\u00B7\u0300-\u036F\u203F-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_TOKEN = re.compile(
    rf"""
      (?P<skipped> [\x20\t\r\n]+ | \#[^\r\n]* )
    | (?P<iri> <[^<>"{{}}|^`\\\x00-\x20]*> )
    | (?P<string> '''(?:[^'\\]|\\.|'(?!''))*''' | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
                | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*" )
    | (?P<name> (?:[{_NAME_START}](?:[{_NAME}.]*[{_NAME}])?)? :
                (?:(?:[{_NAME_START}_:0-9]|{_ESCAPED}) (?:(?:[{_NAME}.:]|{_ESCAPED})*(?:[{_NAME}:]|{_ESCAPED}))?)?
              | _:[{_NAME_START}_0-9](?:[{_NAME}.]*[{_NAME}])? )
    | (?P<variable> [?$][{_NAME_START}_0-9][{_NAME}]* )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<number> (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    | (?P<word> [A-Za-z_][A-Za-z_0-9]* )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query: its kind and its text."""

    kind: TokenKind
    text: str


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments; what belongs to no production is a mark."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup
        if kind != "skipped":
            yield Token(kind, match.group())  # type: ignore[arg-type]  # the pattern's groups are the token kinds
