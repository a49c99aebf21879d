"""What changed from one release to another, for people by entity and for programs as an RDF Patch.

Without blank nodes the difference of two releases is the difference of two sets of statements.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, Triple

from medsynth_kg.release.dumps import graph_name, parse_lines, read_lines
from medsynth_kg.release.reading import Release
from medsynth_kg.release.statements import as_lines, graph_iri

RELEASE_GRAPH = "release"
"""The graph in which a release describes itself, which differs in every release."""


@dataclass(frozen=True, slots=True)
class EntityChange:
    """The triples that one entity lost and gained in any graph of the content, each sorted."""

    entity: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The statements that turn one release into another, sorted; ``old`` and ``new`` are their ids."""

    old: str
    new: str
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    def by_entity(self) -> tuple[EntityChange, ...]:
        """The changes of the content by subject, sorted; a triple that only moved between graphs is no change."""
        removed, added = _content(self.removed), _content(self.added)
        changes: defaultdict[str, _Changes] = defaultdict(_Changes)
        for triple in removed - added:
            changes[_name(triple)].removed.append(triple)
        for triple in added - removed:
            changes[_name(triple)].added.append(triple)
        return tuple(
            EntityChange(entity, tuple(sorted(change.removed, key=str)), tuple(sorted(change.added, key=str)))
            for entity, change in sorted(changes.items())
        )

    def as_patch(self) -> str:
        """The whole difference, descriptions included, as an RDF Patch (https://jena.apache.org/documentation/rdf-patch/).

        One transaction: deletions, then additions, each in the order of canonical N-Quads.
        """
        header = [f'H from "{self.old}" .\n', f'H to "{self.new}" .\n', "TX .\n"]
        return "".join((*header, *_rows("D", self.removed), *_rows("A", self.added), "TC .\n"))


@dataclass(slots=True)
class _Changes:
    removed: list[Triple] = field(default_factory=list)
    added: list[Triple] = field(default_factory=list)


def diff_releases(old: Release, new: Release) -> Difference:
    """Compare two releases by their N-Quads.

    Raises:
        DamagedRelease: the N-Quads of one of them can't be read.
    """
    lines_before, lines_after = read_lines(old.dumps), read_lines(new.dumps)
    known = frozenset(lines_before)
    # Only the lines that differ are parsed. A statement that another version of the library wrote in another way is
    # among those of both releases then, and so no difference.
    before = parse_lines(old.dumps, known.difference(lines_after))
    after = parse_lines(new.dumps, (line for line in lines_after if line not in known))
    return Difference(
        old=old.id,
        new=new.id,
        removed=tuple(sorted(before - after, key=str)),
        added=tuple(sorted(after - before, key=str)),
    )


def _content(quads: Iterable[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads if graph_name(graph_iri(quad)) != RELEASE_GRAPH}


def _name(triple: Triple) -> str:
    return triple.subject.value if isinstance(triple.subject, NamedNode) else str(triple.subject)


def _rows(code: str, quads: Iterable[Quad]) -> list[str]:
    return [f"{code} {line.decode()}" for line in sorted(as_lines(quads))]
