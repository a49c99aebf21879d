"""Asking the search index of a release, read-only, from any thread."""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsynth_kg.endpoint.errors import ReleaseDamaged
from medsynth_kg.endpoint.search.identifying import identifiers_in, repository_in
from medsynth_kg.endpoint.search.ranking import Name, best_by_entity
from medsynth_kg.identifiers.web import parse_web_address
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.search_index import FORMAT, SEARCH_INDEX, open_read_only
from medsynth_kg.release.search_text import fold, trigrams

QUERY_LENGTH = 300
"""Characters of a query that are looked at; no name in the graph is longer than a title."""
CANDIDATES = 200
"""Names that the full-text tables may propose for a query; only these are compared letter by letter."""
PLAUSIBLE = 0.6
"""The score from which something is an answer; what is below may be meant nevertheless."""
_PAGES = ("http://xmlns.com/foaf/0.1/page", "http://purl.org/dc/terms/source")
_QUERY_TRIGRAMS = 80
_MANY = 500
"""Parameters in one statement; SQLite takes 999 at least."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that the index names; ``papers`` counts the papers that state it."""

    number: int
    iri: str
    kind: str
    label: str
    description: str
    papers: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity with how well it answers a query, from 0 to 1."""

    entity: Entity
    score: float


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: an entity that the index names, or an IRI or a literal as text."""

    text: str
    is_iri: bool
    entity: Entity | None = None


