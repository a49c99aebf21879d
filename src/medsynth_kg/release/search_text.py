"""The form in which names are compared: no case, no accents, no punctuation.

The index holds names in this form and queries are brought into it, so that the file needs no tokenizer beyond those
that every SQLite has had since 3.34: the folding of accents came to its trigrams only later.
"""

import re
import unicodedata

_UNDECOMPOSED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)
"""Latin letters that Unicode gives no decomposition."""
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Bring a name into the form of comparisons: words of letters and digits with one space between them.

    >>> fold("Zürich: Text-to-ECG")
    'zurich text to ecg'
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", bare.translate(_UNDECOMPOSED)).strip()


def trigrams(folded: str) -> tuple[str, ...]:
    """The distinct runs of three characters of a folded name, in the order in which they first occur."""
    return tuple(dict.fromkeys(folded[start : start + 3] for start in range(len(folded) - 2)))
