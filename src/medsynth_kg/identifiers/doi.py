"""Digital Object Identifiers (ISO 26324; DOI Handbook, chapter 2)."""

import re
import string

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s]+")
_LABEL = re.compile(r"(?:(?:urn:)?doi\s*:?\s*|info:doi/)(?=10\.)", re.IGNORECASE)
_IN_PATH = re.compile(r"(?:^|/)(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s]+)")
_PAGE_ENDING = re.compile(
    r"(?:/(?:full|full-text|fulltext|fulltext\.html|pdf|epdf|pdfdirect|html|epub|xml|abstract|abs|meta|summary"
    r"|references|citations|supplementary|metrics|file)|\.(?:full|abstract|pdf|html|short))$",
    re.IGNORECASE,
)
_PREPRINT_VERSION = re.compile(r"(10\.(?:1101|64898)/[0-9.]+)v[0-9]+$")
_LOWER_CASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}


def normalise_doi(text: str) -> str | None:
    """Read a DOI, with or without ``doi:`` before it, into the form that comparisons use: lower case.

    Only ASCII letters compare without case in a DOI, so only they are changed. Punctuation that a sentence
    leaves behind (a final dot or comma, a closing bracket that nothing opened) is not taken for part of the
    DOI.
    """
    text = text.strip()
    label = _LABEL.match(text)
    doi = _without_sentence_end(text[label.end() :] if label else text)
    if not _DOI.fullmatch(doi) or not doi.isprintable() or {".", ".."} & set(doi.split("/")):
        return None
    return doi.translate(_LOWER_CASE)


def find_doi(path: str) -> str | None:
    """Find the DOI in the path of a publisher's page, without what the page adds (``/full``, ``.pdf``).

    ``path`` is percent-decoded. bioRxiv and medRxiv append the version (``v2``), which is not part of the
    DOI.
    """
    match = _IN_PATH.search(path)
    if not match:
        return None
    doi = match[1].rstrip("/")
    while (shorter := _PAGE_ENDING.sub("", doi)) != doi and _DOI.fullmatch(shorter):
        doi = shorter
    return normalise_doi(_PREPRINT_VERSION.sub(r"\1", doi))


def _without_sentence_end(text: str) -> str:
    while text and (text[-1] in ".,;" or _closes_nothing(text)):
        text = text[:-1]
    return text


def _closes_nothing(text: str) -> bool:
    opening = _CLOSING.get(text[-1])
    return opening is not None and text.count(opening) < text.count(text[-1])
