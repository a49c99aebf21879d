"""Identifiers of arXiv (info.arxiv.org/help/arxiv_identifier.html)."""

import re

DOI_PREFIX = "10.48550/arxiv."
"""What the DOIs begin with, in lower case, that arXiv registers for its papers with DataCite."""

_NEW = re.compile(r"([0-9]{2})(0[1-9]|1[0-2])\.[0-9]{4,5}")
_OLD = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:\.[A-Za-z]{2})?/(([0-9]{2})(0[1-9]|1[0-2])[0-9]{3})")
_LABEL = re.compile(r"arxiv(?:\s*:\s*|\s+)", re.IGNORECASE)
_ENDING = re.compile(r"(?:v[0-9]+)?(?:\.pdf)?/?$", re.IGNORECASE)


def normalise_arxiv_id(text: str) -> str | None:
    """Read an arXiv id, with or without ``arXiv:``, version or ``.pdf``, into its bare form.

    >>> normalise_arxiv_id("arXiv:2301.06574v1")
    '2301.06574'
    >>> normalise_arxiv_id("math.GT/0309136v2.pdf")
    'math/0309136'
    """
    text = _ENDING.sub("", _LABEL.sub("", text.strip(), count=1), count=1)
    if _NEW.fullmatch(text):
        return text
    old = _OLD.fullmatch(text)
    return f"{old[1]}/{old[2]}" if old else None


def arxiv_month(arxiv_id: str) -> str | None:
    """The month in which a bare arXiv id was given out, as ISO 8601 (``2021-03``)."""
    match = _NEW.fullmatch(arxiv_id)
    if match:
        return f"20{match[1]}-{match[2]}"
    old = _OLD.fullmatch(arxiv_id)
    if not old:
        return None
    century = "19" if int(old[3]) >= 91 else "20"
    return f"{century}{old[3]}-{old[4]}"
