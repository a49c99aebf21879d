"""Tables written in HTML, which are not read: each that seems to hold entries is reported."""

import re
from collections.abc import Iterator

from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.markdown import parse_blocks

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_END = re.compile(r"</table\s*>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_HEADER = re.compile(r"<th\b", re.IGNORECASE)


def report_html_tables(text: str, source: str) -> Iterator[Finding]:
    """A finding for each HTML table with a header, rows and links; tables that only lay out pictures have none."""
    if not _TABLE.search(text):
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for token in parse_blocks(text):
        first, end = token.map or [0, 0]
        if token.type != "html_block" or lines[first].lstrip().startswith("<!--"):
            continue
        for number in range(first, end):
            if _TABLE.search(lines[number]) and _holds_entries(lines[number:]):
                yield _finding(number + 1, source)


def _holds_entries(lines: list[str]) -> bool:
    inside = _END.split(_TABLE.split("\n".join(lines), maxsplit=1)[1], maxsplit=1)[0]
    return bool(_HEADER.search(inside)) and len(_ROW.findall(inside)) > 1 and "://" in inside


def _finding(line: int, source: str) -> Finding:
    return Finding(
        kind="html-table",
        severity=Severity.WARNING,
        message="The table is written in HTML, which is not read; its rows are left out.",
        advice="Write the table in Markdown, with a pipe between its cells.",
        file=source,
        line=line,
    )
