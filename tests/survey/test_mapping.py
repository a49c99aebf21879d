"""A mapping file is checked when it is read, and headings and columns are found by its names."""

from pathlib import Path

import pytest

from medsynth_kg.survey.columns import field_of
from medsynth_kg.survey.errors import MappingError
from medsynth_kg.survey.mapping import default_mapping, plain_words, read_mapping
from medsynth_kg.survey.readme import slug_of, slugs_in_heading

MAPPING = default_mapping()


def test_the_survey_has_twelve_tables() -> None:
    slugs = " ".join(table.slug for table in MAPPING.tables if not table.optional)
    assert slugs == "ehr ecg eeg dermoscopy mammography ultrasound mri ct xray oct multimodal text"


def test_no_name_stands_for_two_things() -> None:
    columns = [plain_words(name) for names in MAPPING.columns.values() for name in names]
    headings = [plain_words(name) for table in MAPPING.tables for name in table.headings]
    assert len(set(columns)) == len(columns)
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("**Electronic Health Records (EHR)**", "ehr"),
        ("Electrocardiogram (ECG)", "ecg"),
        ("2.1 ECG signals", "ecg"),
        ("Electroencephalogram (EEG)", "eeg"),
        ("Skin lesion images", "dermoscopy"),
        ("Mammographic Images", "mammography"),
        ("Ultrasound  Images", "ultrasound"),
        ("Magnetic resonance imaging", "mri"),
        ("CT Images", "ct"),
        ("X-ray Images", "xray"),
        ("Chest X‑Ray", "xray"),
        ("OCT  Images", "oct"),
        ("Optical coherence tomography", "oct"),
        ("Multiple modalities Images", "multimodal"),
        ("Clinical Notes and Radiology Reports", "text"),
    ],
)
def test_a_heading_is_known_by_the_names_in_it(heading: str, slug: str) -> None:
    assert slugs_in_heading(heading, MAPPING) == [slug]


@pytest.mark.parametrize("heading", ["", "Images", "Signals", "Overview", "Contributing", "Octopus"])
def test_other_headings_fit_no_table(heading: str) -> None:
    assert slugs_in_heading(heading, MAPPING) == []


def test_a_heading_of_two_tables_names_both() -> None:
    assert slugs_in_heading("MRI and CT", MAPPING) == ["mri", "ct"]


@pytest.mark.parametrize(
    ("heading", "slug"), [("Wound photographs", "wound-photographs"), ("Étude №1", "etude-no1"), ("…", "survey")]
)
def test_an_unknown_heading_makes_a_slug(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("**Technology**", "architecture"),
        ("Architecture", "architecture"),
        ("PAPER LINK", "paper"),
        ("Paper\u00a0Links", "paper"),
        ("Code (GitHub)", "code"),
        ("Model Type", "type"),
        ("Evaluation Methods", "evaluation"),
        ("Date of publication", "date"),
        ("Stars", None),
        ("", None),
    ],
)
def test_a_column_is_known_by_its_name(name: str, field: str | None) -> None:
    assert field_of(name, MAPPING) == field


GOOD = '[columns]\npaper = ["Link"]\n[[tables]]\nslug = "nlp"\ntitle = "NLP"\nheadings = ["language"]\n'


def test_another_surveys_names_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert slugs_in_heading("Language models", read_mapping(path)) == ["nlp"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns", "not TOML"),
        (GOOD.replace("paper", "papr"), "no such field: papr"),
        (GOOD.replace('["Link"]', '"Link"'), r'columns.paper: write a list of names, such as \["Link"\]'),
        (GOOD.replace('["Link"]', "[1]"), 'columns.paper.0: write a text in quotes, such as "Link"'),
        (GOOD.replace('"nlp"', '"N L P"'), "tables.0.slug: write lower-case letters, digits and hyphens"),
        (GOOD.replace('"NLP"', '""'), "tables.0.title: this must not be empty"),
        (GOOD.replace('title = "NLP"\n', ""), "tables.0.title: this key is missing"),
        (GOOD + "optional = 7\n", "tables.0.optional: write true or false"),
        (
            GOOD.replace("headings", "heading"),
            "tables.0.heading: there is no such key; the keys are slug, title, headings, optional",
        ),
        (GOOD.replace("[[tables]]", "[tables]"), r"tables: this is a list of tables; write \[\[tables\]\] above each"),
        (GOOD.partition("[[")[0], "tables: this key is missing"),
        ('legend = "Metrics"\n' + GOOD, r"legend: this is a table; write \[legend\] above its keys"),
        (GOOD + GOOD.partition("\n")[2].partition("\n")[2], "slug used twice: nlp"),
        (GOOD + "[lgend]\n", "lgend: there is no such key; the keys are columns, tables, legend, other_tables"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=f"mapping.toml.*{message}.*; docs/mapping.md describes the file"):
        read_mapping(path)


def test_a_fields_own_name_is_one_of_its_names(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(GOOD.replace("[columns]", '[columns]\narchitecture = ["Type"]'), encoding="utf-8")
    mapping = read_mapping(path)
    columns = ("Link", "Paper", "Evaluation", "Code (GitHub)", "Type")
    assert [field_of(name, mapping) for name in columns] == ["paper", "paper", "evaluation", "code", "architecture"]


def test_a_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="No such file"):
        read_mapping(tmp_path / "none.toml")
