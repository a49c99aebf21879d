"""The values that a saved query's parameter may take: what the graph offers, and what a reader's word means.

A value is given as the last part of an IRI, as the whole IRI, or as any label of the concept in any letter case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.errors import MalformedRequest
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.query.parameters import Parameter, ParameterValue
from medsynth_kg.query.saved import SavedQuery

YEAR = "year"
"""The scheme of a parameter whose choices are the years in which the survey has papers."""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]+")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its slug, its label, its further spellings, and how many papers have it, narrower ones included."""

    slug: str
    label: str
    spellings: tuple[str, ...] = ()
    papers: int = 0


def choices_of(served: ServedRelease, parameter: Parameter) -> tuple[Choice, ...]:
    """What the graph offers for a parameter; empty where anything may be given."""
    if parameter.scheme == YEAR:
        return tuple(
            Choice(row["year"].value, row["year"].value, papers=int(row["papers"].value))
            for row in served.rows("years")
        )
    listing = LISTINGS.get(parameter.scheme or "")
    if parameter.kind != "iri" or listing is None:
        return ()
    prefix = f"{served.base}{parameter.scheme}/"
    return tuple(
        Choice(
            row["member"].value.removeprefix(prefix),
            row["label"].value,
            tuple(row["spellings"].value.split("\n")),
            int(row["papers"].value) if "papers" in row else 0,
        )
        for row in served.rows("choices", **{"class": served.base + listing.class_iri})
    )


def bound_values(
    served: ServedRelease, query: SavedQuery, arguments: Mapping[str, str]
) -> dict[str, tuple[str, ParameterValue]]:
    """Each parameter that has a value: how an address writes the value, and its term.

    Raises:
        MalformedRequest: a value is not of the parameter's kind, or the graph does not know it.
    """
    bound = {}
    for name, parameter in query.parameters.items():
        if value := (arguments.get(name) or parameter.default or "").strip():
            bound[name] = _bind(served, name, parameter, value)
    return bound


def _bind(served: ServedRelease, name: str, parameter: Parameter, value: str) -> tuple[str, ParameterValue]:
    if parameter.kind == "string":
        return value, Literal(value)
    if parameter.kind == "integer":
        if not _INTEGER.fullmatch(value):
            raise MalformedRequest(f"{name} takes a whole number, not “{value[:40]}”")
        return value, Literal(int(value))
    choices = choices_of(served, parameter)
    if (choice := _find(choices, value)) is not None:
        return choice.slug, NamedNode(f"{served.base}{parameter.scheme}/{choice.slug}")
    prefix = f"{served.base}{parameter.scheme}/"
    if value.startswith(prefix) and (choice := _find(choices, value.removeprefix(prefix))) is not None:
        return choice.slug, NamedNode(prefix + choice.slug)
    if choices:
        raise MalformedRequest(f"{name} does not know “{value[:40]}”; it takes {_named(choices, value)}")
    if _IRI.fullmatch(value):
        return value, NamedNode(value)
    if parameter.scheme and _SLUG.fullmatch(value):
        return value, NamedNode(prefix + value.lower())
    raise MalformedRequest(f"{name} takes the last part of an IRI, or all of it, not “{value[:40]}”")


def _find(choices: tuple[Choice, ...], value: str) -> Choice | None:
    wanted = _normalised(value)
    for choice in choices:
        if wanted == choice.slug or wanted in map(_normalised, (choice.label, *choice.spellings)):
            return choice
    return None


def _normalised(text: str) -> str:
    return " ".join(text.casefold().split())


def _named(choices: tuple[Choice, ...], value: str) -> str:
    """The choices in words: all of a few, or of many those that resemble the value and those with the most papers."""
    slugs = [choice.slug for choice in choices]
    if len(slugs) <= _MOST_NAMED:
        return ", ".join(slugs)
    near = get_close_matches(value.lower()[:100], slugs, 5, 0.5)
    frequent = [choice.slug for choice in sorted(choices, key=lambda choice: -choice.papers) if choice.papers]
    first = list(dict.fromkeys((*near, *frequent)))[:_MOST_NAMED]
    return f"{', '.join(first)} or another of its {len(slugs)} concepts"
