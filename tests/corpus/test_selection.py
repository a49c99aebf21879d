import pytest

from medsynth_kg.corpus.selection import Neighbourhood, Relation, Selection, is_chosen
from medsynth_kg.corpus.sources import BulkRecord
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Source

SURVEYED = {"10.5555/s": PaperIdentifier(scheme="doi", value="10.5555/s")}
NEIGHBOURHOOD = Neighbourhood(surveyed=frozenset({"10.5555/s"}), cited=frozenset({"10.5555/c"}))


def record(doi: str, *references: str, title: str = "") -> BulkRecord:
    return BulkRecord(Source.CROSSREF, doi, doi, frozenset(references), title, {})


@pytest.mark.parametrize(
    ("relation", "chosen"),
    [
        (Relation.SURVEYED, record("10.5555/s")),
        (Relation.REFERENCES, record("10.5555/c")),
        (Relation.CITING, record("10.5555/x", "10.5555/s")),
    ],
)
def test_a_work_is_chosen_by_the_relation_asked_for_and_no_other(relation: Relation, chosen: BulkRecord) -> None:
    for asked in Relation:
        selection = Selection(relations=frozenset({asked}))
        assert is_chosen(chosen, selection, SURVEYED, NEIGHBOURHOOD) == (asked is relation)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Synthetic ECGs: a Review", False), ("ECG, synthetic", True), ("SYNTHÉTIC ecg signals", True), ("", False)],
)
def test_a_term_wants_all_its_words_in_the_title(title: str, expected: bool) -> None:
    selection = Selection(terms=("synthetic ECG",))
    assert is_chosen(record("10.5555/x", title=title), selection, SURVEYED, NEIGHBOURHOOD) == expected


def test_everything_is_everything_and_nothing_is_nothing() -> None:
    assert is_chosen(record("10.5555/x"), Selection(everything=True), {}, Neighbourhood())
    assert not is_chosen(record("10.5555/s"), Selection(), SURVEYED, NEIGHBOURHOOD)


def test_only_what_the_surveyed_papers_own_records_tell_needs_a_scan() -> None:
    citing = Selection(relations=frozenset({Relation.CITING}))
    references = Selection(relations=frozenset({Relation.REFERENCES}))
    assert not citing.needs_scan(Source.CROSSREF)
    assert citing.needs_scan(Source.OPENALEX)
    assert references.needs_scan(Source.CROSSREF)
    assert not references.model_copy(update={"everything": True}).needs_scan(Source.CROSSREF)
