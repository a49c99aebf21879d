"""The last stage of a run: Spark sorts the blocks of all mapped files into parts by subject."""

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from medsynth_kg.corpus.errors import PartsIncomplete
from medsynth_kg.corpus.parts import END, Part, finished_parts, write_part


def sort_into_parts(session: Any, unfinished: Path, count: int) -> None:
    """Write the parts that are not yet finished; Spark sorts on its disks what does not fit into memory.

    Each part gets ``END`` as its last row: where the virtual machine dies, the rows that a task reads just end, and
    nothing else would tell such an end from the true one.
    """
    directory = unfinished / "parts"
    finished = finished_parts(directory, count)
    missing = [number for number in range(count) if number not in finished]
    if not missing:
        return
    # With the scheme, or Spark looks in the cluster's default file system, which may be HDFS.
    blocks = session.read.text(f"file://{unfinished / 'mapped'}/*.txt.gz")
    numbered = blocks.selectExpr(f"pmod(hash(substring_index(value, ' ', 1)), {count}) AS part", "value")
    ends = session.range(count).selectExpr("CAST(id AS INT) AS part", f"'{END}' AS value")
    rows = numbered.union(ends)
    wanted = rows.where(rows.part.isin(missing)).repartition(len(missing), "part")
    ordered = wanted.sortWithinPartitions("part", "value")
    ordered.rdd.mapPartitions(partial(_write_parts, directory)).collect()


def whole_parts(output: Path, unfinished: Path, count: int, blocks: int) -> dict[int, Part]:
    """The parts, all of ``count``, once they are found to hold the ``blocks`` that the mapped files have together.

    Raises:
        PartsIncomplete: they don't; all that was finished is removed, for nothing says where the fault lies.
    """
    written = finished_parts(unfinished / "parts", count)
    read = sum(part.blocks for part in written.values())
    if len(written) < count or read != blocks:
        shutil.rmtree(unfinished)
        raise PartsIncomplete(output, f"{len(written)} of {count} parts, {read} of {blocks} blocks of statements")
    return {number: part.part for number, part in written.items()}


def _write_parts(directory: Path, rows: Iterable[Any]) -> Iterator[int]:
    for number, members in groupby(rows, key=lambda row: row[0]):
        write_part(directory, number, (row[1] for row in members))
        yield number
