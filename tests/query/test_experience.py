"""What a query took before tells how long it will take."""

import pytest

from medsynth_kg.query.experience import Experience
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.scheduling import Length

ASK = QueryRequest("ASK {}", "text/csv")


@pytest.mark.parametrize(
    ("seconds", "length"), [(0.01, Length.SHORT), (0.15, Length.UNKNOWN), (0.3, Length.LONG), (30.0, Length.LONG)]
)
def test_a_query_is_known_by_its_time_and_in_between_it_is_not(seconds: float, length: Length) -> None:
    experience = Experience(0.1)
    assert experience.length(ASK) is Length.UNKNOWN
    experience.note(ASK, seconds)
    assert experience.length(ASK) is length


def test_the_latest_run_counts() -> None:
    experience = Experience(0.1)
    experience.note(ASK, 5)
    experience.note(ASK, 0.01)
    assert experience.length(ASK) is Length.SHORT


def test_the_same_text_over_other_graphs_or_with_other_values_is_another_query() -> None:
    experience = Experience(0.1)
    experience.note(ASK, 0.01)
    assert experience.length(QueryRequest("ASK {}", "text/csv", default_graphs=("urn:g",))) is Length.UNKNOWN
    assert experience.length(QueryRequest("ASK {}", "text/csv", substitutions={"x": "1"})) is Length.UNKNOWN
    assert experience.length(QueryRequest("ASK {}", "application/sparql-results+json")) is Length.SHORT


def test_what_was_not_asked_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medsynth_kg.query.experience._MOST", 2)
    experience = Experience(0.1)
    for number in range(3):
        experience.note(QueryRequest(f"ASK {{ ?s ?p {number} }}", "text/csv"), 0.01)
    known = [experience.length(QueryRequest(f"ASK {{ ?s ?p {number} }}", "text/csv")) for number in range(3)]
    assert known == [Length.UNKNOWN, Length.SHORT, Length.SHORT]
