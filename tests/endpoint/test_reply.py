"""What goes out over HTTP, before it goes out."""

from typing import IO

import pytest
from tests.full_disk import no_larger_files_than

from medsynth_kg.endpoint.answers import Answer, FileBody
from medsynth_kg.endpoint.reply import answer_reply
from medsynth_kg.query.spilling import spill

CONTENT = b"a line of an answer\n" * 100_000


def test_an_answer_goes_out_as_it_is_where_there_is_no_room_for_a_compressed_copy(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = Answer(FileBody(spill([CONTENT])), len(CONTENT), "text/csv", "tag")
    with no_larger_files_than(10):
        reply = answer_reply(answer, accept_encoding="gzip", if_none_match=None, name="answer")
    headers = dict(reply.headers)
    assert "Content-Encoding" not in headers
    assert headers["Content-Length"] == str(len(CONTENT))
    assert not isinstance(reply.body, bytes)
    assert whole(reply.body) == CONTENT
    assert "no room" in caplog.text


def whole(file: IO[bytes]) -> bytes:
    with file:
        return file.read()
