"""A selection's table as CSV and JSON, with the columns of the query that makes it."""

import csv
import io
import json
from collections.abc import Iterable

from medsynth_kg.endpoint.exploring.papers import Paper, Value

_LISTS = ("venue", "modality", "family", "architecture", "application", "evaluation")
COLUMNS = ("paper", "title", "date", *_LISTS, "repository", "retracted")
"""The variables of the query ``selected-papers``."""


def as_csv(papers: Iterable[Paper]) -> str:
    """CSV (RFC 4180) with a header; several values of a cell are apart by ``; ``."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for paper in papers:
        lists = ("; ".join(value.label for value in paper.values[name]) for name in _LISTS)
        repositories = "; ".join(value.term for value in paper.repositories)
        writer.writerow((paper.iri, paper.title, paper.date, *lists, repositories, "yes" if paper.retracted else "no"))
    return text.getvalue()


def as_json(papers: Iterable[Paper], base: str) -> str:
    """A JSON array with an object a paper; every value of a list has its IRI and its label."""
    documents = [
        {
            "paper": paper.iri,
            "title": paper.title,
            "date": paper.date or None,
            **{name: [_named(value) for value in paper.values[name]] for name in _LISTS},
            "repository": [{"iri": base + value.key, "address": value.term} for value in paper.repositories],
            "retracted": paper.retracted,
        }
        for paper in papers
    ]
    return json.dumps(documents, ensure_ascii=False, indent=1) + "\n"


def _named(value: Value) -> dict[str, str]:
    return {"iri": value.term, "label": value.label}
