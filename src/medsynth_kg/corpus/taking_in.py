"""A finished corpus as the supplement of a release."""

from pathlib import Path

from pyoxigraph import NamedNode

from medsynth_kg.corpus.errors import CorpusUnusable
from medsynth_kg.corpus.manifest import CorpusManifest, is_whole, read_corpus_manifest
from medsynth_kg.release.supplement import Supplement


def read_corpus(directory: Path, base_iri: str) -> tuple[CorpusManifest, Supplement]:
    """Check that a corpus is whole and belongs to this graph; its manifest, and its files for a release.

    Raises:
        CorpusUnusable: the directory has no finished corpus, a file is missing or changed, or its IRIs are another
            graph's.
    """
    manifest = read_corpus_manifest(directory)
    if manifest is None:
        raise CorpusUnusable(directory, "holds no finished corpus")
    if not is_whole(directory, manifest):
        raise CorpusUnusable(directory, "a file is missing or not what its manifest says")
    if manifest.base_iri != base_iri:
        raise CorpusUnusable(directory, f"its IRIs start with {manifest.base_iri}, not with {base_iri}")
    files = {directory / path: part.sha256 for path, part in manifest.parts.items()}
    return manifest, Supplement(NamedNode(f"{base_iri}graph/corpus"), files, manifest.statements)
