"""The text of one cell, cleaned of what nobody can see."""

import re
import unicodedata

LONGEST_CELL = 2_000
"""Characters that a cell may have; longer ones are cut and reported, so that no cell can slow the rest down."""

_EMPTY = re.compile(r"[-–—.?/\s]*|n\.?\s?/?a\.?|none|no|null|nan|not available|unavailable", re.IGNORECASE)
_KEPT_CONTROLS = frozenset("\t\n\r\u200c\u200d")


def clean_cell(text: str) -> tuple[str, bool]:
    """Trim a cell and answer whether invisible characters had to be taken out.

    White space of any kind, no-break spaces too, becomes single spaces; letters are composed (Unicode NFC).
    Control characters, direction marks, lone surrogates and non-characters are taken out: RDF/XML can't carry
    some of them, and the others make a text read differently from what it is.
    """
    visible = "".join(filter(_is_visible, text))
    cleaned = " ".join(unicodedata.normalize("NFC", visible).split())
    return cleaned, visible != text.replace("\ufeff", "").replace("\u200b", "").replace("\u00ad", "")


def is_empty(text: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, a dash, ``N/A``, ``none``."""
    return _EMPTY.fullmatch(text.strip()) is not None


def _is_visible(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
