"""Every saved query's answer, counted a second time from the CSV files."""

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.queries.conftest import CATEGORIES, Answer, Row

from medsynth_kg.graph.namespaces import SCHEMA
from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import load_saved_queries, read_saved_query
from medsynth_kg.release.reading import Release

REPOSITORY = Path(__file__).parents[2]


def numbers(rows: list[dict[str, str]], *keys: str, value: str = "papers") -> dict[tuple[str, ...], int]:
    return {tuple(row[key] for key in keys): int(row[value]) for row in rows}


def test_the_survey_has_forty_one_rows_each_about_a_different_paper(rows: list[Row]) -> None:
    assert len(rows) == len({row.paper for row in rows}) == 41


def test_papers_by_modality(answer: Answer, rows: list[Row]) -> None:
    answered = answer("papers-by-modality")
    assert numbers(answered, "label") == {(name,): n for name, n in Counter(row.modality for row in rows).items()}
    assert numbers(answered, "label", value="withCode") == {
        (name,): n for name, n in Counter(row.modality for row in rows if row.has_code).items()
    }


def test_diffusion_models_with_code(answer: Answer, rows: list[Row]) -> None:
    expected = [row for row in rows if "Diffusion model" in row.families and row.has_code]
    answered = answer("diffusion-models-with-code")
    assert Counter(row["modality"] for row in answered) == Counter(row.modality for row in expected)
    assert all(any(row["code"].lower() in other.code.lower() for other in expected) for row in answered)


def test_papers_checked_for_privacy(answer: Answer, rows: list[Row]) -> None:
    expected = [row for row in rows if "Privacy" in row.categories]
    answered = answer("papers-checked-for-privacy")
    assert Counter(row["modality"] for row in answered) == Counter(row.modality for row in expected)


def test_evaluation_by_year(answer: Answer, rows: list[Row]) -> None:
    answered = answer("evaluation-by-year")
    assert numbers(answered, "year", "category") == Counter(
        (row.year, category) for row in rows for category in row.categories
    )
    years = Counter(row.year for row in rows)
    assert all(int(row["papersOfYear"]) == years[row["year"]] for row in answered)


def test_architectures_across_modalities(answer: Answer) -> None:
    answered = {
        row["label"]: set(row["modalityLabels"].split(", ")) for row in answer("architectures-across-modalities")
    }
    assert answered["DDPM"] == {"Electrocardiogram", "Electroencephalogram"}
    assert answered["Latent diffusion model"] == {"Electroencephalogram", "Dermoscopy"}
    assert all(len(modalities) > 1 for modalities in answered.values())


def test_entries_without_clinical_check(answer: Answer, rows: list[Row]) -> None:
    assert len(answer("entries-without-clinical-check")) == sum(
        "Clinical validity" not in row.categories for row in rows
    )


def test_evaluation_by_modality(answer: Answer, rows: list[Row]) -> None:
    assert numbers(answer("evaluation-by-modality"), "modality", "category") == Counter(
        (row.modality, category) for row in rows for category in row.categories
    )


def test_families_by_year(answer: Answer, rows: list[Row]) -> None:
    assert numbers(answer("families-by-year"), "year", "family") == Counter(
        (row.year, family) for row in rows for family in row.families
    )


def test_code_availability_by_family(answer: Answer, rows: list[Row]) -> None:
    answered = {
        row["family"]: (int(row["papers"]), int(row["withCode"])) for row in answer("code-availability-by-family")
    }
    assert answered == {
        family: (
            sum(family in row.families for row in rows),
            sum(family in row.families and row.has_code for row in rows),
        )
        for family in set().union(*(row.families for row in rows))
    }


def test_most_used_architectures(answer: Answer, rows: list[Row]) -> None:
    answered = numbers(answer("most-used-architectures"), "label")
    assert answered["StyleGAN",] == sum("StyleGAN" in row.architecture for row in rows)
    assert answered["StyleGAN2-ADA",] == sum("StyleGAN2-ADA" in row.architecture for row in rows)
    assert list(answered.values()) == sorted(answered.values(), reverse=True)


def test_variants_of_stylegan(answer: Answer, rows: list[Row]) -> None:
    answered = Counter(row["variant"] for row in answer("variants-of-stylegan"))
    assert answered == Counter(row.architecture for row in rows if "StyleGAN" in row.architecture)


def test_papers_of_several_families(answer: Answer, rows: list[Row]) -> None:
    answered = [frozenset(row["familyLabels"].split(", ")) for row in answer("papers-of-several-families")]
    assert Counter(answered) == Counter(row.families for row in rows if len(row.families) > 1)


