"""Lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
_LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Page ``number`` of ``last``, both from 1."""

    items: Sequence[Item]
    number: int
    last: int


def page_of(items: Sequence[Item], wanted: str | None, size: int) -> Page[Item]:
    """The page that an address asks for, the first where it asks for none, the last where it asks for more."""
    last = max(1, -(-len(items) // size))
    is_number = wanted is not None and wanted.isascii() and wanted.isdecimal() and len(wanted) <= _LONGEST_NUMBER
    number = min(max(int(wanted or "1"), 1), last) if is_number else 1
    return Page(items[(number - 1) * size : number * size], number, last)
