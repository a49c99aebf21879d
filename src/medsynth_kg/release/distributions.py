"""The dumps as DCAT 3 distributions (https://www.w3.org/TR/vocab-dcat-3/, section 6.8), with SPDX checksums."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.graph.namespaces import DCTERMS, RDFS, XSD
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.namespaces import DCAT, RDF_TYPE, SPDX, VOID

MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
COMPRESSED_TYPES = {".gz": "application/gzip", ".zst": "application/zstd"}
"""Media types of compressed files (RFC 6713, RFC 8878)."""
_DUMPS = "dumps/"


def describe_distributions(
    dataset: NamedNode, base: str, release_id: str, files: Mapping[str, FileEntry], licence: NamedNode
) -> Iterator[Triple]:
    """The dumps among the files of a release with their media types, sizes and checksums.

    ``files`` gives each file of the release by its path; those that are no dumps are left out.
    """
    for path, entry in files.items():
        if path.startswith(_DUMPS):
            yield from _describe(dataset, f"{base}{_DUMPS}{release_id}/", path.removeprefix(_DUMPS), entry, licence)


def describe_checksum(subject: NamedNode, digest: str) -> Iterator[Triple]:
    """The SHA-256 of a thing, in hexadecimal."""
    checksum = NamedNode(f"{subject.value}{'-' if '#' in subject.value else '#'}sha256")
    yield Triple(subject, SPDX.checksum, checksum)
    yield Triple(checksum, RDF_TYPE, SPDX.Checksum)
    yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield Triple(checksum, SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary))


def _describe(dataset: NamedNode, directory: str, file: str, entry: FileEntry, licence: NamedNode) -> Iterator[Triple]:
    address = NamedNode(directory + file)
    suffix = PurePosixPath(file).suffix
    compressed = COMPRESSED_TYPES.get(suffix)
    extension = PurePosixPath(file.removesuffix(suffix) if compressed else file).suffix.removeprefix(".")
    whole = "/" not in file
    yield Triple(dataset, DCAT.distribution, address)
    if whole:
        yield Triple(dataset, VOID.dataDump, address)
    yield Triple(address, RDF_TYPE, DCAT.Distribution)
    yield Triple(address, RDFS.label, Literal(file))
    yield Triple(address, DCTERMS.title, Literal(file))
    yield Triple(address, DCAT.downloadURL, address)
    yield Triple(address, DCAT.mediaType, _media_type(MEDIA_TYPES[extension]))
    if compressed:
        yield Triple(address, DCAT.compressFormat, _media_type(compressed))
    yield Triple(address, DCAT.byteSize, Literal(str(entry.size), datatype=XSD.nonNegativeInteger))
    yield Triple(address, DCTERMS.license, licence)
    yield from describe_checksum(address, entry.sha256)


def _media_type(name: str) -> NamedNode:
    return NamedNode(f"https://www.iana.org/assignments/media-types/{name}")
