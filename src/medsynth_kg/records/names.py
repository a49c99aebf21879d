"""Names and titles made comparable: case, accents and punctuation don't tell two spellings apart."""

import re
import unicodedata
from functools import lru_cache

from medsynth_kg.records.metadata import Author

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=2**16)
def normalised_text(text: str) -> str:
    """Text as its words of letters and digits, in lower case without accents, a space between them."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    unmarked = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", unmarked.translate(_LETTERS_WITHOUT_DECOMPOSITION)))


def full_name(author: Author) -> str:
    """The name as a reader expects it: given name first, or the unsplit name; empty where there is none."""
    return author.name or " ".join(filter(None, (author.given, author.family)))


def names_agree(one: Author, other: Author) -> bool:
    """Whether two names can be one person's: same family name, given names equal as far as both go.

    An initial agrees with a name that it begins; a middle name that only one side has is no contradiction.
    """
    if normalised_text(full_name(one)) == normalised_text(full_name(other)) != "":
        return True
    (family, given), (other_family, other_given) = _parts(one), _parts(other)
    if not (given and other_given) or family != other_family:
        return False
    return all(_given_names_agree(*pair) for pair in zip(given, other_given, strict=False))


def _given_names_agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _parts(author: Author) -> tuple[str, list[str]]:
    if author.family:
        return normalised_text(author.family), normalised_text(author.given or "").split()
    *given, family = normalised_text(author.name or "").split() or [""]
    return family, given
