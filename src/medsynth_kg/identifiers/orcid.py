"""ORCID iDs (support.orcid.org, "Structure of the ORCID Identifier")."""

import re

_ORCID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/|orcid\s*:\s*)?([0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9X])/?",
    re.IGNORECASE,
)


def normalise_orcid(text: str) -> str | None:
    """Read an ORCID iD, bare or as an address, as 0000-0002-1825-0097; None where the check fails."""
    match = _ORCID.fullmatch(text.strip())
    if not match:
        return None
    digits = match[1].replace("-", "").upper()
    if digits[-1] != check_character(digits[:-1]):
        return None
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def check_character(digits: str) -> str:
    """The character that makes ``digits`` an ORCID iD (ISO/IEC 7064, MOD 11-2)."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)
