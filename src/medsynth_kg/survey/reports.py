"""Findings about one row, said in one place so that every one carries where it stands."""

from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.rows import SurveyRow


class RowReport:
    """Collects the findings about ``row``."""

    def __init__(self, row: SurveyRow) -> None:
        self._row = row
        self.findings: list[Finding] = []

    def add(
        self, kind: str, severity: Severity, column: str | None, message: str, advice: str, value: str | None = None
    ) -> None:
        """Report a problem in ``column``; the value shown is the cell itself unless another is given."""
        cell = getattr(self._row, column) if column else None
        self.findings.append(
            Finding(
                kind=kind,
                severity=severity,
                message=message,
                advice=advice,
                table=self._row.table,
                file=self._row.file,
                line=self._row.line,
                column=column,
                value=value or cell or None,
            )
        )
