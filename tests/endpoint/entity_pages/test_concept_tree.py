"""A concept's tree reaches from the tops to what is narrower, and ends even where the graph goes in a circle."""

from medsynth_kg.endpoint.entity_pages.concept_tree import Branch, concept_tree
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row, Term
from medsynth_kg.settings import BASE_IRI

LINKS = Links(BASE_IRI, {})


def row(concept: str, broader: str = "", papers: str = "0") -> Row:
    terms = {"concept": concept, "label": concept.upper(), "papers": papers} | ({"broader": broader} if broader else {})
    return {name: Term("literal", value) for name, value in terms.items()}


def outline(branches: tuple[Branch, ...]) -> list[object]:
    return [(branch.cell.text, outline(branch.below)) if branch.below else branch.cell.text for branch in branches]


def test_a_concept_stands_below_what_is_broader() -> None:
    rows = [row("a", papers="3"), row("b", "a"), row("c", "b"), row("d", "b")]
    tree = concept_tree("b", rows, LINKS)
    assert outline(tree) == [("A", [("B", ["C", "D"])])]
    assert (tree[0].papers, tree[0].is_subject, tree[0].below[0].is_subject) == (3, False, True)


def test_a_concept_with_two_broader_ones_stands_below_each() -> None:
    rows = [row("a"), row("b"), row("c", "a"), row("c", "b")]
    assert outline(concept_tree("c", rows, LINKS)) == [("A", ["C"]), ("B", ["C"])]


def test_siblings_stand_in_the_order_of_their_labels_however_the_rows_come() -> None:
    rows = [row("c", "a"), row("D", "a"), row("a"), row("b", "a")]
    assert outline(concept_tree("a", rows, LINKS)) == [("A", ["B", "C", "D"])]


def test_a_concept_alone_has_no_tree() -> None:
    assert concept_tree("a", [row("a")], LINKS) == ()


def test_a_circle_ends() -> None:
    assert outline(concept_tree("b", [row("a"), row("b", "a"), row("b", "c"), row("c", "b")], LINKS)) == [
        ("A", [("B", ["C"])])
    ]
