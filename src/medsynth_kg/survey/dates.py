"""The months and years that survey cells hold, in the spellings that people use."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _YEAR,
        rf"{_YEAR}\s*[-/.‐-–]\s*{_MONTH}(?:\s*[-/.‐-–]\s*{_DAY})?",
        rf"{_MONTH}\s*[-/.‐-–]\s*{_YEAR}",
        rf"(?:1[3-9]|2[0-9]|3[01])[-/.]{_MONTH}[-/.]{_YEAR}",
        rf"{_MONTH}[-/.](?:1[3-9]|2[0-9]|3[01])[-/.]{_YEAR}",
        rf"(?:{_DAY}(?:st|nd|rd|th)?\s+)?{_MONTH_NAME}[\s,/-]*{_YEAR}",
        rf"{_MONTH_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"{_YEAR}[\s,/-]*{_MONTH_NAME}",
    )
)


def parse_date(text: str) -> str | None:
    """Read a year or a month into ISO 8601 (``2023``, ``2023-09``); a day is understood and dropped.

    None for everything else, and for a date that could mean two months (``03/04/2023``).

    >>> [parse_date(text) for text in ("2023-09", "Sep 2023", "09/2023", "2023", "soon")]
    ['2023-09', '2023-09', '2023-09', '2023', None]
    """
    text = text.strip().strip("()[]").strip()
    match = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if match is None:
        return None
    parts = match.groupdict()
    month = int(parts["month"]) if parts.get("month") else 0
    if parts.get("name"):
        month = _MONTHS.index(parts["name"][:3].lower()) + 1
    return f"{parts['year']}-{month:02}" if month else parts["year"]


def months_between(earlier: str, later: str) -> int | None:
    """Months from one ISO 8601 month to another; None where one of them is only a year."""
    if len(earlier) < len("2023-09") or len(later) < len("2023-09"):
        return None
    (first_year, first_month), (year, month) = (map(int, date.split("-")[:2]) for date in (earlier, later))
    return (year - first_year) * 12 + month - first_month
