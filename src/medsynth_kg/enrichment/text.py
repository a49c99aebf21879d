"""Titles, names and abstracts as services deliver them, made into plain text on one line."""

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENCODING_LAYERS = 3
"""How often text is decoded at most: Crossref holds titles whose entities were escaped twice."""

_MATHEMATICS = re.compile(r"<(mml:)?math\b[^<>]*>(.*?)</(?:mml:)?math>", re.DOTALL | re.IGNORECASE)
_TEX_ANNOTATION = re.compile(
    r"<((?:mml:)?annotation(?:-xml)?|(?:jats:)?tex-math)\b[^<>]*>.*?</\1>", re.DOTALL | re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PREFIXED_TAG = re.compile(r"</?(?:mml|jats|m|xhtml):[A-Za-z][^<>]*>", re.IGNORECASE)
_HEADING = re.compile(r"<(jats:title|title)\b[^<>]*>\s*abstract\W*</\1>", re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:a|b|bold|em|font|i|italic|inf|monospace|ovl|overline|sc|scp|small|span|strike|strong|sub|sup|tt|u|"
    r"underline)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"</?(?:jats:)?(?:br|break|div|p|sec|list|list-item|title)(?:\s[^<>]*)?/?>", re.IGNORECASE)

_BIDIRECTIONAL_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_CONTROLS_BUT_SPACES = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_SURROGATES = "\ud800-\udfff"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_DROPPED = re.compile(f"[{_BIDIRECTIONAL_CONTROLS}{_INVISIBLE}{_CONTROLS_BUT_SPACES}{_SURROGATES}{_NONCHARACTERS}]")
"""What no text may hold, or shows in no text; white space is for ``str.split`` to find."""


def plain_text(source: str) -> str:
    """Text without markup, entities, line breaks and characters that can't be stored or shown; may be empty.

    Only elements of the vocabularies that publishers deposit (face markup, JATS, MathML) count as markup, so
    that ``p < 0.05`` and ``x<y and z>w`` survive. The result is in Unicode's NFC form.
    """
    text = _without_entities(source)
    text = _HEADING.sub(" ", text)
    text = _MATHEMATICS.sub(_formula, text)
    text = _BLOCK_TAG.sub(" ", text)
    text = _INLINE_TAG.sub("", _PREFIXED_TAG.sub("", text))
    return unicodedata.normalize("NFC", " ".join(_DROPPED.sub("", text).split()))


def _without_entities(text: str) -> str:
    for _ in range(_ENCODING_LAYERS):
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
        if decoded == text:
            break
        text = decoded
    return text


def _formula(mathematics: re.Match[str]) -> str:
    content = _TEX_ANNOTATION.sub("", mathematics.group(2))
    return "".join(_ANY_TAG.sub(" ", content).split())
