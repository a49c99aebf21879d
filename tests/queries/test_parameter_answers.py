"""Saved queries with values for their parameters, counted a second time from the CSV files."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store
from tests.queries.conftest import CATEGORIES, FAMILIES, Answer, Row, Rows

from medsynth_kg.query.saved import load_saved_queries

QUERIES = Path(__file__).parents[2] / "queries"
AnswerFor = Callable[..., Rows]

MODALITY_SLUGS = {"ecg": "Electrocardiogram", "eeg": "Electroencephalogram", "dermoscopy": "Dermoscopy"}
FAMILY_SLUGS = {"gan": FAMILIES["GAN"], "diffusion-model": FAMILIES["DM"]}
CATEGORY_SLUGS = {name.lower().replace(" ", "-"): name for name in CATEGORIES.values()}


def test_find_papers(answer: Answer, answer_for: AnswerFor, rows: list[Row]) -> None:
    assert len({row["paper"] for row in answer("find-papers")}) == len(rows)
    for modality, table in (("ecg", "ecg"), ("eeg", "eeg")):
        for category, name in CATEGORY_SLUGS.items():
            found = answer_for("find-papers", modality=modality, family="diffusion-model", category=category)
            expected = [
                row
                for row in rows
                if row.table == table and "Diffusion model" in row.families and name in row.categories
            ]
            assert len({row["paper"] for row in found}) == len(expected)
            assert all(name in row["evaluatedFor"] for row in found)


def test_find_papers_has_a_row_a_year_for_a_paper_that_is_surveyed_twice_in_it_and_judged_by_nothing() -> None:
    (query,) = (query for query in load_saved_queries(QUERIES) if query.slug == "find-papers")
    store = Store()
    store.load(
        """PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        <urn:paper> a msk:Paper ; rdfs:label "A" ; msk:surveyDate "2023-01"^^xsd:gYearMonth, "2023-05"^^xsd:gYearMonth,
          "2024-01"^^xsd:gYearMonth .""",
        RdfFormat.TURTLE,
    )
    solutions = store.query(query.text)
    assert isinstance(solutions, QuerySolutions)
    found = [
        {variable.value: str(solution[variable]) for variable in solutions.variables if solution[variable]}
        for solution in solutions
    ]
    years = sorted(row.pop("year") for row in found)
    assert years == [f'"{year}"^^<http://www.w3.org/2001/XMLSchema#integer>' for year in (2023, 2024)]
    assert found == [{"paper": "<urn:paper>", "label": '"A"'}] * 2


def test_find_papers_says_whether_the_code_is_online(answer_for: AnswerFor, rows: list[Row]) -> None:
    found = answer_for("find-papers", modality="ecg", family="diffusion-model")
    expected = [row for row in rows if row.table == "ecg" and "Diffusion model" in row.families]
    assert len({row["paper"] for row in found if "code" in row}) == sum(row.has_code for row in expected)


@pytest.mark.parametrize(("first", "last"), [(2021, 2021), (2022, 2023), (2023, None), (None, 2022)])
def test_find_papers_takes_years(answer_for: AnswerFor, rows: list[Row], first: int | None, last: int | None) -> None:
    limits = {name: year for name, year in (("from", first), ("to", last)) if year is not None}
    found = answer_for("find-papers", **limits)
    assert len({row["paper"] for row in found}) == sum((first or 0) <= int(row.year) <= (last or 9999) for row in rows)


def test_papers_by_architecture(answer: Answer, answer_for: AnswerFor) -> None:
    names = [row["variant"] for row in answer_for("papers-by-architecture", architecture="stylegan")]
    assert names == [row["variant"] for row in answer("variants-of-stylegan")]
    dermoscopy = answer_for("papers-by-architecture", architecture="ddpm", modality="eeg")
    assert {row["modality"] for row in dermoscopy} == {"Electroencephalogram"}


@pytest.mark.parametrize(("slug", "modality"), MODALITY_SLUGS.items())
def test_families_by_year_of_one_kind_of_data(answer_for: AnswerFor, rows: list[Row], slug: str, modality: str) -> None:
    answered = answer_for("families-by-year", modality=slug)
    assert {(row["year"], row["family"]): int(row["papers"]) for row in answered} == Counter(
        (row.year, family) for row in rows if row.modality == modality for family in row.families
    )


@pytest.mark.parametrize(("slug", "family"), FAMILY_SLUGS.items())
def test_evaluation_by_modality_of_one_family(answer_for: AnswerFor, rows: list[Row], slug: str, family: str) -> None:
    answered = answer_for("evaluation-by-modality", family=slug)
    assert {(row["modality"], row["category"]): int(row["papers"]) for row in answered} == Counter(
        (row.modality, category) for row in rows if family in row.families for category in row.categories
    )


@pytest.mark.parametrize(("slug", "modality"), MODALITY_SLUGS.items())
def test_code_availability_of_one_kind_of_data(
    answer_for: AnswerFor, rows: list[Row], slug: str, modality: str
) -> None:
    answered = answer_for("code-availability-by-family", modality=slug)
    assert {row["family"]: int(row["withCode"]) for row in answered if row["withCode"] != "0"} == Counter(
        family for row in rows if row.modality == modality and row.has_code for family in row.families
    )


def test_papers_checked_for_privacy_of_one_family(answer_for: AnswerFor, rows: list[Row]) -> None:
    for slug, family in FAMILY_SLUGS.items():
        expected = sum("Privacy" in row.categories and family in row.families for row in rows)
        assert len(answer_for("papers-checked-for-privacy", family=slug)) == expected


def test_evaluation_by_year_counts_all_papers_of_the_chosen_kind(answer_for: AnswerFor, rows: list[Row]) -> None:
    years = Counter(row.year for row in rows if row.table == "ecg")
    answered = answer_for("evaluation-by-year", modality="ecg")
    assert {row["year"]: int(row["papersOfYear"]) for row in answered} == years


def test_diffusion_models_with_code_that_were_checked_for_utility(answer_for: AnswerFor, rows: list[Row]) -> None:
    expected = [
        row for row in rows if "Diffusion model" in row.families and row.has_code and "Utility" in row.categories
    ]
    answered = answer_for("diffusion-models-with-code", category="utility")
    assert len({row["paper"] for row in answered}) == len(expected)


def test_most_used_architectures_of_one_kind_of_data(answer: Answer, answer_for: AnswerFor) -> None:
    everywhere = {row["label"]: int(row["papers"]) for row in answer("most-used-architectures")}
    tables = [answer_for("most-used-architectures", modality=slug) for slug in MODALITY_SLUGS]
    summed = Counter[str]()
    for table in tables:
        summed.update({row["label"]: int(row["papers"]) for row in table})
    assert summed == everywhere


def test_applications_of_one_kind_of_data(answer_for: AnswerFor, rows: list[Row]) -> None:
    answered = answer_for("applications-by-family", modality="ecg")
    families = {family for row in rows if row.table == "ecg" for family in row.families}
    assert {row["family"] for row in answered} <= families