class SearchIndex:
    """The search index of one release, with a connection for each thread that asks.

    Every question raises ReleaseDamaged where the file turns out to be broken, or can't be opened any more.
    """

    def __init__(self, path: Path, base: str) -> None:
        self._path = path
        self._base = base
        self._local = threading.local()
        self._opening = threading.Lock()
        self._connections: list[sqlite3.Connection] = []

    def close(self) -> None:
        """Close the connections of all threads; nobody may be asking any more."""
        with self._opening:
            while self._connections:
                self._connections.pop().close()

    def search(self, query: str, kinds: Iterable[str] = (), least: float = 0.0) -> list[Hit]:
        """What a query may mean, the best first; of ``kinds`` alone where some are given.

        An identifier in any spelling, or an IRI of the graph, gives just what it identifies. Any text is a query:
        nothing in it has a meaning for the engine.
        """
        text = plain(query)[:QUERY_LENGTH]
        wanted = tuple(kinds)
        if identified := self.identified(text):
            return [Hit(entity, 1.0) for entity in identified if not wanted or entity.kind in wanted]
        folded = fold(text)
        scores = best_by_entity(folded, self._candidates(folded, wanted)) if folded else {}
        found = self.entities(number for number, score in scores.items() if score >= least)
        hits = [Hit(entity, round(scores[entity.number], 4)) for entity in found]
        return sorted(hits, key=lambda hit: (-hit.score, -hit.entity.papers, hit.entity.label, hit.entity.iri))

    def identified(self, text: str) -> list[Entity]:
        """What an identifier or an IRI identifies, sorted by IRI."""
        repository = repository_in(text)
        if entity := self.entity(text.strip()) or (repository and self.entity(repository)):
            return [entity]
        numbers: set[int] = set()
        for scheme, value in identifiers_in(text):
            rows = self._rows("SELECT entity FROM identifier WHERE scheme = ? AND value = ?", (scheme, value))
            numbers.update(number for (number,) in rows)
        return self.entities(sorted(numbers)) or self._papers_at(text)

    def entity(self, iri: str) -> Entity | None:
        """The entity of an IRI, which may be relative to the base."""
        iri = plain(iri)
        absolute = iri if iri.startswith(self._base) else self._base + iri
        rows = self._rows("SELECT id, iri, kind, label, description, papers FROM entity WHERE iri = ?", (absolute,))
        return next((Entity(*row) for row in rows), None)

    def entities(self, numbers: Iterable[int]) -> list[Entity]:
        """Entities by their numbers."""
        wanted = list(numbers)
        found = []
        for start in range(0, len(wanted), _MANY):
            part = wanted[start : start + _MANY]
            places = ", ".join("?" * len(part))
            rows = self._rows(
                f"SELECT id, iri, kind, label, description, papers FROM entity WHERE id IN ({places}) ORDER BY iri",  # noqa: S608 - question marks alone
                part,
            )
            found += [Entity(*row) for row in rows]
        return found

    def called(self, folded: str) -> list[Entity]:
        """The entities of which a folded text is the whole name, be it one of several."""
        rows = self._rows(
            "SELECT DISTINCT entity FROM name WHERE folded = ? AND role IN ('preferred', 'alternative', 'hidden')",
            (folded,),
        )
        return self.entities(sorted(number for (number,) in rows))

    def names(self, number: int) -> list[str]:
        """The names that an entity has of its own, folded."""
        rows = self._rows("SELECT folded FROM name WHERE entity = ? AND role <> 'context' ORDER BY folded", (number,))
        return [folded for (folded,) in rows]

    def values(self, number: int, property_iri: str) -> list[Value]:
        """The values of a property of an entity, sorted."""
        rows = self._rows(
            "SELECT value, is_iri FROM statement WHERE entity = ? AND property = ? ORDER BY value",
            (number, property_iri),
        )
        return [Value(text, bool(is_iri), self.entity(text) if is_iri else None) for text, is_iri in rows]

    def stating(self, property_iri: str, values: Sequence[str]) -> list[Entity]:
        """The entities that state one of some values of a property."""
        numbers: set[int] = set()
        for value in values:
            rows = self._rows(
                "SELECT entity FROM statement WHERE property = ? AND value = ?", (property_iri, plain(value))
            )
            numbers.update(number for (number,) in rows)
        return self.entities(sorted(numbers))

    def stating_beginning(self, property_iri: str, beginning: str) -> list[Entity]:
        """The entities that state a value of a property that begins so: a date, for one, that begins with a year."""
        text = plain(beginning)
        rows = self._rows(
            "SELECT DISTINCT entity FROM statement WHERE property = ? AND substr(value, 1, ?) = ?",
            (property_iri, len(text), text),
        )
        return self.entities(number for (number,) in rows)

    def _papers_at(self, text: str) -> list[Entity]:
        """The papers of which the graph names a web page by this address, whatever its scheme and final slash."""
        page = parse_web_address(text)
        if page is None:
            return []
        spellings = [f"{scheme}://{page.page}{slash}" for scheme in ("https", "http") for slash in ("", "/")]
        rows = self._rows(
            "SELECT DISTINCT entity FROM statement JOIN entity ON entity.id = statement.entity "
            "WHERE kind = 'paper' AND property IN (?, ?) AND value IN (?, ?, ?, ?)",
            (*_PAGES, *spellings),
        )
        return self.entities(sorted(number for (number,) in rows))

    def _candidates(self, folded: str, kinds: Sequence[str]) -> list[Name]:
        kept = f" AND entity.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        numbers: dict[int, Name] = {}
        for table, terms in (("trigram", trigrams(folded)[:_QUERY_TRIGRAMS]), ("word", _beginnings(folded))):
            if not terms:
                continue
            rows = self._rows(
                f"SELECT name.id, entity.id, name.role, name.folded FROM {table} JOIN name ON name.id = {table}.rowid "  # noqa: S608 - names of our own tables and question marks alone
                f"JOIN entity ON entity.id = name.entity WHERE {table} MATCH ?{kept} "
                f"ORDER BY {table}.rank, name.id LIMIT {CANDIDATES}",
                (" OR ".join(terms if table == "word" else [f'"{term}"' for term in terms]), *kinds),
            )
            numbers |= {number: Name(*row) for number, *row in rows}
        return list(numbers.values())

    def _rows(self, statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(statement, parameters).fetchall()
        except (sqlite3.DatabaseError, DamagedRelease) as error:
            raise ReleaseDamaged(self._path.parent.name) from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = open_read_only(self._path)
            with self._opening:
                self._connections.append(connection)
        return connection


def open_search_index(release: Path, base: str) -> SearchIndex | None:
    """The search index in a release's directory; None where the release has none, or one of another form.

    Raises:
        DamagedRelease: the file can't be opened.
    """
    path = release / SEARCH_INDEX
    if not path.is_file():
        return None
    connection = open_read_only(path)
    try:
        known = connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    except sqlite3.DatabaseError:
        known = False
    finally:
        connection.close()
    return SearchIndex(path, base) if known else None


def plain(text: str) -> str:
    """Text without what SQLite can't hold: half of a surrogate pair, or a NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _beginnings(folded: str) -> list[str]:
    """The words of a query as FTS5 looks for words that begin so; folded words hold letters and digits alone."""
    return [f'"{word}" *' for word in dict.fromkeys(folded.split())]
