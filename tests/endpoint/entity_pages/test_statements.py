"""What a thing states is arranged for readers."""

from medsynth_kg.endpoint.entity_pages.statements import arrange
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row, Term

PREFIXES = {"bibo": "http://purl.org/ontology/bibo/", "foaf": "http://xmlns.com/foaf/0.1/"}
LINKS = Links("https://w3id.org/medsynth-kg/", PREFIXES)


def stated(value: str, label: str) -> Row:
    return {
        "property": Term("uri", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        "value": Term("uri", value),
        "label": Term("literal", label),
        "graph": Term("uri", "https://w3id.org/medsynth-kg/graph/survey"),
    }


def test_values_with_one_label_are_told_apart_by_their_names() -> None:
    rows = [stated(f"{namespace}Document", "document") for namespace in PREFIXES.values()]
    (property_,) = arrange([*rows, stated("http://purl.org/spar/fabio/Work", "work")], LINKS)
    assert [(value.cell.text, value.cell.note) for value in property_.values] == [
        ("document", "bibo:Document"),
        ("document", "foaf:Document"),
        ("work", ""),
    ]
