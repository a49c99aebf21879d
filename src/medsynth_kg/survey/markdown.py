"""The tables of a Markdown document (GitHub Flavored Markdown, section 4.10), each with the headings it stands under.

Only block structure is parsed here: cells stay Markdown source. Tables that their authors broke (a blank line
between rows, a delimiter row with too few columns, an indentation that makes them code) are read too, and say
so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from medsynth_kg.survey.cells import clean_cell
from medsynth_kg.survey.stray_tables import StrayTable, find_stray_table, has_link

_parser = MarkdownIt("zero", {"html": True}).enable(
    ["table", "heading", "lheading", "fence", "code", "html_block", "list", "blockquote", "hr", "reference"]
)
_parser.core.ruler.disable(["inline", "text_join"])

_QUOTE_OR_LIST = re.compile(r"^\s*(?:>\s?|[-*+]\s+(?=\|))*")
_BOLD_ONLY = re.compile(r"(\*\*|__)[^*_\n]+\1:?|(?:table|tab\.)\s*[0-9]+[:.][^\n|]{1,200}", re.IGNORECASE)
_HTML_HEADING = re.compile(r"<(h[1-6]|summary|caption)\b[^<>]*>([^<>]+)</\1>", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<!\])\[([^\[\]]*)\](?:\[([^\[\]]*)\])?(?![(\[:])")
_CAPTION_LEVEL = 7
_READ_AS = {"code_block": "it is indented like code", "html_block": "no empty line separates it from the HTML above"}


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its line in the document (from 1), its cells, and how many of them the header has no column for."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it stands: ``headings`` from the nearest outwards, ``line`` of the header, names and rows.

    ``repair`` says what was wrong with the table's Markdown; ``notes`` are lines inside it that are no rows.
    ``continues`` means that its rows belong to the table before, whose header it repeats.
    """

    headings: tuple[str, ...]
    line: int
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    repair: str | None = None
    notes: tuple[RawRow, ...] = ()
    continues: bool = False


@dataclass(slots=True)
class _Place:
    """Where in the document the walk is: the open headings by level, the last table under them, the last header."""

    headings: dict[int, str] = field(default_factory=dict)
    last: RawTable | None = None
    latest_header: tuple[str, ...] = ()

    def enter(self, level: int, text: str) -> None:
        self.headings = {known: name for known, name in self.headings.items() if known < level} | {level: text}
        self.last = None

    def names(self) -> tuple[str, ...]:
        return tuple(self.headings[level] for level in sorted(self.headings, reverse=True))


def read_tables(text: str) -> tuple[RawTable, ...]:
    """Find all tables, in order; reference links in their cells are written out as inline links."""
    environment: dict[str, object] = {}
    tokens = _parser.parse(text, environment)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    references = environment.get("references")
    links = {name: item["href"] for name, item in references.items()} if isinstance(references, dict) else {}
    return tuple(_with_links(table, links) for table in _walk(tokens, lines))


def parse_blocks(text: str) -> list[Token]:
    """The block structure of a document; inline tokens carry their source in ``content``."""
    return _parser.parse(text)


def _walk(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[RawTable]:
    place = _Place()
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            place.enter(int(token.tag[1]), clean_cell(tokens[position + 1].content)[0])
        elif token.type == "table_open" and token.map:
            table = _read_table(tokens, position, lines, place)
            place.last, place.latest_header = table, table.header
            yield table
        elif token.type in ("paragraph_open", "code_block", "html_block") and token.map:
            yield from _read_other_block(token, lines, place)


def _read_table(tokens: Sequence[Token], position: int, lines: Sequence[str], place: _Place) -> RawTable:
    start = tokens[position].map or [0, 0]
    header, rows, repair = _header(start[0], lines, place)
    width = len(header)
    notes: list[RawRow] = []
    for token in tokens[position + 1 :]:
        if token.type == "table_close":
            break
        if token.type == "tr_open" and token.map and token.map[0] > start[0]:
            source = lines[token.map[0]]
            is_note = width > 1 and len(_cells(source)) == 1 and "|" not in source
            (notes if is_note else rows).append(RawRow(token.map[0] + 1, _cells(source)))
    return RawTable(place.names(), start[0] + 1, header, tuple(rows), repair, tuple(notes))


def _header(line: int, lines: Sequence[str], place: _Place) -> tuple[tuple[str, ...], list[RawRow], str | None]:
    """The names above a table's delimiter row; a row with links that strayed there is a row."""
    cells = _cells(lines[line])
    if not has_link(lines[line]):
        return cells, [], None
    above = lines[line - 1] if line else ""
    header = _cells(above) if "|" in above else tuple("" for _ in cells)
    if "|" not in above and place.last:
        header = place.last.header
    return header, [RawRow(line + 1, cells)], "one of its rows stands above the delimiter row"


def _read_other_block(token: Token, lines: Sequence[str], place: _Place) -> Iterator[RawTable]:
    first, end = token.map or [0, 0]
    source = "\n".join(lines[first:end])
    if token.type == "html_block" and source.lstrip().startswith("<!--"):
        return
    if token.type == "paragraph_open" and _BOLD_ONLY.fullmatch(source.strip()):
        place.enter(_CAPTION_LEVEL, clean_cell(source)[0])
    for tag, name in _HTML_HEADING.findall(source) if token.type == "html_block" else ():
        level = int(tag[1]) if tag[1:].isdigit() else _CAPTION_LEVEL
        place.enter(level, clean_cell(name)[0])
    numbered = [(number + 1, _QUOTE_OR_LIST.sub("", lines[number])) for number in range(first, end)]
    stray = find_stray_table(numbered, place.last.header if place.last else None)
    if stray:
        table = _from_stray(stray, token.type, place)
        place.last, place.latest_header = table, table.header
        yield table


def _from_stray(stray: StrayTable, block: str, place: _Place) -> RawTable:
    rows = tuple(RawRow(line, _cells(source)) for line, source in stray.rows)
    header = _cells(stray.header) if isinstance(stray.header, str) else stray.header
    continues = header is stray.header and bool(header)
    if not header:
        width = max(len(row.cells) for row in rows)
        header = place.latest_header if len(place.latest_header) == width else ("",) * width
    return RawTable(place.names(), stray.line, header, rows, _READ_AS.get(block, stray.repair), (), continues)


def split_cells(line: str) -> list[str]:
    r"""Split a table's line at the pipes that no backslash escapes; ``\|`` becomes a pipe in the cell."""
    line = line.strip().removeprefix("|")
    cells, cell, escaped = [], "", False
    for character in line:
        if character == "|" and not escaped:
            cells.append(cell)
            cell = ""
        elif character == "|":
            cell = cell[:-1] + "|"
        else:
            cell += character
        escaped = character == "\\"
    return [*cells, cell] if cell.strip() or not cells else cells


def _cells(line: str) -> tuple[str, ...]:
    return tuple(split_cells(_QUOTE_OR_LIST.sub("", line)))


def _with_links(table: RawTable, links: dict[str, str]) -> RawTable:
    if not links:
        return table
    rows = tuple(RawRow(row.line, tuple(_resolve(cell, links) for cell in row.cells)) for row in table.rows)
    return RawTable(table.headings, table.line, table.header, rows, table.repair, table.notes, table.continues)


def _resolve(cell: str, links: dict[str, str]) -> str:
    def inline(match: re.Match[str]) -> str:
        name = " ".join((match[2] or match[1]).split()).upper()
        return f"[{match[1]}]({links[name]})" if name in links else match[0]

    return _REFERENCE.sub(inline, cell)
