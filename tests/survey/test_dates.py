"""Months and years in the spellings that people use; what could mean two things means nothing."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.dates import months_between, parse_date

NAMES = [datetime.date(2000, month, 1).strftime("%B") for month in range(1, 13)]


@given(year=st.integers(1990, 2099), month=st.integers(1, 12))
def test_every_spelling_of_a_month_reads_the_same(year: int, month: int) -> None:
    name = NAMES[month - 1]
    spellings = (
        f"{year}-{month:02}",
        f"{year}/{month}",
        f"{month:02}/{year}",
        f"{month}.{year}",
        f"{name} {year}",
        f"{name[:3]}. {year}",
        f"{name[:3].upper()}, {year}",
        f"{year} {name[:3].lower()}",
        f"3 {name} {year}",
        f"{name} 3rd, {year}",
        f"{year}-{month:02}-28",
        f"28/{month:02}/{year}",
    )
    assert {parse_date(spelling) for spelling in spellings} == {f"{year}-{month:02}"}


@given(year=st.integers(1900, 2099))
def test_a_year_stays_a_year(year: int) -> None:
    assert parse_date(f" ({year}) ") == str(year)


@pytest.mark.parametrize(
    "text", ["", "soon", "2023-13", "2023-00", "03/04/2023", "23-09", "1823", "U, F", "2022, 2023"]
)
def test_what_is_no_date_or_two_dates_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_months_are_counted_over_years_and_not_from_years_alone() -> None:
    assert months_between("2021-03", "2023-06") == 27
    assert months_between("2023-10", "2023-09") == -1
    assert months_between("2023", "2023-09") is None
