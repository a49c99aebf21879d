"""International Standard Serial Numbers (ISO 3297)."""

import re

_ISSN = re.compile(
    r"(?:(?:https?://portal\.issn\.org/resource/issn/|e?-?issn)\s*:?\s*)?([0-9]{4}-?[0-9]{3}[0-9X])",
    re.IGNORECASE,
)


def normalise_issn(text: str) -> str | None:
    """Read an ISSN into the form 1424-8220; None where the check digit is wrong."""
    match = _ISSN.fullmatch(text.strip())
    if not match:
        return None
    digits = match[1].replace("-", "").upper()
    if digits[-1] != check_digit(digits[:-1]):
        return None
    return f"{digits[:4]}-{digits[4:]}"


def check_digit(digits: str) -> str:
    """The last digit of the ISSN that starts with these seven (ISO 3297: weights 8 to 2, modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    remainder = -total % 11
    return "X" if remainder == 10 else str(remainder)
