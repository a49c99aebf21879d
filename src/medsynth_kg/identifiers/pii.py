"""Publisher Item Identifiers, which Elsevier's pages carry in their addresses."""

import re

_PII = re.compile(r"(?:S[0-9]{7}[0-9X][0-9]{7}|B[0-9]{9}[0-9X][0-9]{5})[0-9X]", re.IGNORECASE)


def normalise_pii(text: str) -> str | None:
    """Read a PII, with or without punctuation (``S0022-0736(21)00185-0``), into bare upper case."""
    bare = re.sub(r"[-()\s]", "", text)
    return bare.upper() if _PII.fullmatch(bare) else None
