"""A small store's copy in memory, which a process hands down to all that it forks.

Evaluation over a store on disk spends most of its time in looking terms up; in memory there is nothing to look up. But
the engine finds statements in another order there, which some queries let show; those are better asked of the disk, so
that the answers are the same with and without a copy.
"""

import contextlib
import os
import re
from pathlib import Path
from typing import NoReturn

from pyoxigraph import RdfFormat, Store, parse, serialize

_ORDER_SHOWS = re.compile(r"\b(?:LIMIT|OFFSET|REDUCED|SAMPLE|GROUP_CONCAT)\b", re.IGNORECASE)


def is_the_same_in_any_order(query: str) -> bool:
    """Whether a query has the same solutions in whatever order the engine finds statements."""
    return not _ORDER_SHOWS.search(query)


def hold(path: str, largest: int) -> Store | None:
    """A store's statements in memory; None if the store has more than ``largest`` bytes on disk or can't be read.

    For a process without threads. The engine starts some when it opens a store on disk, and with those a process can't
    fork safely, so another process reads.
    """
    if _size(Path(path)) > largest:
        return None
    readable, writable = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(readable)
        _read(path, writable)
    os.close(writable)
    store = Store()
    with contextlib.suppress(SyntaxError), os.fdopen(readable, "rb") as statements:
        store.extend(parse(statements, format=RdfFormat.N_QUADS))
    _, status = os.waitpid(reader, 0)
    return store if status == 0 else None


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*"))


def _read(path: str, target: int) -> NoReturn:
    status = 1
    try:
        # In memory, the engine finds first what came last.
        found = list(Store.read_only(path))[::-1]
        with os.fdopen(target, "wb") as statements:
            serialize(found, statements, RdfFormat.N_QUADS)
        status = 0
    finally:
        os._exit(status)
