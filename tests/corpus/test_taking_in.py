"""A release takes in a finished corpus of its own graph, and no other."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from tests.corpus.example_corpus import DATE, write_corpus

from medsynth_kg.corpus.errors import CorpusUnusable
from medsynth_kg.corpus.manifest import MANIFEST
from medsynth_kg.corpus.taking_in import read_corpus
from medsynth_kg.settings import BASE_IRI


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path)


def test_a_finished_corpus_is_taken_in_with_its_files(corpus: Path) -> None:
    manifest, supplement = read_corpus(corpus, BASE_IRI)
    assert manifest.date == DATE
    assert supplement.graph == NamedNode(f"{BASE_IRI}graph/corpus")
    assert list(supplement.files) == [corpus / "parts/part-00000.nq.gz"]
    assert supplement.statements == 1
    assert list(supplement.digests) == ["dumps/corpus/part-00000.nq.gz"]


def test_an_unfinished_one_is_not(corpus: Path) -> None:
    (corpus / MANIFEST).unlink()
    with pytest.raises(CorpusUnusable, match="no finished corpus"):
        read_corpus(corpus, BASE_IRI)


def test_nor_one_with_a_changed_file(corpus: Path) -> None:
    (corpus / "parts/part-00000.nq.gz").write_bytes(b"changed")
    with pytest.raises(CorpusUnusable, match="not what its manifest says"):
        read_corpus(corpus, BASE_IRI)


def test_nor_one_of_another_graph(corpus: Path) -> None:
    with pytest.raises(CorpusUnusable, match=r"not with https://example\.org/"):
        read_corpus(corpus, "https://example.org/")
