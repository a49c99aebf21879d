"""What a survey cell names: its pieces matched against a vocabulary.

The whole cell is tried first, then ever smaller pieces; a piece is split further only where the vocabulary knows
every part, so that ``AE/VAE-DC`` stays one name and ``Bi-LSTM and CNN`` becomes two.
"""

import re
from dataclasses import dataclass, field

from medsynth_kg.graph.vocabulary import ConceptScheme, Label

_SMALL_SEPARATOR = re.compile(r"\s*[/+&]\s*|\s+and\s+", re.IGNORECASE)
_PARENTHESISED = re.compile(r"^(?P<outside>[^()]*)\((?P<inside>[^()]*)\)\s*$")
_BASIS = re.compile(r"^(?P<basis>[^:]+?)[\s-]based\s*:\s*(?P<name>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The labels that a cell's pieces match, the pieces that match none, and the bases it gives.

    ``bases`` are the words before ``-based:`` (``LSTM`` in ``LSTM-based:TS-GAN``), in the cell's own spelling.
    """

    labels: tuple[Label, ...] = ()
    unknown: tuple[str, ...] = ()
    bases: tuple[str, ...] = field(default=())

    def __add__(self, other: "Recognition") -> "Recognition":
        return Recognition(
            tuple(dict.fromkeys(self.labels + other.labels)),
            tuple(dict.fromkeys(self.unknown + other.unknown)),
            tuple(dict.fromkeys(self.bases + other.bases)),
        )


def recognise(cell: str, scheme: ConceptScheme) -> Recognition:
    """Match a cell's text against a scheme; an empty cell names nothing."""
    text = " ".join(cell.split())
    if not text:
        return Recognition()
    if label := scheme.find(text):
        return Recognition((label,))
    recognition = Recognition()
    for piece in split_outside_parentheses(text):
        recognition += _recognise_piece(piece, scheme)
    return recognition


def split_outside_parentheses(text: str) -> tuple[str, ...]:
    """The pieces between commas and semicolons that stand outside parentheses, trimmed, empty ones left out."""
    pieces, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")" and depth > 0)
        if character in ",;" and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _recognise_piece(piece: str, scheme: ConceptScheme) -> Recognition:
    if label := scheme.find(piece):
        return Recognition((label,))
    if basis := _BASIS.match(piece):
        return Recognition(bases=(basis["basis"],)) + recognise(basis["name"], scheme)
    for parts in (_around_parentheses(piece), _around_colon(piece), _around_small_separators(piece)):
        known = [scheme.find(part) for part in parts]
        if parts and all(known):
            return Recognition(tuple(label for label in known if label))
    return _recognise_in_part(piece, scheme)


def _recognise_in_part(piece: str, scheme: ConceptScheme) -> Recognition:
    if parenthesised := _PARENTHESISED.match(piece):
        outside, inside = (scheme.find(parenthesised[name]) for name in ("outside", "inside"))
        if outside and not inside:
            return Recognition((outside,)) + _members(parenthesised["inside"], scheme)
        if inside:
            return Recognition((inside,))
    if ":" in piece:
        name, _, components = piece.partition(":")
        return recognise(name, scheme) + recognise(components, scheme)
    parts = _around_small_separators(piece)
    known = [label for part in parts if (label := scheme.find(part))]
    if known:
        return Recognition(tuple(known), tuple(part for part in parts if not scheme.find(part)))
    return Recognition(unknown=(piece,))


def _members(inside: str, scheme: ConceptScheme) -> Recognition:
    recognition = Recognition()
    for part in split_outside_parentheses(inside):
        recognition += _recognise_piece(part, scheme)
    return recognition


def _around_parentheses(piece: str) -> tuple[str, ...]:
    match = _PARENTHESISED.match(piece)
    return (match["outside"], match["inside"]) if match else ()


def _around_colon(piece: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in piece.split(":")) if ":" in piece else ()


def _around_small_separators(piece: str) -> tuple[str, ...]:
    parts = tuple(part for part in _SMALL_SEPARATOR.split(piece) if part)
    return parts if len(parts) > 1 else ()
