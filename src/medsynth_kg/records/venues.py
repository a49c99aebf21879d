"""Where works appeared: which of the venues that the sources describe are one."""

from collections.abc import Iterable

from medsynth_kg.records.metadata import Venue
from medsynth_kg.records.names import normalised_text


def unify_venues(venues: Iterable[Venue]) -> dict[Venue, Venue]:
    """Map every venue as described to the one description that stands for all of the same venue.

    Venues are one where they share an ISSN or their titles are the same, unless linking ISSNs say otherwise.
    The description taken has the title of the first venue, and every ISSN that any of them gives. The order
    of ``venues`` decides which is first, and nothing else.
    """
    described = tuple(dict.fromkeys(venues))
    group_of: dict[str, list[Venue]] = {}
    for venue in described:
        touched = {id(group_of[key]): group_of[key] for key in _keys(venue) if key in group_of}
        group = [member for other in touched.values() for member in other] + [venue]
        group_of.update((key, group) for member in group for key in _keys(member))
    groups = {id(group): group for group in group_of.values()}.values()
    same = (part for group in groups for part in _by_linking_issn(group))
    return {venue: _united(sorted(part, key=described.index)) for part in same for venue in part}


def _keys(venue: Venue) -> set[str]:
    return {normalised_text(venue.title), *_issns(venue)}


def _by_linking_issn(group: list[Venue]) -> list[list[Venue]]:
    linking = {venue.issn_l for venue in group if venue.issn_l}
    if len(linking) < 2:
        return [group]
    parts = [[venue for venue in group if venue.issn_l == issn_l] for issn_l in (None, *sorted(linking))]
    return [part for part in parts if part]


def _united(group: list[Venue]) -> Venue:
    first = group[0]
    return Venue(
        title=first.title,
        kind=next((venue.kind for venue in group if venue.kind), None),
        issns=tuple(sorted(set().union(*map(_issns, group)))),
        issn_l=next((venue.issn_l for venue in group if venue.issn_l), None),
        publisher=next((venue.publisher for venue in group if venue.publisher), None),
    )


def _issns(venue: Venue) -> set[str]:
    return {*venue.issns, *([venue.issn_l] if venue.issn_l else [])}
