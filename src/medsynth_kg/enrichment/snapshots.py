"""What each source said of each paper, one small file a paper: ``data/metadata/<source>/<paper>.json``.

Curated facts and fetched ones share the format: the JSON form of ``Metadata`` with sorted keys, one space of
indentation and a final newline, where a fact that is absent is left out. The same metadata always gives the
same bytes.
"""

import json
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.identifiers.errors import LocalPartError
from medsynth_kg.identifiers.paper import parse_local_part
from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.writing import write_whole


def canonical_json(metadata: Metadata) -> str:
    """The one text that stands for ``metadata`` on disk."""
    content = metadata.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def snapshot_path(directory: Path, source: Source, paper: str) -> Path:
    """Where the snapshot of ``paper`` (the local part of its IRI) lies under ``data/metadata``."""
    return directory / source.value / f"{quote(paper, safe='')}.json"


def write_snapshot(directory: Path, metadata: Metadata) -> Path:
    """Write one snapshot under ``directory`` (``data/metadata``), whole or not at all, and answer where."""
    path = snapshot_path(directory, metadata.source, metadata.paper)
    write_whole(path, canonical_json(metadata))
    return path


def read_snapshot(path: Path) -> Metadata:
    """Read one snapshot.

    Raises:
        SnapshotError: the file is not UTF-8 or not JSON, a field is missing, unknown or of the wrong form, or
            the file's place doesn't agree with the source and the paper that it describes.
    """
    try:
        metadata = Metadata.model_validate_json(path.read_bytes())
        parse_local_part(metadata.paper)
    except ValidationError as error:
        raise SnapshotError(f"{path}: {_first_problem(error)}") from error
    except LocalPartError as error:
        raise SnapshotError(f"{path}: field paper: {error}") from error
    expected = snapshot_path(path.parent.parent, metadata.source, metadata.paper)
    if path != expected:
        wanted = f"{expected.parent.name}/{expected.name}"
        raise SnapshotError(
            f"{path}: fields source and paper say that this file is {wanted}; rename it or correct the fields"
        )
    return metadata


def read_snapshots(directory: Path) -> tuple[Metadata, ...]:
    """Read the snapshots of all sources under ``directory`` (``data/metadata``), sorted by source and paper.

    Files whose names start with a dot or an underscore are notes of the tools that fetch, not snapshots.

    Raises:
        SnapshotError: see ``read_snapshot``.
    """
    paths = (path for source in Source for path in (directory / source.value).glob("[!._]*.json"))
    return tuple(sorted(map(read_snapshot, paths), key=lambda metadata: (metadata.source, metadata.paper)))


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, problem["loc"]))
    return f"field {field}: {problem['msg']}" if field else problem["msg"]
