"""What the last question to each source brought to light: ``findings.json`` in ``data/metadata`` and ``data/links``.

Snapshots tell what a source said. That it doesn't know an identifier, gave no usable answer, or said something of an
unexpected form would be forgotten with the run; it is kept here until the question is answered well, so that a build,
which asks nobody, can tell it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from medsynth_kg.enrichment.errors import SnapshotError
from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.findings import Finding
from medsynth_kg.writing import write_whole


class KeptFinding(BaseModel):
    """A finding, and the question (source and identifier) that brought it to light."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    identifier: str
    finding: Finding


_FILE = TypeAdapter(tuple[KeptFinding, ...])


class FindingsFile:
    """``findings.json`` of a directory, kept up to date while a run goes on, so that a killed run loses none.

    Raises:
        SnapshotError: the file of an earlier run can't be read back.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "findings.json"
        self._kept: dict[tuple[str, str], tuple[Finding, ...]] = {}
        for kept in _read(self._path):
            key = (kept.source, kept.identifier)
            self._kept[key] = (*self._kept.get(key, ()), kept.finding)

    def answered(self, source: str, identifier: str, findings: Iterable[Finding]) -> None:
        """Put ``findings`` in the place of what the last question about the identifier brought to light."""
        self._change({**self._kept, (source, identifier): tuple(findings)})

    def forget_others(self, wanted: Mapping[str, Iterable[str]]) -> None:
        """Forget what nobody asks the sources in ``wanted`` any longer, which gives the identifiers of each."""
        asked = {(source, identifier) for source, identifiers in wanted.items() for identifier in identifiers}
        self._change({key: found for key, found in self._kept.items() if key in asked or key[0] not in wanted})

    def _change(self, kept: Mapping[tuple[str, str], tuple[Finding, ...]]) -> None:
        told = {key: found for key, found in kept.items() if found}
        if told != self._kept:
            self._kept = told
            _write(self._path, self._kept)


def read_kept_findings(directory: Path, papers: Iterable[Paper]) -> tuple[Finding, ...]:
    """The findings kept in ``data/metadata`` or ``data/links`` about things that the survey still names, sorted.

    Each is told of the paper under the identifier that mints its IRI, however the paper was known to the run.

    Raises:
        SnapshotError: the file can't be read.
    """
    minting = {known.local_part: paper.identifier.local_part for paper in papers for known in paper.identifiers}
    findings = [kept.finding for kept in _read(directory / "findings.json")]
    return tuple(
        finding.model_copy(update={"paper": minting[finding.paper]}) for finding in findings if finding.paper in minting
    )


def _read(path: Path) -> tuple[KeptFinding, ...]:
    if not path.exists():
        return ()
    try:
        return _FILE.validate_json(path.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]["msg"]
        advice = "remove the file, then run enrich and link, which write it anew"
        raise SnapshotError(f"{path}: {problem}; {advice}") from error


def _write(path: Path, kept: Mapping[tuple[str, str], tuple[Finding, ...]]) -> None:
    content = [
        KeptFinding(source=source, identifier=identifier, finding=finding).model_dump(mode="json", exclude_none=True)
        for (source, identifier), findings in sorted(kept.items())
        for finding in findings
    ]
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
