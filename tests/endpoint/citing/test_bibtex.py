"""BibTeX is read back by a parser of its own, whatever a title or a name holds."""

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.citing.bibtex import as_bibtex
from medsynth_kg.endpoint.citing.citation import Author, Citation

PAPER = Citation(
    "https://w3id.org/medsynth-kg/paper/10.1000/a",
    title="Synthetic ECG Signals & 12% of Noise",
    authors=(Author("Ekárt", "Anikó"), Author("van der Berg", "J."), Author(literal="Barnes and Noble")),
    date="2023-10-09",
    kind="journal",
    venue="Sensors",
    volume="23",
    issue="19",
    pages="8328-8330",
    doi="10.1000/a_b",
)
COMMANDS = {
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\$": "$",
    r"\&": "&",
    r"\#": "#",
    r"\%": "%",
    r"\_": "_",
}
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), include_characters=" "), max_size=40)


def fields(citation: Citation) -> dict[str, str]:
    (entry,) = bibtexparser.loads(as_bibtex([citation])).entries
    return dict(entry)


def unescaped(text: str) -> str:
    """What LaTeX would show: braces only group, and each command is a character."""
    shown = ""
    while text:
        command = next((known for known in COMMANDS if text.startswith(known)), None)
        if command:
            shown, text = shown + COMMANDS[command], text.removeprefix(command)
        elif text.startswith(r"\textbackslash{}"):
            shown, text = shown + "\\", text.removeprefix(r"\textbackslash{}")
        else:
            shown, text = shown + text[0].strip("{}"), text[1:]
    return shown


def test_a_journal_article_has_the_fields_that_styles_need() -> None:
    found = fields(PAPER)
    assert (found["ENTRYTYPE"], found["ID"]) == ("article", "ekart2023synthetic")
    assert found["title"] == r"Synthetic {ECG} Signals \& 12\% of Noise"
    assert found["author"] == r"Ekárt, Anikó and van der Berg, J. and {Barnes and Noble}"
    assert (found["journal"], found["volume"], found["number"]) == ("Sensors", "23", "19")
    assert (found["year"], found["month"], found["pages"]) == ("2023", "October", "8328--8330")
    assert (found["doi"], found["url"]) == ("10.1000/a_b", "https://doi.org/10.1000/a_b")


@pytest.mark.parametrize(
    ("kind", "entry_type", "container"),
    [
        ("proceedings", "inproceedings", "booktitle"),
        ("book", "incollection", "booktitle"),
        ("", "misc", "howpublished"),
    ],
)
def test_the_kind_of_venue_decides_the_kind_of_entry(kind: str, entry_type: str, container: str) -> None:
    found = fields(Citation("https://example.org/paper/x", title="A title", kind=kind, venue="Somewhere"))
    assert (found["ENTRYTYPE"], found[container]) == (entry_type, "Somewhere")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Deep Models for Bayesian Inference", "Deep Models for Bayesian Inference"),
        ("Deep models for Bayesian inference", "Deep models for {Bayesian} inference"),
        ("TTS-GAN: A Transformer-Based Network", "{TTS-GAN:} A Transformer-Based Network"),
    ],
)
def test_capitals_are_kept_where_the_style_of_the_title_does_not_explain_them(title: str, written: str) -> None:
    assert fields(Citation("https://example.org/paper/x", title=title))["title"] == written


def test_entries_of_one_file_have_different_keys() -> None:
    entries = bibtexparser.loads(as_bibtex([PAPER, PAPER, PAPER])).entries
    assert [entry["ID"] for entry in entries] == [
        "ekart2023synthetic",
        "ekart2023synthetic-2",
        "ekart2023synthetic-3",
    ]


@given(TEXTS, TEXTS.filter(str.strip), TEXTS)
def test_any_title_and_name_comes_back(title: str, family: str, given_name: str) -> None:
    title, family, given_name = (" ".join(text.split()) for text in (title, family, given_name))
    author = Author(family, given_name)
    found = fields(Citation("https://example.org/paper/x", title=title, authors=(author,)))
    assert unescaped(found.get("title", "")) == title
    assert unescaped(found["author"]) == author.inverted
