"""Parameters that an address does not take are refused: an answer that left one out would be to another question."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from medsynth_kg.endpoint.errors import MalformedRequest

_TRACKING = "utm_"
"""What parameters begin with that others add to links, and that mean nothing here."""
_LONGEST_SHOWN = 40


def refuse_unknown(names: Iterable[str], known: Sequence[str], address: str) -> None:
    """Check the names of the parameters that an address was given; ``known`` are those that it takes.

    Raises:
        MalformedRequest: it does not take one of them; the message says which it takes, and which may have been meant.
    """
    for name in names:
        if name not in known and not name.startswith(_TRACKING):
            near = get_close_matches(name[:_LONGEST_SHOWN].lower(), known, 1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise MalformedRequest(
                f"{address} has no parameter “{name[:_LONGEST_SHOWN]}”{meant}; it takes {', '.join(known) or 'none'}"
            )
