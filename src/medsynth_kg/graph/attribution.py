"""Which named graph a bibliographic fact belongs to."""

from collections.abc import Mapping

from medsynth_kg.graph.statements import Statements
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.papers import Work

Graphs = Mapping[Source, Statements]


class Attribution:
    """Finds, for a field of a paper's merged metadata, the statements of the source that it was taken from."""

    def __init__(self, graphs: Graphs, work: Work) -> None:
        self._graphs = graphs
        self._work = work

    def __call__(self, field: str) -> Statements:
        """The statements that a field's value belongs to."""
        return self._graphs[self._work.sources.get(field, self._work.facts.source)]
