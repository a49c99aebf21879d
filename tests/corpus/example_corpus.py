"""A finished corpus of one statement, as a run leaves it."""

import datetime
import gzip
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.corpus.manifest import MANIFEST, CorpusManifest
from medsynth_kg.corpus.parts import Part
from medsynth_kg.records.metadata import Source
from medsynth_kg.release.manifest import describe_file
from medsynth_kg.release.statements import canonical_quads
from medsynth_kg.settings import BASE_IRI

TITLE = NamedNode("http://purl.org/dc/terms/title")
DATE = datetime.date(2027, 1, 2)


def write_corpus(directory: Path) -> Path:
    """Write it into a directory; answer that directory."""
    quad = Quad(NamedNode(f"{BASE_IRI}paper/10.5555/1"), TITLE, Literal("One"), NamedNode(f"{BASE_IRI}graph/corpus"))
    part = directory / "parts" / "part-00000.nq.gz"
    part.parent.mkdir()
    part.write_bytes(gzip.compress(canonical_quads([quad])))
    entry = describe_file(part)
    manifest = CorpusManifest(
        job="0" * 16,
        source=Source.CROSSREF,
        date=DATE,
        base_iri=BASE_IRI,
        code_version="0.1.0",
        relations=(),
        terms=(),
        everything=True,
        counts={
            "records": 1,
            "malformed": 0,
            "not_chosen": 0,
            "without_doi": 0,
            "mapped": 1,
            "with_misshapen_fields": 0,
        },
        statements=1,
        inputs={},
        parts={"parts/part-00000.nq.gz": Part(sha256=entry.sha256, size=entry.size, statements=1)},
        rejected={},
    )
    (directory / MANIFEST).write_text(manifest.model_dump_json())
    return directory
