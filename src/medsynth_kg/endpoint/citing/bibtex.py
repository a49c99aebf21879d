"""Citations as BibTeX, for BibTeX and biblatex in Unicode.

LaTeX's special characters are escaped. Braces become commands, since BibTeX counts even escaped ones. Words whose
capitals matter are put into braces, so that styles which write titles in lower case leave them alone.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from medsynth_kg.endpoint.citing.citation import Author, Citation, distinct_keys

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_TYPES = {
    "journal": ("article", "journal"),
    "proceedings": ("inproceedings", "booktitle"),
    "workshop": ("inproceedings", "booktitle"),
    "book": ("incollection", "booktitle"),
    "preprint-server": ("misc", "howpublished"),
    "dataset": ("misc", "howpublished"),
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNSAFE_IN_VERBATIM = re.compile(r"[{}\\%\s]")


def escape(text: str) -> str:
    """Text as LaTeX writes it; all characters that are not special stay, whatever their script."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def as_bibtex(citations: Iterable[Citation]) -> str:
    """A ``.bib`` file with an entry a citation."""
    return "\n".join(_entry(key, citation) for key, citation in distinct_keys(citations))


def _entry(key: str, citation: Citation) -> str:
    kind, container = _TYPES.get(citation.kind, ("misc", "howpublished"))
    year, month, _ = (*citation.date_parts, "", "", "")[:3]
    fields = {
        "title": _braced(_protected(citation.title)),
        "author": _braced(" and ".join(map(_author, citation.authors))),
        container: _braced(escape(citation.venue)),
        "year": _braced(year),
        "month": _MONTHS[int(month) - 1] if month and 1 <= int(month) <= len(_MONTHS) else "",
        "volume": _braced(escape(citation.volume)),
        "number": _braced(escape(citation.issue)),
        "pages": _braced(escape(re.sub(r"(?<=\w)[-\u2013](?=\w)", "--", citation.pages))),
        "publisher": _braced(escape(citation.publisher)),
        "version": _braced(escape(citation.version)),
        "issn": _braced(", ".join(citation.issns)),
        "doi": "" if _UNSAFE_IN_VERBATIM.search(citation.doi) else _braced(citation.doi),
        "eprint": _braced(citation.arxiv_id),
        "eprinttype": _braced("arxiv" if citation.arxiv_id else ""),
        "note": _braced(escape(citation.retraction)),
        "url": _braced(_UNSAFE_IN_VERBATIM.sub(lambda found: _encoded(found[0]), citation.url)),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _encoded(character: str) -> str:
    # A percent sign in an address is one of an encoding already.
    return "%" if character == "%" else quote(character)


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""


def _author(author: Author) -> str:
    if not author.family:
        return _braced(escape(author.literal))
    return ", ".join(_name_part(part) for part in (author.family, author.given) if part)


def _name_part(name: str) -> str:
    """One part of a name; what BibTeX would take for the end of it is put into braces."""
    escaped = escape(name)
    return _braced(escaped) if "," in name or re.search(r"\band\b", name, re.IGNORECASE) else escaped


def _protected(title: str) -> str:
    words = title.split()
    capitalised = [word[:1].isupper() for word in words[1:] if len(word) > len("with")]
    in_title_case = sum(capitalised) * 2 > len(capitalised)
    return " ".join(_protected_word(word, index == 0 or in_title_case) for index, word in enumerate(words))


def _protected_word(word: str, initial_is_style: bool) -> str:
    """A word in braces where its capitals are its own: any but an initial that the title's style explains."""
    first, letters = True, False
    for character in word:
        if character.isupper() and not (first and initial_is_style):
            letters = True
        if character.isalpha():
            first = False
        elif character in "-\u2010\u2013/:(":
            first = True
    alone = initial_is_style and len(word) == 1 and word.isupper() and word not in "AI"
    return _braced(escape(word)) if letters or alone else escape(word)
