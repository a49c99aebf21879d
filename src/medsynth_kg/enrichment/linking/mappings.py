"""The mappings of one target on disk: ``data/links/<target>.sssom.tsv`` (https://w3id.org/sssom/).

A file is written whole or not at all, sorted, and a row keeps its date as long as it stays true, so that a changed line
is a changed mapping. ``reviewed`` says whether a person has looked; rows that one has, also those with the predicate
modifier ``Not``, are never removed or overruled here.
"""

import csv
import datetime
import io
from collections.abc import Collection, Iterable
from pathlib import Path

from medsynth_kg import __version__
from medsynth_kg.enrichment.errors import MappingsUnreadable
from medsynth_kg.enrichment.linking.match_fields import MATCHED_BY
from medsynth_kg.enrichment.linking.sssom import read_mapping_table
from medsynth_kg.enrichment.linking.target import Question, Target
from medsynth_kg.settings import BASE_IRI
from medsynth_kg.writing import write_whole

COLUMNS = (
    "subject_id",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "mapping_justification",
    "mapping_date",
    "mapping_tool",
    "confidence",
    "subject_match_field",
    "match_string",
    "reviewed",
)
_PREFIXES = {
    "bibo": "http://purl.org/ontology/bibo/",
    "fabio": "http://purl.org/spar/fabio/",
    "paper": f"{BASE_IRI}paper/",
    "repository": f"{BASE_IRI}repository/",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
}
_HEADER = """#curie_map:
{prefixes}#mapping_set_id: {base}links/{name}
#mapping_set_title: Papers and repositories of the survey in {title}
#mapping_tool: medsynth-kg link
#mapping_tool_version: {version}
#license: https://creativecommons.org/licenses/by/4.0/
#extension_definitions:
#  - slot_name: reviewed
#    type_hint: http://www.w3.org/2001/XMLSchema#boolean
"""

Row = dict[str, str]


class MappingFile:
    """The mappings of one target, kept on disk after every change. ``directory`` is ``data/links``."""

    def __init__(self, directory: Path, target: Target, today: datetime.date) -> None:
        self._path = directory / f"{target.name}.sssom.tsv"
        self._target = target
        self._today = today.isoformat()
        self._rows = self._read()

    def subjects(self, question: Question) -> set[str]:
        """The short names of the things that have a row for a question."""
        return {row["subject_id"] for row in self._of(question)}

    def newest(self, question: Question) -> datetime.date | None:
        """The date of the newest row for a question."""
        dates = [row["mapping_date"] for row in self._of(question) if row["mapping_date"]]
        return datetime.date.fromisoformat(max(dates)) if dates else None

    def keep(self, question: Question, subjects: Iterable[str], iris: Iterable[str]) -> bool:
        """Make ``iris`` the mappings of ``subjects`` for a question; answer whether that changed anything."""
        short = [(form.derived, name) for iri in iris for form in self._target.forms if (name := form.shorten(iri))]
        fresh = [self._row(question, subject, name, derived) for subject in subjects for derived, name in short]
        before = self._of(question)
        known = {_key(row): row for row in before}
        after = [known.get(_key(row), row) for row in fresh]
        kept = {_key(row) for row in after}
        after += [row for row in before if row["reviewed"] == "true" and _key(row) not in kept]
        if {_key(row) for row in after} == set(known):
            return False
        self._rows = [row for row in self._rows if row["match_string"] != question.key] + after
        self._write()
        return True

    def forget_others(self, subjects: Collection[str]) -> None:
        """Remove what nobody has reviewed about things that aren't among ``subjects`` any more."""
        kept = [row for row in self._rows if row["reviewed"] == "true" or row["subject_id"] in subjects]
        if len(kept) < len(self._rows):
            self._rows = kept
            self._write()

    def _of(self, question: Question) -> list[Row]:
        return [row for row in self._rows if row["match_string"] == question.key]

    def _row(self, question: Question, subject: str, target: str, derived: bool) -> Row:
        return {
            "subject_id": subject,
            "predicate_id": self._target.predicate,
            "predicate_modifier": "",
            "object_id": target,
            "mapping_justification": "semapv:MappingChaining" if derived else "semapv:LexicalMatching",
            "mapping_date": self._today,
            "mapping_tool": "medsynth-kg link",
            "confidence": "" if derived else "1.0",
            "subject_match_field": MATCHED_BY[question.scheme],
            "match_string": question.key,
            "reviewed": "false",
        }

    def _read(self) -> list[Row]:
        if not self._path.exists():
            return []
        rows = read_mapping_table(self._path, COLUMNS).rows
        for line, row in rows:
            _check_date(self._path, line, row["mapping_date"])
        return [{column: row[column] for column in COLUMNS} for _, row in rows]

    def _write(self) -> None:
        prefixes = _PREFIXES | {form.prefix: form.namespace for form in self._target.forms}
        text = io.StringIO(newline="")
        text.write(
            _HEADER.format(
                prefixes="".join(f"#  {prefix}: {namespace}\n" for prefix, namespace in sorted(prefixes.items())),
                base=BASE_IRI,
                name=self._target.name,
                title=self._target.title,
                version=__version__,
            )
        )
        writer = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(self._rows, key=lambda row: [row[column] for column in COLUMNS]))
        write_whole(self._path, text.getvalue())


def shorten_subject(iri: str) -> str:
    """The IRI of a paper or a repository of ours as ``paper:...`` or ``repository:...``."""
    kind, _, local = iri.removeprefix(BASE_IRI).partition("/")
    return f"{kind}:{local}"


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in ("subject_id", "predicate_id", "object_id", "match_string"))


def _check_date(path: Path, line: int, text: str) -> None:
    try:
        datetime.date.fromisoformat(text or "2000-01-01")
    except ValueError as error:
        raise MappingsUnreadable(path, line, f"“{text}” is no date; write it as 2026-11-23") from error
