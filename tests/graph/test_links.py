"""Mappings are read from SSSOM and stated where that is safe; other links are computed, each in its target's form."""

import datetime
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from medsynth_kg.enrichment.errors import MappingsUnreadable
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.links import state_computed_links, state_mappings
from medsynth_kg.graph.namespaces import RDFS
from medsynth_kg.graph.statements import Statements
from medsynth_kg.identifiers.paper import PaperIdentifier, identify_paper
from medsynth_kg.identifiers.repository import parse_repository
from medsynth_kg.records.metadata import Author, Metadata, Source
from medsynth_kg.records.papers import Paper, Work
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.rows import SurveyRow

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


TRUE = "modality:mri\tskos:exactMatch\tmesh:D008279\tsemapv:ManualMappingCuration\ttrue\n"
LATIN_1 = (HEADER + TRUE + TRUE.replace("semapv", "\xe9")).encode("latin-1")


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (HEADER + TRUE.replace("D008279", "D00 8279"), ", line 6", "the object_id “mesh:D00 8279” is no IRI"),
        (HEADER + TRUE.replace("mesh:D008279", "http://[x"), ", line 6", r"the object_id “http://\[x” is no IRI"),
        (HEADER + TRUE + "\n# why\n" + TRUE.replace("mesh", "mash"), ", line 9", "“mash:D008279” is not in the header"),
        (HEADER + "modality:mri\ttrue\n" + TRUE.replace("skos", ""), ", line 7", "the prefix of “:exactMatch”"),
        (HEADER + TRUE.replace("mesh:D", '"mesh:D'), ", line 6", "check its quotes"),
        (LATIN_1, ", line 7", "not UTF-8; save the file as UTF-8"),
        (HEADER.replace("curie_map:", "- mesh"), ", line 2", "the header is not YAML"),
        ("#date: 2026-13-01\n" + HEADER, "", "the header is not YAML"),
        (
            "#- mesh\n" + HEADER.rpartition("#")[2].partition("\n")[2] + TRUE,
            ", line 1",
            "gives no address for each prefix",
        ),
        (
            "#curie_map:\n" + HEADER.rpartition("#")[2].partition("\n")[2] + TRUE,
            ", line 1",
            "gives no address for each prefix",
        ),
        (HEADER.replace("http://id.nlm.nih.gov/mesh/", "5") + TRUE, ", line 1", "gives no address for each prefix"),
    ],
)
def test_what_a_hand_has_spoilt_is_named_with_file_and_line(
    tmp_path: Path, content: str | bytes, place: str, reason: str
) -> None:
    path = tmp_path / "modality.sssom.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MappingsUnreadable, match=rf"modality\.sssom\.tsv{place}: .*{reason}"):
        state_mappings(Statements(Iris().graph("links")), tmp_path, Iris())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "modality.sssom.tsv").mkdir()
    with pytest.raises(MappingsUnreadable, match=r"modality\.sssom\.tsv: Is a directory"):
        state_mappings(Statements(Iris().graph("links")), tmp_path, Iris())


MATCHED = """#curie_map:
#  paper: https://w3id.org/medsynth-kg/paper/
#  schema: https://schema.org/
#  wikidata: http://www.wikidata.org/entity/
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tsubject_match_field\treviewed
"""


@pytest.mark.parametrize(
    ("modifier", "field", "reviewed", "is_stated"),
    [
        ("", "bibo:doi", "false", True),
        ("", "fabio:hasArXivId", "false", True),
        ("", "schema:codeRepository", "false", True),
        ("", "dcterms:title", "false", False),
        ("", "dcterms:title", "true", True),
        ("Not", "bibo:doi", "true", False),
        ("Not", "bibo:doi", "false", False),
    ],
)
def test_a_match_by_identifier_is_stated_and_one_by_looks_waits_for_a_reviewer(
    tmp_path: Path, modifier: str, field: str, reviewed: str, is_stated: bool
) -> None:
    row = f"paper:10.1/a\tschema:sameAs\t{modifier}\twikidata:Q1\tsemapv:LexicalMatching\t{field}\t{reviewed}\n"
    (tmp_path / "wikidata.sssom.tsv").write_text(MATCHED + row, encoding="utf-8")
    statements = Statements(Iris().graph("links"))
    state_mappings(statements, tmp_path, Iris())
    assert len(list(statements)) == is_stated


