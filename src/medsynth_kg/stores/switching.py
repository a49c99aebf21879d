"""The updates that put staged graphs into their places, for stores that can do so at once and for others."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

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


class Held(NamedTuple):
    """What the graph ``state`` shall say: which release the store holds, and by which run (a statement) it does."""

    state: str
    release_id: str
    run: str


class Step(NamedTuple):
    """Updates to be run one after another, when some graphs have been counted: for each graph, the one to count."""

    updates: tuple[str, ...]
    counted: Mapping[str, str] = {}


def switch_steps(
    switch: Switch, held: Held, staging: Mapping[str, str], gone: Iterable[str], empty: Collection[str]
) -> tuple[Step, ...]:
    """The steps, to be taken one after another.

    ``staging`` has the staging graph of each graph; ``gone`` are graphs that only the former release has; ``empty`` are
    those of the release that have no triple.
    """
    state = held.state
    parts = "".join(f"<{state}> <{HAS_PART}> <{graph}> .\n" for graph in staging)
    content = f'<{state}> <{IDENTIFIER}> "{held.release_id}" .\n{held.run}\n{parts}'
    last = (
        *(clearing(switch, graph) for graph in gone),
        clearing(switch, state),
        f"INSERT DATA {{ GRAPH <{state}> {{ {content}}} }}",
    )
    if switch is Switch.AT_ONCE:
        # Without SILENT, so that the update fails as a whole where a staging graph is gone.
        moves = (
            clearing(switch, graph) if graph in empty else f"MOVE GRAPH <{staged}> TO GRAPH <{graph}>"
            for graph, staged in staging.items()
        )
        return (Step((" ;\n".join((*moves, *last)),), staging),)
    forget = f"DELETE WHERE {{ GRAPH <{state}> {{ ?graph <{IDENTIFIER}> ?id }} }}"
    steps = (
        Step(
            (
                clearing(switch, graph),
                f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{staged}> {{ ?s ?p ?o }} }}",
                clearing(switch, staged),
            ),
            {graph: staged},
        )
        for graph, staged in staging.items()
    )
    return (Step((forget,)), *steps, Step(last, {graph: graph for graph in staging}))
