import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from tests.release.example_release import TITLE, TYPE, XSD, example_quads, graph, paper

from medsynth_kg.release.errors import StatementNotPublishable
from medsynth_kg.release.statements import canonical_quads, count_by_graph, normalise_quads


def test_each_statement_is_kept_once_and_sorted() -> None:
    quads = example_quads(2, "Hearts")

    assert normalise_quads([*quads, *reversed(quads)]) == tuple(sorted(set(quads), key=str))


def test_numbers_have_the_form_that_the_store_gives_them() -> None:
    double = NamedNode(f"{XSD}double")

    (quad,) = normalise_quads([Quad(paper(1), TITLE, Literal("1.0E6", datatype=double), graph("survey"))])

    assert quad.object == Literal("1000000", datatype=double)


def test_canonical_quads_are_sorted_lines_without_repetition() -> None:
    quads = example_quads(2, "Hearts")

    content = canonical_quads([*quads, *quads])

    lines = content.splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(set(quads))


def test_statements_are_counted_by_graph() -> None:
    counts = count_by_graph(example_quads(2, "Hearts"))

    assert counts == {
        graph("curated").value: 8,
        graph("links").value: 2,
        graph("survey").value: 8,
        graph("vocabulary").value: 1,
    }


@pytest.mark.parametrize(
    ("quad", "reason"),
    [
        (Quad(BlankNode("b"), TYPE, paper(1), graph("survey")), "blank nodes and quoted triples"),
        (Quad(paper(1), TYPE, BlankNode("b"), graph("survey")), "blank nodes and quoted triples"),
        (Quad(paper(1), TYPE, Triple(paper(1), TYPE, paper(2)), graph("survey")), "blank nodes and quoted triples"),
        (Quad(paper(1), TYPE, paper(2)), "must be in a named graph"),
        (Quad(paper(1), TITLE, Literal("a\x01b"), graph("survey")), "control character"),
        (Quad(paper(1), TITLE, Literal("a\ufffeb"), graph("survey")), "control character"),
        (Quad(paper(1), NamedNode("https://example.org/2024"), paper(2), graph("survey")), "RDF/XML can't write"),
    ],
)
def test_statements_that_some_dump_could_not_hold_are_refused(quad: Quad, reason: str) -> None:
    with pytest.raises(StatementNotPublishable, match=reason):
        normalise_quads([quad])
