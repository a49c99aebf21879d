"""The updates that put staged graphs into their places, for stores that can do so at once and for others."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from medsynth_kg.stores.holding import HAS_PART, IDENTIFIER


class Switch(StrEnum):
    """How a release takes the place of the former one.

    ``at-once``: one update of MOVE and DROP (SPARQL 1.1 Update, section 3.2), where an update is a transaction.
    ``stepwise``: an update for each step, of INSERT and DELETE alone; meanwhile the store says that it holds nothing.
    """

    AT_ONCE = "at-once"
    STEPWISE = "stepwise"


def clearing(switch: Switch, graph: str) -> str:
    """The update that empties a graph."""
    if switch is Switch.AT_ONCE:
        return f"DROP SILENT GRAPH <{graph}>"
    return f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def switch_updates(
    switch: Switch, state: str, release_id: str, staging: Mapping[str, str], gone: Iterable[str]
) -> tuple[str, ...]:
    """The updates, to be run one after another.

    ``staging`` has the staging graph of each graph; ``gone`` are graphs that only the former release has; ``state`` is
    the graph that says which release the store holds, and of which graphs that one consists.
    """
    parts = "".join(f"<{state}> <{HAS_PART}> <{graph}> .\n" for graph in staging)
    held = (
        *(clearing(switch, graph) for graph in gone),
        clearing(switch, state),
        f'INSERT DATA {{ GRAPH <{state}> {{ <{state}> <{IDENTIFIER}> "{release_id}" .\n{parts}}} }}',
    )
    if switch is Switch.AT_ONCE:
        moves = (f"MOVE SILENT GRAPH <{staged}> TO GRAPH <{graph}>" for graph, staged in staging.items())
        return (" ;\n".join((*moves, *held)),)
    steps = (
        (
            clearing(switch, graph),
            f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{staged}> {{ ?s ?p ?o }} }}",
            clearing(switch, staged),
        )
        for graph, staged in staging.items()
    )
    forget = f"DELETE WHERE {{ GRAPH <{state}> {{ ?graph <{IDENTIFIER}> ?id }} }}"
    return (forget, *(update for step in steps for update in step), *held)
