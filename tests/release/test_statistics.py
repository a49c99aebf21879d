from pyoxigraph import Literal, NamedNode
from tests.release.example_release import BASE, CITES, TITLE, TYPE, XSD, example_quads, term

from medsynth_kg.release.statistics import Statistics, count_triples

LANG_STRING = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def counted() -> Statistics:
    return count_triples({quad.triple for quad in example_quads(3, "Hearts")})


def test_triples_subjects_and_objects_are_counted_once() -> None:
    statistics = counted()

    assert statistics.triples == 1 + 3 * 8
    assert statistics.subjects == 1 + 3
    assert statistics.objects == 2 + 1 + 1 + 3 + 3 + 3 + 3 + 3


def test_instances_are_counted_by_class() -> None:
    assert counted().by_class == {term("Paper"): 3, term("Modality"): 1}


def test_triples_are_counted_by_property() -> None:
    assert counted().by_property[CITES] == 6
    assert counted().by_property[TYPE] == 4


def test_properties_of_a_class_are_counted_by_the_classes_that_they_lead_to() -> None:
    papers = counted().partitions[term("Paper")]

    assert papers[term("modality")].classes == {term("Modality"): 3}
    assert papers[CITES].triples == 6
    assert papers[CITES].classes == {term("Paper"): 3}


def test_properties_of_a_class_are_counted_by_datatype() -> None:
    papers = counted().partitions[term("Paper")]

    assert papers[TITLE].datatypes == {LANG_STRING: 3}
    assert papers[term("row")].datatypes == {Literal(1).datatype: 3}
    assert papers[term("surveyDate")].datatypes == {NamedNode(f"{XSD}gYearMonth"): 3}


def test_things_without_a_class_are_in_no_partition() -> None:
    assert set(counted().partitions) == {term("Paper"), term("Modality")}
    assert NamedNode(f"{BASE}modality/ecg") not in counted().by_class
