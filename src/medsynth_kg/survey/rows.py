"""A row of a survey table in the survey's own words."""

from pydantic import BaseModel, ConfigDict

COLUMNS = ("type", "application", "architecture", "modality", "paper", "code", "evaluation", "date")
"""The columns of ``data/survey/<table>.csv``, in order. A cell holds the survey's own Markdown, links included."""


class SurveyRow(BaseModel):
    """One row: where it stands and what each cell says; an absent column or an empty cell is the empty string.

    ``file`` is relative to the data directory (or the address of an imported file), ``line`` counts from 1.
    """

    model_config = ConfigDict(frozen=True)

    table: str
    file: str
    line: int
    type: str = ""
    application: str = ""
    architecture: str = ""
    modality: str = ""
    paper: str = ""
    code: str = ""
    evaluation: str = ""
    date: str = ""
