"""Mappings are read from SSSOM; only reviewed ones with a target are stated."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from medsynth_kg.graph.errors import MappingsUnreadable
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.links import state_mappings
from medsynth_kg.graph.statements import Statements

HEADER = """#curie_map:
#  mesh: http://id.nlm.nih.gov/mesh/
#  modality: https://w3id.org/medsynth-kg/modality/
#  skos: http://www.w3.org/2004/02/skos/core#
subject_id\tpredicate_id\tobject_id\tmapping_justification\treviewed
"""


def stated(directory: Path, rows: str) -> list[Quad]:
    (directory / "modality.sssom.tsv").write_text(HEADER + rows, encoding="utf-8")
    statements = Statements(Iris().graph("links"))
    state_mappings(statements, directory, Iris())
    return list(statements)


def test_a_reviewed_mapping_becomes_a_statement_with_full_iris(tmp_path: Path) -> None:
    rows = "modality:mri\tskos:exactMatch\tmesh:D008279\tsemapv:ManualMappingCuration\ttrue\n"
    (quad,) = stated(tmp_path, rows)
    assert quad == Quad(
        NamedNode("https://w3id.org/medsynth-kg/modality/mri"),
        NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"),
        NamedNode("http://id.nlm.nih.gov/mesh/D008279"),
        Iris().graph("links"),
    )


def test_what_nobody_reviewed_and_what_has_no_target_stay_out(tmp_path: Path) -> None:
    rows = (
        "modality:ecg\tskos:exactMatch\tmesh:D004562\tsemapv:ManualMappingCuration\tfalse\n"
        "modality:text\tskos:exactMatch\tsssom:NoTermFound\tsemapv:ManualMappingCuration\ttrue\n"
    )
    assert stated(tmp_path, rows) == []


def test_a_prefix_that_the_header_lacks_is_named_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(MappingsUnreadable, match=r"modality\.sssom\.tsv, line 6: .*ncit:C1"):
        stated(tmp_path, "modality:mri\tskos:exactMatch\tncit:C1\tsemapv:ManualMappingCuration\ttrue\n")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.sssom.tsv").write_text("#curie_map: {}\nsubject_id\tobject_id\n", encoding="utf-8")
    with pytest.raises(MappingsUnreadable, match=r"line 2: the column \w+ is missing"):
        state_mappings(Statements(Iris().graph("links")), tmp_path, Iris())