def computed(*entries: str, orcid: str | None = None) -> set[tuple[str, str, str]]:
    """What is computed for one paper with these identifiers and the code of the golden example."""
    row = SurveyRow(table="ecg", line=2, paper=entries[0], file="survey/ecg.csv")
    identifiers = tuple(identifier for entry in entries if (identifier := identify_paper(entry)))
    entry = SurveyEntry(row=row, paper=identifiers[0], repository=parse_repository(CODE))
    author = Author(family="Lovelace", given="Ada", orcid=orcid)
    facts = Metadata(
        source=Source.CURATED, paper=identifiers[0].local_part, retrieved=datetime.date(2026, 1, 1), authors=(author,)
    )
    work = Work(facts=facts, sources={}, metadata=(facts,))
    paper = Paper(identifier=identifiers[0], identifiers=identifiers, entries=(entry,), work=work)
    statements = Statements(Iris().graph("links"))
    state_computed_links(statements, (paper,), Iris())
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in statements
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


CODE = "https://github.com/mah533/Synthetic-ECG-Generation---GAN-Models-Comparison"
BASE = "https://w3id.org/medsynth-kg/"
LINKED_PAPERS_WITH_CODE = "https://linkedpaperswithcode.com/"
SAME, OTHER, SEE = "http://www.w3.org/2002/07/owl#sameAs", "https://schema.org/sameAs", RDFS.seeAlso.value


@pytest.mark.parametrize(
    ("subject", "predicate", "target"),
    [
        ("paper/10.3390/s23198328", SAME, "https://doi.org/10.3390/s23198328"),
        ("paper/10.3390/s23198328", SEE, "https://scholia.toolforge.org/doi/10.3390/s23198328"),
        ("paper/10.3390/s23198328", OTHER, "https://doi.org/10.48550/arxiv.2310.03753"),
        ("paper/10.3390/s23198328", "http://xmlns.com/foaf/0.1/page", "https://arxiv.org/abs/2310.03753"),
        ("paper/10.3390/s23198328", SEE, "https://scholia.toolforge.org/arxiv/2310.03753"),
        ("person/orcid/0000-0002-1825-0097", SAME, "https://orcid.org/0000-0002-1825-0097"),
        ("person/orcid/0000-0002-1825-0097", SEE, "https://scholia.toolforge.org/orcid/0000-0002-1825-0097"),
        (
            "repository/github.com/mah533/synthetic-ecg-generation---gan-models-comparison",
            f"{BASE}ontology#candidateLink",
            f"{LINKED_PAPERS_WITH_CODE}repository/github.com/mah533/synthetic-ecg-generationgan-models-comparison",
        ),
        (
            "repository/github.com/mah533/synthetic-ecg-generation---gan-models-comparison",
            SEE,
            "https://scholia.toolforge.org/github/mah533/synthetic-ecg-generation---gan-models-comparison",
        ),
    ],
)
def test_what_needs_no_asking_is_said_at_build(subject: str, predicate: str, target: str) -> None:
    said = computed("https://doi.org/10.3390/s23198328", "arXiv:2310.03753", orcid="0000-0002-1825-0097")
    assert (BASE + subject, predicate, target) in said


def test_a_person_without_an_orcid_is_linked_to_nothing() -> None:
    assert not any("/author/" in subject for subject, _, _ in computed("arXiv:2310.03753"))


def test_the_preprint_that_the_survey_links_is_another_version_once_the_published_one_is_known() -> None:
    identifiers = tuple(PaperIdentifier(scheme="doi", value=doi) for doi in ("10.1101/2023.01.01", "10.1000/published"))
    facts = Metadata(
        source=Source.CROSSREF,
        paper="10.1101/2023.01.01",
        retrieved=datetime.date(2026, 11, 23),
        doi="10.1000/published",
    )
    work = Work(facts=facts, sources={}, metadata=())
    statements = Statements(Iris().graph("links"))
    state_computed_links(
        statements, (Paper(identifier=identifiers[0], identifiers=identifiers, entries=(), work=work),), Iris()
    )
    found = {(quad.predicate.value, str(quad.object)) for quad in statements if "//doi.org" in str(quad.object)}
    assert found == {
        (SAME, "<https://doi.org/10.1000/published>"),
        (OTHER, "<https://doi.org/10.1101/2023.01.01>"),
    }


def test_only_the_doi_of_the_work_itself_is_the_same_thing() -> None:
    assert not any(predicate == SAME for _, predicate, _ in computed("arXiv:2310.03753"))
