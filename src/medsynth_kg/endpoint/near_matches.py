"""What somebody may have meant who asks for an IRI that the graph does not know."""

from difflib import get_close_matches
from urllib.parse import unquote

from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.serving import ServedRelease

MOST = 5
"""Matches that are told."""
_LIKENESS = 0.6
"""The least ratio of ``difflib.SequenceMatcher`` that counts as a resemblance."""
_PART = "/author/"
"""What the addresses of a paper's authors have after its own; who mistypes a paper means none of them."""
_LONGEST = 120
"""Characters of a path beyond which nobody mistyped it."""


def near_matches(served: ServedRelease, path: str) -> tuple[str, ...]:
    """IRIs whose path, or whose label, resembles a decoded path, the nearest first.

    Only things of the kind that the path begins with are compared, since the graph names thousands.
    """
    kind, _, rest = path.casefold().strip("/").partition("/")
    if len(path) > _LONGEST:
        return ()
    if kind not in LISTINGS:
        return tuple(served.base + found for found in get_close_matches(kind, LISTINGS, MOST, _LIKENESS))
    names: dict[str, str] = {}
    for row in served.rows("named-entities"):
        iri = row["entity"].value
        if iri.startswith(f"{served.base}{kind}/") and (_PART in iri) == (_PART in rest):
            names.setdefault(unquote(iri.removeprefix(f"{served.base}{kind}/")).casefold(), iri)
            if "label" in row:
                names.setdefault(row["label"].value.casefold(), iri)
    found = get_close_matches(rest, names, 2 * MOST, _LIKENESS)
    return tuple(dict.fromkeys(names[name] for name in found))[:MOST]
