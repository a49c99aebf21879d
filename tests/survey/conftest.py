"""A small README and the ways to bring it into a data directory."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from medsynth_kg.survey.importing import ImportReport, import_survey
from medsynth_kg.survey.mapping import default_mapping
from medsynth_kg.survey.rows import SurveyRow

HEADER = """\
| Type | Application | Architecture | Paper Link | Code Link | Evaluation | Date |
|:-----|:------------|:-------------|:-----------|:----------|:-----------|:-----|
"""

Import = Callable[..., ImportReport]
Row = Callable[..., SurveyRow]


@pytest.fixture
def run_import(tmp_path: Path) -> Import:
    """Import a README's text into one data directory, every time on another day."""
    days = iter(range(1, 28))

    def run(text: str, *, dry_run: bool = False) -> ImportReport:
        today = datetime.date(2026, 11, next(days))
        return import_survey(
            text, tmp_path, source="README.md", mapping=default_mapping(), today=today, dry_run=dry_run
        )

    return run


@pytest.fixture
def ecg() -> Callable[..., str]:
    """A README with one ECG table of the given lines, below the usual header or another one."""

    def readme(*lines: str, header: str = HEADER) -> str:
        return f"# Survey\n\n### Electrocardiogram (ECG)\n{header}" + "".join(f"{line}\n" for line in lines)

    return readme


@pytest.fixture
def row() -> Row:
    """A complete row, with the given cells changed."""

    def make(**cells: str) -> SurveyRow:
        complete = {
            "type": "GAN",
            "application": "Unconditional",
            "architecture": "WaveGAN",
            "paper": "[Paper](https://doi.org/10.1000/a)",
            "code": "",
            "evaluation": "U, F",
            "date": "2023-09",
        }
        return SurveyRow(**({"table": "ecg", "file": "survey/ecg.csv", "line": 2} | complete | cells))

    return make
