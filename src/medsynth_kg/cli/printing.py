"""How the commands print findings."""

from collections.abc import Iterable

import click

from medsynth_kg.survey.findings import Finding


def print_findings(findings: Iterable[Finding]) -> None:
    """Print one finding a line: severity, place, what is wrong, what to do."""
    for finding in findings:
        click.echo(f"{finding.severity.value}: {place(finding)}: {finding.message} {finding.advice}")


def place(finding: Finding) -> str:
    """Where a finding stands, as far as that is known: ``survey/ecg.csv:7, code “yES”``."""
    file = finding.file or finding.table or "the survey"
    line = f":{finding.line}" if finding.line else ""
    cell = f", {finding.column}" if finding.column else ""
    value = f" “{finding.value}”" if finding.value else ""
    return file + line + cell + value
