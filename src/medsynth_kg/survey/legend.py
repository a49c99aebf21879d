"""The survey's legend of evaluation letters, and the letters and words used without being in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from medsynth_kg.survey.cells import is_empty
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.links import cell_text
from medsynth_kg.survey.mapping import Mapping, plain_words
from medsynth_kg.survey.markdown import parse_blocks

_ENTRY = re.compile(
    r"(?P<name>[^()\n:]{3,60}?)\s*\((?P<letter>[A-Z]{1,2})\)|(?P<first>[A-Z])\s*[:=–-]\s*(?P<rest>\w[^\n:]{2,60})"
)
_SEPARATOR = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*")
_METRICS = re.compile(r"\([^()]*\)")


def read_legend(text: str, mapping: Mapping) -> dict[str, str] | None:
    """Letter and name of each evaluation category that the README explains in a list; None without such a section."""
    legend: dict[str, str] | None = None
    inside = False
    names = [plain_words(name) for name in mapping.legend.headings]
    for before, token in pairwise(parse_blocks(text)):
        if before.type == "heading_open":
            inside = any(f" {name} " in f" {plain_words(token.content)} " for name in names)
        elif token.type == "inline" and inside:
            legend = legend or {}
            if match := _ENTRY.match(cell_text(token.content)):
                legend[match["letter"] or match["first"]] = (match["name"] or match["rest"]).strip()
    return legend


def check_legend(
    entries: Iterable[SurveyEntry], legend: dict[str, str] | None, mapping: Mapping, source: str
) -> Iterator[Finding]:
    """Report each letter or word that evaluation cells use and the legend doesn't explain, once, with its uses."""
    if not mapping.legend.headings:
        return
    if not legend:
        yield Finding(
            kind="no-legend",
            severity=Severity.NOTICE,
            message="The survey has no list that explains its evaluation letters.",
            advice="Add a list such as “Fidelity (F)”, or name its heading in the mapping file.",
            file=source,
            column="evaluation",
        )
        return
    known = {name.casefold() for item in legend.items() for name in item}
    for piece, count in _uses(entries):
        if piece.casefold() not in known:
            yield Finding(
                kind="evaluation-not-in-legend",
                severity=Severity.WARNING,
                message=f"“{piece}” stands in the evaluation of {count} {'row' if count == 1 else 'rows'}, "
                "but the survey's legend doesn't explain it.",
                advice="Explain it in the legend, or correct the cells.",
                file=source,
                column="evaluation",
                value=piece,
            )


def _uses(entries: Iterable[SurveyEntry]) -> list[tuple[str, int]]:
    """The pieces of evaluation cells as they are mostly spelt, whatever their case, and how many rows have them."""
    rows: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for entry in entries:
        pieces = sorted(set(_pieces(entry.row.evaluation)))
        rows.update({piece.casefold() for piece in pieces})
        for piece in pieces:
            spellings.setdefault(piece.casefold(), Counter())[piece] += 1
    return sorted((spellings[piece].most_common(1)[0][0], count) for piece, count in rows.items())


def _pieces(cell: str) -> list[str]:
    text = _METRICS.sub(" ", cell_text(cell))
    pieces = (" ".join(piece.split()).strip(".:") for piece in _SEPARATOR.split(text))
    return [piece for piece in pieces if not is_empty(piece)]
