"""The search index of a release: one SQLite file with full-text tables (https://www.sqlite.org/fts5.html).

The same statements give the same bytes with the same version of SQLite: rows go in in order, and nothing in the file
comes from the clock or from chance. Another version may lay out its pages and its full-text segments differently and
writes its own number into the header (https://www.sqlite.org/fileformat.html, section 1.3.18); the rows are the same.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from pyoxigraph import Quad

from medsynth_kg.release.errors import DamagedRelease, SearchIndexNotWritten
from medsynth_kg.release.search_entities import SearchEntity, find_entities
from medsynth_kg.release.search_text import fold

SEARCH_INDEX = "search.sqlite"
"""The index's file in a release."""
FORMAT = 1
"""The number of the tables' form and of the rules that fill them; to be raised with each change of either."""

_TABLES = """
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL,
    description TEXT NOT NULL, papers INTEGER NOT NULL);
CREATE INDEX entity_by_kind ON entity (kind);
CREATE TABLE name (id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity, role TEXT NOT NULL,
    folded TEXT NOT NULL);
CREATE INDEX name_by_form ON name (folded);
CREATE TABLE identifier (scheme TEXT NOT NULL, value TEXT NOT NULL, entity INTEGER NOT NULL REFERENCES entity,
    PRIMARY KEY (scheme, value, entity)) WITHOUT ROWID;
CREATE TABLE statement (entity INTEGER NOT NULL REFERENCES entity, property TEXT NOT NULL, value TEXT NOT NULL,
    is_iri INTEGER NOT NULL, PRIMARY KEY (entity, property, value, is_iri)) WITHOUT ROWID;
CREATE VIRTUAL TABLE trigram USING fts5 (folded, content='', tokenize='trigram');
CREATE VIRTUAL TABLE word USING fts5 (folded, content='', prefix='1 2', tokenize='unicode61');
"""
_ROWS = {
    "entity": "SELECT iri, kind, label, description, papers FROM entity ORDER BY id",
    "name": "SELECT entity, role, folded FROM name ORDER BY id",
    "identifier": "SELECT scheme, value, entity FROM identifier ORDER BY scheme, value, entity",
    "statement": "SELECT entity, property, value, is_iri FROM statement ORDER BY entity, property, value, is_iri",
}


def write_search_index(path: Path, quads: Iterable[Quad], base: str) -> None:
    """Write the index of a release's statements to a new file.

    Raises:
        SearchIndexNotWritten: SQLite has no full-text search, or the disk refused the file.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            # An unfinished release is thrown away whole, so no journal is needed.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            _fill(connection, find_entities(quads, base))
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise SearchIndexNotWritten(path, str(error)) from error


def compare_search_index(path: Path, quads: Iterable[Quad], base: str) -> tuple[str, ...]:
    """How the rows of an index differ from what the statements give, one line a table.

    An index of another form than this version's is left to its checksum.
    """
    try:
        with closing(open_read_only(path)) as found, closing(sqlite3.connect(":memory:")) as wanted:
            if found.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                return ()
            _fill(wanted, find_entities(quads, base))
            differing = [
                table for table, rows in _ROWS.items() if list(found.execute(rows)) != list(wanted.execute(rows))
            ]
    except sqlite3.Error as error:
        return (f"{path}: can't be read: {error}",)
    return tuple(f"{path}: its table {table} differs from the store" for table in differing)


def open_read_only(path: Path) -> sqlite3.Connection:
    """Connect to an index that nobody changes; the connection may be closed by another thread than uses it.

    Raises:
        DamagedRelease: the file can't be opened.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise DamagedRelease(path, f"cannot be opened: {error}") from error


def _fill(connection: sqlite3.Connection, entities: Sequence[SearchEntity]) -> None:
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("BEGIN")
    for number, entity in enumerate(entities, start=1):
        _insert(connection, number, entity)
    for table in ("trigram", "word"):
        connection.execute(f"INSERT INTO {table} (rowid, folded) SELECT id, folded FROM name ORDER BY id")  # noqa: S608 - the names of our own tables
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - as above
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, number: int, entity: SearchEntity) -> None:
    connection.execute(
        "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?)",
        (number, entity.iri, entity.kind, entity.label, entity.description, entity.papers),
    )
    forms = dict.fromkeys((name.role, folded) for name in entity.names if (folded := fold(name.text)))
    connection.executemany(
        "INSERT INTO name (entity, role, folded) VALUES (?, ?, ?)", ((number, *form) for form in forms)
    )
    connection.executemany(
        "INSERT INTO identifier VALUES (?, ?, ?)", ((scheme, value, number) for scheme, value in entity.identifiers)
    )
    connection.executemany(
        "INSERT INTO statement VALUES (?, ?, ?, ?)",
        ((number, one.property, one.value, one.is_iri) for one in entity.statements),
    )
