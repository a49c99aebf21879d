"""The legend is read from the README's list, and what it does not explain is reported once."""

from collections.abc import Callable

import pytest

from medsynth_kg.survey.findings import Finding
from medsynth_kg.survey.legend import check_legend, read_legend
from medsynth_kg.survey.mapping import Legend, default_mapping
from medsynth_kg.survey.reading import read_entries
from medsynth_kg.survey.rows import SurveyRow

Row = Callable[..., SurveyRow]
MAPPING = default_mapping()
LEGEND = """\
## **Evaluation Metrics**

1. **Fidelity (F)**:
   - like MSE.
2. **Diversity (D)**: by FID

## License

- **MIT (M)**
"""


def check(legend: dict[str, str] | None, *rows: SurveyRow) -> list[Finding]:
    return list(check_legend(read_entries(list(rows))[0], legend, MAPPING, "README.md"))


def test_reads_letters_and_names_from_the_legends_section_only() -> None:
    assert read_legend(LEGEND, MAPPING) == {"F": "Fidelity", "D": "Diversity"}


def test_a_legend_may_put_the_letter_first() -> None:
    assert read_legend("# Legend\n\n- F: Fidelity\n- U = Utility\n", MAPPING) == {"F": "Fidelity", "U": "Utility"}


def test_the_name_of_the_legends_heading_is_compared_without_case_and_punctuation() -> None:
    mapping = MAPPING.model_copy(update={"legend": Legend(headings=("Metrics: what is measured",))})
    assert read_legend("## METRICS – what is measured\n- Utility (U)\n", mapping) == {"U": "Utility"}


def test_letters_and_words_outside_the_legend_are_reported_once_with_their_uses(row: Row) -> None:
    rows = (row(evaluation="U, F"), row(evaluation="Utility,Fidelity (IoU)", line=3), row(evaluation="U/d", line=4))
    found = check({"F": "Fidelity", "D": "Diversity"}, *rows)
    assert [(finding.kind, finding.value) for finding in found] == [
        ("evaluation-not-in-legend", "U"),
        ("evaluation-not-in-legend", "Utility"),
    ]
    assert "2 rows" in found[0].message
    assert "1 row," in found[1].message


def test_a_letter_is_one_in_capitals_and_small_and_named_as_it_is_mostly_written(row: Row) -> None:
    rows = [row(evaluation=cell, line=line) for line, cell in enumerate(["u", "U,u", "U", "F, U"], 2)]
    (found,) = check({"F": "Fidelity"}, *rows)
    assert found.value == "U"
    assert "4 rows" in found.message


def test_placeholders_use_no_letters(row: Row) -> None:
    assert check({"F": "Fidelity"}, row(paper="[P](https://example.com)", evaluation="X")) == []


@pytest.mark.parametrize("text", ["", "# Evaluation metrics\n\nSee the paper.\n"])
def test_a_survey_without_a_legend_gets_one_notice(row: Row, text: str) -> None:
    assert [finding.kind for finding in check(read_legend(text, MAPPING), row())] == ["no-legend"]
