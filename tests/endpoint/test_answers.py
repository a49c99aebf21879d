"""Complete answers, in memory or in files, are read by any number of readers."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from medsynth_kg.endpoint.answers import Answer, FileBody
from medsynth_kg.endpoint.codings import ContentCoding
from medsynth_kg.query.spilling import spill

CONTENT = b"a line of an answer\n" * 100_000


def in_a_file(content: bytes = CONTENT) -> FileBody:
    return FileBody(spill([content]))


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_each_reader_of_a_file_has_a_position_of_its_own() -> None:
    body = in_a_file()
    with body.open() as first, body.open() as second:
        assert first.read(7) + first.read() == CONTENT
        assert second.read() == CONTENT
    assert body.size == len(CONTENT)


def test_a_reader_keeps_what_it_reads_and_nothing_stays_open_after_it() -> None:
    before = open_files()
    body = in_a_file()
    reader = body.open()
    del body
    assert open_files() == before + 1
    with reader:
        assert reader.read() == CONTENT
    assert open_files() == before


def unpack_zstandard(content: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(content) as reader:
        return reader.read()


UNPACK: dict[ContentCoding, Callable[[bytes], bytes]] = {
    ContentCoding.GZIP: gzip.decompress,
    ContentCoding.ZSTANDARD: unpack_zstandard,
}


@pytest.mark.parametrize("coding", ContentCoding)
def test_a_compressed_file_is_smaller_and_reads_the_same(coding: ContentCoding) -> None:
    before = open_files()
    answer = Answer(in_a_file(), len(CONTENT), "text/csv", "tag")
    packed = answer.compressed(coding)
    assert isinstance(packed, FileBody)
    with packed.open() as file:
        content = file.read()
    assert len(content) == packed.size < len(CONTENT)
    assert UNPACK[coding](content) == answer.read() == CONTENT
    assert answer.compressed(coding) is packed, "once is enough"
    del answer, packed
    assert open_files() == before


def test_an_answer_reads_the_same_wherever_it_is() -> None:
    assert Answer(CONTENT, len(CONTENT), "text/csv", None).read() == CONTENT
    assert Answer(in_a_file(), len(CONTENT), "text/csv", None).read() == CONTENT


@pytest.mark.parametrize(("size", "at_once"), [(100, True), (2**20, False)])
def test_what_takes_long_to_compress_is_not_compressed_while_others_wait(*, size: int, at_once: bool) -> None:
    answer = Answer(os.urandom(size), size, "text/csv", None)
    assert answer.is_sent_at_once(None)
    assert answer.is_sent_at_once(ContentCoding.GZIP) is at_once
    assert answer.compressed(ContentCoding.GZIP)
    assert answer.is_sent_at_once(ContentCoding.GZIP)
    assert not Answer(in_a_file(), len(CONTENT), "text/csv", None).is_sent_at_once(ContentCoding.GZIP)


@pytest.mark.parametrize("coding", ContentCoding)
def test_an_answer_in_memory_is_compressed_once(coding: ContentCoding) -> None:
    answer = Answer(CONTENT, len(CONTENT), "text/csv", None)
    packed = answer.compressed(coding)
    assert isinstance(packed, bytes)
    assert UNPACK[coding](packed) == CONTENT
    assert answer.compressed(coding) is packed
