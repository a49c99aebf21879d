"""The Markdown of one cell, read into its text and its links."""

import re
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict

from medsynth_kg.survey.cells import LONGEST_CELL

_MARKUP = re.compile(r"[\[\]*_`<&\\~]|://|www\.")
_BARE_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/[^\s\"\]|]+|(?:https?://|www\.)[^\s<>\"\]|]+", re.IGNORECASE)
"""An address as people paste it; one of a DOI may have ``<`` and ``>``, which no other address has."""
_HTML_LINK = re.compile(r"<a\s[^<>]*?\bhref\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)

_parser = MarkdownIt("commonmark").enable("strikethrough")


class Link(BaseModel):
    """A link as the cell has it; ``text`` is empty for a bare address."""

    model_config = ConfigDict(frozen=True)

    text: str
    address: str


class Cell(BaseModel):
    """What a reader sees of a cell, white space normalised, and the links in it, in order."""

    model_config = ConfigDict(frozen=True)

    text: str
    links: tuple[Link, ...] = ()


def read_cell(markdown: str) -> Cell:
    """Read a cell's Markdown (CommonMark inline syntax, bare addresses and HTML links as well).

    Characters after the first ``LONGEST_CELL`` are not looked at.
    """
    markdown = markdown[:LONGEST_CELL]
    if not _MARKUP.search(markdown):
        return Cell(text=" ".join(markdown.split()))
    tokens = _parser.parseInline(markdown)[0].children or []
    texts: list[str] = []
    links: list[Link] = []
    open_links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            open_links.append((str(token.attrs["href"]), len(texts)))
        elif token.type == "link_close" and open_links:
            address, start = open_links.pop()
            links.append(Link(text=_joined(texts[start:]), address=address))
        else:
            texts.append(_visible(token))
            if not open_links:
                links.extend(Link(text="", address=address) for address in _addresses(token))
    return Cell(text=_joined(texts), links=tuple(links))


def cell_text(markdown: str) -> str:
    """What a reader sees of a cell: no markup, no addresses behind links, white space normalised."""
    return read_cell(markdown).text


def _joined(texts: list[str]) -> str:
    return " ".join("".join(texts).split())


def _visible(token: Token) -> str:
    if token.type == "html_inline":
        return ", " if _LINE_BREAK.fullmatch(token.content) else ""
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content


def _addresses(token: Token) -> list[str]:
    if token.type == "html_inline":
        return [unescape(address) for address in _HTML_LINK.findall(token.content)]
    if token.type not in ("text", "code_inline"):
        return []
    return [_without_sentence_end(match[0]) for match in _BARE_ADDRESS.finditer(token.content)]


def _without_sentence_end(address: str) -> str:
    address = address.rstrip(".,;'*")
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;'*")
    return address
