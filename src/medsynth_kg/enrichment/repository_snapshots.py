"""What GitHub said of each repository, one small file a repository: ``data/metadata/github/<host/owner/name>.json``.

The form is that of the snapshots of papers: sorted keys, absent facts left out, the name percent-encoded.
"""

import json
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.records.repository_state import RepositoryState
from medsynth_kg.writing import write_whole


def repository_snapshot_path(directory: Path, repository: str) -> Path:
    """Where the snapshot of ``host/owner/name`` lies under ``directory`` (``data/metadata``)."""
    return directory / "github" / f"{quote(repository, safe='')}.json"


def write_repository_snapshot(directory: Path, state: RepositoryState) -> None:
    """Write one snapshot, whole or not at all."""
    content = state.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_whole(repository_snapshot_path(directory, state.repository), text)


def read_repository_snapshot(path: Path) -> RepositoryState:
    """Read one snapshot.

    Raises:
        SnapshotError: the file isn't what ``write_repository_snapshot`` writes, or has another repository's name.
    """
    try:
        state = RepositoryState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]
        raise SnapshotError(f"{path}: field {'.'.join(map(str, problem['loc']))}: {problem['msg']}") from error
    expected = repository_snapshot_path(path.parent.parent, state.repository)
    if path != expected:
        raise SnapshotError(f"{path}: field repository says that this file is github/{expected.name}")
    return state


def read_repository_snapshots(directory: Path) -> tuple[RepositoryState, ...]:
    """Read all snapshots under ``directory`` (``data/metadata``), sorted by repository.

    Raises:
        SnapshotError: see ``read_repository_snapshot``.
    """
    states = map(read_repository_snapshot, (directory / "github").glob("[!._]*.json"))
    return tuple(sorted(states, key=lambda state: state.repository))
