"""The first line of a response and its headers, but for the last ones, which all have alike (RFC 9112, section 2.1)."""

from http import HTTPStatus

from medsynth_kg.endpoint.gateway.reading import Request
from medsynth_kg.endpoint.gateway.responding import Response

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def response_head(response: Response, request: Request, length: int) -> bytes:
    """The head of a response, whose body has so many bytes.

    Raises:
        ValueError: a header would be two of them, or has characters that none may have.
    """
    lines = [_STATUS_LINES.get(response.status) or f"HTTP/1.1 {response.status} \r\n"]
    has_length = response.status in _WITHOUT_BODY or request.is_head
    for name, value in response.headers:
        lines.append(f"{name}: {value}\r\n")
        has_length = has_length or name == "Content-Length"
    if not has_length:
        lines.append(f"Content-Length: {length}\r\n")
    if not request.keeps_alive:
        lines.append("Connection: close\r\n")
    elif request.environment["SERVER_PROTOCOL"] == "HTTP/1.0":
        lines.append("Connection: keep-alive\r\n")
    head = "".join(lines)
    if not head.count("\r") == head.count("\n") == len(lines):
        raise ValueError("a header of a response has a line end in it")
    return head.encode("latin-1")
