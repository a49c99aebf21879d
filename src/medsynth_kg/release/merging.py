"""How far the engine is behind with merging what was loaded.

What is loaded lies in small files of each index at first, which the engine merges while more is loaded. It opens all
that an index has at once, so memory would grow with the data where loading is quicker than merging.
"""

import math
import os
import time
from contextlib import suppress
from pathlib import Path

MOST_UNMERGED = 4000
"""Files that may wait to be merged; the fewer, the more often the engine writes anew what it has merged already."""
_LARGEST_UNMERGED = 3 * 2**20
"""Bytes up to which a file is taken for one that has not been merged."""
_PAUSE = 0.2
_PATIENCE = 120.0
"""Seconds without a merge after which it is taken that there is none to come."""


class Backlog:
    """The files of a store that were loaded and not merged yet; for all threads that load."""

    def __init__(self, store: Path, most: int = MOST_UNMERGED, patience: float = _PATIENCE) -> None:
        """``most`` files may wait to be merged; what is left after ``patience`` seconds without a merge, stays."""
        self._store = store
        self._most = most
        self._allowed = most
        self._patience = patience

    @property
    def files(self) -> int:
        """How many they are."""
        count = 0
        with os.scandir(self._store) as files:
            for file in files:
                if file.name.endswith(".sst"):
                    with suppress(FileNotFoundError):  # merged meanwhile
                        count += file.stat().st_size <= _LARGEST_UNMERGED
        return count

    def wait(self) -> None:
        """Wait until they are no more than may wait."""
        fewest, seen = math.inf, time.monotonic()
        while (files := self.files) > self._allowed:
            if files < fewest:
                fewest, seen = files, time.monotonic()
            elif time.monotonic() - seen > self._patience:
                # The engine leaves alone what overlaps with nothing.
                self._allowed = files + self._most
            time.sleep(_PAUSE)
