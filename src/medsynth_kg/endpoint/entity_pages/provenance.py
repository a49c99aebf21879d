"""Where a statement comes from: the rows of the survey, the files of the data directory, the pages that show it."""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote

from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row, Term
from medsynth_kg.endpoint.tables import Cell

_SCHEMES = {"modality", "family", "architecture", "application", "evaluation", "metric"}
_ROLES = "data/curation/repository-role.csv"
_UNDECIDED = "unknown"
"""The role of a repository of which nobody has decided whose code it holds."""
_VOCABULARY_FILES = {"family": "architecture", "metric": "evaluation"}


class Provenance:
    """The origins of one thing's statements, by the graph that states them."""

    def __init__(self, iri: str, rows: Iterable[Row], files: Collection[str], links: Links) -> None:
        """``rows`` answer the query ``entity-origins``; ``files`` are the inputs that the release was built from."""
        self._entries: dict[str, tuple[str, set[str]]] = {}
        self._sources: dict[str, list[str]] = {}
        self._retrieved: dict[str, str] = {}
        self._links = links
        self._files = files
        self._path = iri.removeprefix(links.base)
        for row in rows:
            if "entry" in row:
                _, stated = self._entries.setdefault(row["entry"].value, (row["label"].value, set()))
                stated.update([row["stated"].value] if "stated" in row else [])
            elif "retrieved" in row:
                self._retrieved[row["graph"].value] = row["retrieved"].value
            else:
                self._sources.setdefault(row["graph"].value, []).append(row["source"].value)

    def __call__(self, graph: str, properties: Collection[str], value: Term) -> tuple[Cell, ...]:
        """The origins of a graph's statement that properties have a value; none where they are not known."""
        name = graph.removeprefix(self._links.base + "graph/")
        if f"{self._links.base}ontology#repositoryRole" in properties:
            return (Cell(_ROLES),) if _ROLES in self._files and value.value != _UNDECIDED else ()
        if name == "survey":
            return self._rows(value)
        day = f"read on {self._retrieved[graph]}" if graph in self._retrieved else ""
        files = tuple(Cell(file, note=day) for file in self._snapshots(name) if file in self._files)
        return files + tuple(Cell(source, self._links.href(source)) for source in self._sources.get(graph, ()))

    def _rows(self, value: Term) -> tuple[Cell, ...]:
        """The rows that state a value, or all rows about the thing where none states just this value."""
        stating = {entry: label for entry, (label, stated) in self._entries.items() if value.value in stated}
        rows: Mapping[str, str] = stating or {entry: label for entry, (label, _) in self._entries.items()}
        return tuple(Cell(label, self._links.href(entry)) for entry, label in rows.items())

    def _snapshots(self, graph: str) -> tuple[str, ...]:
        kind, _, local = self._path.partition("/")
        if kind == "paper":
            # An author without an ORCID, an authorship and a notice lie below their paper.
            local = local.partition("/authorship/")[0].partition("/author/")[0].partition("/notice/")[0]
            return (f"data/metadata/{graph}/{quote(local, safe='')}.json",)
        if graph == "vocabulary" and kind in _SCHEMES:
            return (f"ontology/{_VOCABULARY_FILES.get(kind, kind)}.ttl",)
        return ()
