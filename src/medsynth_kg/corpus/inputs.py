"""Which files a run reads, under which names, and where it may write."""

import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from medsynth_kg.corpus.errors import InputInOutput, NoBulkFiles, OutputUnusable

PUBLISHED = ("parts", "rejected")
"""The directories below its output that a run replaces."""

_GLOB_CHARACTERS = "[]{}*?:\\"


def list_bulk_files(paths: Sequence[Path], output: Path) -> dict[str, Path]:
    """The files named, and all files below the directories named, by their names for the manifest, sorted.

    A name is the path below the directory named, with as much of what stands before it as makes all names distinct; a
    file that is met twice is taken once. Hidden files, OpenAlex's lists of its own files (``manifest``), and an
    ``output`` that lies in a directory named are no bulk files.

    Raises:
        NoBulkFiles: a path does not exist, or holds none.
        InputInOutput: a path lies where the run writes.
    """
    found: dict[Path, tuple[tuple[str, ...], int]] = {}
    for path in sorted({Path(os.path.abspath(path)) for path in paths}):  # noqa: PTH100  # names keep symbolic links
        _check_outside(path, output)
        files = _files_below(path, output)
        if not files:
            raise NoBulkFiles(path)
        for file in files:
            found.setdefault(file.resolve(), (file.parts[1:], len(_below(file, path).parts)))
    for before in count():
        named = {"/".join(parts[-(below + before) :]): file for file, (parts, below) in found.items()}
        if len(named) == len(found):
            break
    return dict(sorted(named.items()))


def check_output(output: Path) -> None:
    """Refuse a directory that Spark can't read from.

    Raises:
        OutputUnusable: Spark takes its path for a pattern, or for an address.
    """
    path = str(output.resolve())
    if special := sorted(set(path) & set(_GLOB_CHARACTERS)):
        raise OutputUnusable(path, " ".join(special))


def _check_outside(path: Path, output: Path) -> None:
    resolved, written = path.resolve(), output.resolve()
    if resolved == written or any(resolved.is_relative_to(written / name) for name in PUBLISHED):
        raise InputInOutput(path, output)


def _files_below(path: Path, output: Path) -> list[Path]:
    left_out = output.resolve() if output.resolve().is_relative_to(path.resolve()) else None
    files = (file for file in ([path] if path.is_file() else sorted(path.rglob("*"))) if file.is_file())
    return [
        file
        for file in files
        if _is_bulk_file(_below(file, path)) and not (left_out and file.resolve().is_relative_to(left_out))
    ]


def _below(file: Path, root: Path) -> Path:
    return Path(file.name) if file == root else file.relative_to(root)


def _is_bulk_file(name: Path) -> bool:
    return name.name != "manifest" and not any(part.startswith(".") for part in name.parts)