def test_applications_by_family(answer: Answer, rows: list[Row]) -> None:
    answered = numbers(answer("applications-by-family"), "family", "application")
    spelled = {"Unconditonal", "Unconditional"}
    assert {
        family: n for (family, application), n in answered.items() if application == "Unconditional generation"
    } == (Counter(family for row in rows if row.application in spelled for family in row.families))


def test_code_repositories(answer: Answer, rows: list[Row]) -> None:
    answered = answer("code-repositories")
    assert len({row["repository"] for row in answered}) == sum(row.has_code for row in rows) == 16


def test_evaluation_depth(answer: Answer, rows: list[Row]) -> None:
    answered = [int(row["categories"]) for row in answer("evaluation-depth")]
    assert answered == sorted((len(row.categories) for row in rows), reverse=True)


def test_papers_judged_by_one_category(answer: Answer, rows: list[Row]) -> None:
    answered = Counter((row["modality"], row["category"]) for row in answer("papers-judged-by-one-category"))
    assert answered == Counter((row.modality, *row.categories) for row in rows if len(row.categories) == 1)


def test_unexplored_combinations(answer: Answer, rows: list[Row]) -> None:
    tried = {(row.modality, category) for row in rows for category in row.categories}
    modalities = {row.modality for row in rows}
    answered = {(row["modality"], row["category"]) for row in answer("unexplored-combinations")}
    assert answered == set(product(modalities, CATEGORIES.values())) - tried


def test_most_frequent_authors(answer: Answer, curated_authors: Counter[str]) -> None:
    assert numbers(answer("most-frequent-authors"), "name") == {
        (name,): papers for name, papers in curated_authors.items() if papers > 1
    }


def test_venues(answer: Answer, curated_venues: Counter[str]) -> None:
    assert numbers(answer("venues"), "title") == {(title,): papers for title, papers in curated_venues.items()}


def test_what_to_correct_in_the_survey(answer: Answer) -> None:
    answered = answer("what-to-correct-in-the-survey")
    values = " ".join(row.get("value", "") for row in answered)
    for mistake in ("yES", "Original method", "prioir", "Unconditonal", "2023-06"):
        assert mistake in values
    assert {row["value"] for row in answered if row["kind"] == "evaluation-not-in-legend"} == {"U", "Q"}
    placeholders = [row for row in answered if row["kind"] == "placeholder-row"]
    assert len(placeholders) == 10


def test_ecg_diffusion_models_checked_for_privacy(executor: EmbeddedExecutor, rows: list[Row]) -> None:
    (query,) = (
        q for q in load_saved_queries(REPOSITORY / "queries") if q.slug == "ecg-diffusion-models-checked-for-privacy"
    )
    expected = any(
        row.table == "ecg" and "Diffusion model" in row.families and "Privacy" in row.categories for row in rows
    )
    assert executor.execute(QueryRequest(query.text, "text/csv")).body == (b"true" if expected else b"false")


def test_papers_as_schema_org(executor: EmbeddedExecutor, shipped_release: Release) -> None:
    query = read_saved_query(shipped_release.queries / "papers-as-schema-org.rq")
    body = executor.execute(QueryRequest(query.text, "application/n-triples")).body
    assert isinstance(body, bytes)
    assert body.count(b"<https://schema.org/ScholarlyArticle>") == 41
    assert body.count(b"/paper/") > 41
    statements = list(parse(body, format=RdfFormat.N_TRIPLES))
    code = {one.subject for one in statements if one.object == SCHEMA.SoftwareSourceCode}
    assert {one.subject for one in statements if one.predicate == SCHEMA.codeRepository} == code
    assert {one.object for one in statements if one.predicate == SCHEMA.mentions} == code
    assert len(code) == 16


@pytest.mark.parametrize("query", load_saved_queries(REPOSITORY / "queries"), ids=lambda query: query.slug)
def test_every_saved_query_has_a_test_of_its_answer(query: object) -> None:
    slug = getattr(query, "slug", "")
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*answers.py"))
    assert f"def test_{slug.replace('-', '_')}(" in tests


def test_the_manifest_says_how_many_rows_each_query_has(shipped_release: Release, answer: Answer) -> None:
    counts = shipped_release.manifest.queries
    assert set(counts) == {query.slug for query in load_saved_queries(REPOSITORY / "queries") if not query.federated}
    assert counts["venues"] == len(answer("venues"))
