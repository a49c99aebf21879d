"""What an application answers is ready to be sent: in memory, or a large file, whole or in part."""

import io
import tempfile
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

import pytest
from werkzeug.test import create_environ
from werkzeug.wsgi import wrap_file

from medsynth_kg.endpoint.gateway.responding import IN_MEMORY, Response
from medsynth_kg.endpoint.passing import SteppedApplication
from medsynth_kg.query.steps import BLOCKING, Steps, finish

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Application:
    """An application that answers with a file, after a pause."""

    def __init__(self, file: IO[bytes], status: str, **headers: str) -> None:
        self.file = file
        self.status = status
        self.headers = [(name.replace("_", "-"), value) for name, value in headers.items()]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        yield BLOCKING
        start_response(self.status, self.headers)
        wrapped = wrap_file(environ, self.file)
        return wrapped if environ["REQUEST_METHOD"] != "HEAD" else ()


def answered(application: SteppedApplication, environ: "WSGIEnvironment") -> Response:
    response = Response()
    finish(response.steps(application, environ))
    return response


def large_file() -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    file.write(b"x" * (IN_MEMORY + 1))
    file.seek(0)
    return file


def test_a_small_body_is_in_memory_and_what_it_came_from_is_closed() -> None:
    file = io.BytesIO(b"small")
    response = answered(Application(file, "200 OK", Content_Length="5"), create_environ())
    assert (response.status, response.body, response.file) == (200, b"small", None)
    assert file.closed


def test_a_large_file_stays_one_until_it_is_sent() -> None:
    file = large_file()
    response = answered(Application(file, "200 OK", Content_Length=str(IN_MEMORY + 1)), create_environ())
    assert response.file is file
    assert response.part is None
    assert not file.closed
    response.close()
    assert file.closed


def test_a_part_of_a_file_is_named_by_its_first_byte_and_the_one_after_its_last() -> None:
    length = str(IN_MEMORY + 1)
    answers = Application(
        large_file(), "206 Partial Content", Content_Length=length, Content_Range=f"bytes 10-{IN_MEMORY + 10}/9999999"
    )
    response = answered(answers, create_environ())
    assert response.part == (10, IN_MEMORY + 11)
    response.close()


def test_the_headers_of_a_large_file_come_without_it() -> None:
    response = answered(
        Application(large_file(), "200 OK", Content_Length=str(IN_MEMORY + 1)), create_environ(method="HEAD")
    )
    assert (response.body, response.file) == (b"", None)


def test_what_the_application_raises_is_raised() -> None:
    def fails(_environ: Any, _start_response: Any) -> Steps[Iterable[bytes]]:
        yield BLOCKING
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answered(fails, create_environ())
