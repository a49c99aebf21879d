"""Requests that the endpoint refuses before a query runs, each with the HTTP status that says why."""

from collections.abc import Iterable, Sequence

from medsynth_kg.errors import MedsynthError


class RequestRefused(MedsynthError):
    """A request that gets no answer; ``status`` is from RFC 9110, section 15, ``headers`` go with the response."""

    status = 400

    def __init__(self, detail: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.headers = tuple(headers)


class RequestFailed(MedsynthError):
    """Something that nobody expected happened while a request was answered; it has been logged."""


class MalformedRequest(RequestRefused):
    """The parameters or the body are not what the SPARQL 1.1 Protocol asks for."""


class NotFound(RequestRefused):
    """Nothing has this address; ``near`` are IRIs that resemble it."""

    status = 404

    def __init__(self, detail: str, near: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.near = tuple(near)


class ReleaseDamaged(RequestRefused):
    """A release is kept, but can't be read."""

    status = 500

    def __init__(self, release_id: str) -> None:
        super().__init__(
            f"release {release_id} is damaged here, so it can't be asked; its operator can see what is wrong with "
            "`medsynth-kg verify`, and /releases/ lists the others"
        )


class MethodNotAllowed(RequestRefused):
    """The address does not take this method."""

    status = 405

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        names = ", ".join(allowed)
        super().__init__(f"{method[:20]} is not possible here; use one of {names}", [("Allow", names)])


class NotAcceptable(RequestRefused):
    """None of the formats that the client accepts can be had."""

    status = 406


class NotSearchable(RequestRefused):
    """The release has no search index that this version reads."""

    status = 501

    def __init__(self, release_id: str) -> None:
        super().__init__(
            f"release {release_id} has no search index; its operator can make one with `medsynth-kg build`, and "
            "/sparql answers meanwhile"
        )


class PreconditionFailed(RequestRefused):
    """The client means another representation than there is (RFC 9110, section 15.5.13)."""

    status = 412

    def __init__(self) -> None:
        super().__init__(
            "what If-Match or If-Unmodified-Since asks for is not what is here; ask without them for what is here now"
        )


class RangeNotSatisfiable(RequestRefused):
    """A file has no such range; the header ``Content-Range`` says how long it is (RFC 9110, section 15.5.17)."""

    status = 416

    def __init__(self, content_range: str) -> None:
        super().__init__("the file has no such range of bytes; see Content-Range", [("Content-Range", content_range)])


class BodyTooLarge(RequestRefused):
    """The request's body is larger than a query may be."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"the request's body is larger than {limit:,} bytes; send a shorter query")


class MethodUnknown(RequestRefused):
    """The request's method is none that anybody knows (RFC 9110, section 15.6.2)."""

    status = 501

    def __init__(self) -> None:
        super().__init__("there is no such method; use GET, HEAD, OPTIONS or POST")


class HeadersTooLarge(RequestRefused):
    """The request's headers take too much room, or are too many (RFC 6585, section 5)."""

    status = 431

    def __init__(self, limit: int, lines: int) -> None:
        super().__init__(f"a request's headers may be {lines} lines, and {limit:,} bytes with its address; send fewer")


class HeadersTooSlow(RequestRefused):
    """The request's headers take too long to arrive."""

    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the request's headers were not complete after {seconds:g} seconds; send them in one go")


class BodyTooSlow(RequestRefused):
    """The request's body takes too long to arrive."""

    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the request's body was not complete after {seconds:g} seconds; send it in one go")


class BodyIncomplete(RequestRefused):
    """The request's body breaks off, or is not what its headers say (RFC 9112, section 8)."""

    def __init__(self) -> None:
        super().__init__(
            "the request's body ends before it is complete; send as many bytes as Content-Length says, or all chunks"
        )


class AddressTooLong(RequestRefused):
    """The request's address is too long."""

    status = 414

    def __init__(self, limit: int) -> None:
        super().__init__(f"the address is longer than {limit:,} bytes; send the query by POST")


class TooManyRequests(RequestRefused):
    """A client has sent more requests than it may."""

    status = 429

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(
            f"this client has sent more than {limit}; come back in {seconds} s, or take the whole graph from /dumps/",
            [("Retry-After", str(seconds))],
        )


class UnsupportedMediaType(RequestRefused):
    """The request's body is of a kind that the protocol does not know; what it may be is said in a header."""

    status = 415

    def __init__(self, detail: str) -> None:
        super().__init__(detail, [("Accept-Post", "application/sparql-query, application/x-www-form-urlencoded")])


class UnsupportedContentCoding(RequestRefused):
    """The request's body is compressed, which a header says that it may not be (RFC 9110, section 12.5.3)."""

    status = 415

    def __init__(self) -> None:
        super().__init__("send the body without a content encoding", [("Accept-Encoding", "identity")])


def no_such_format(what: str, address: str, extensions: Iterable[str]) -> NotFound:
    """An address whose extension is no format of ``what``; none was negotiated, so this is no 406."""
    known = ", ".join(f"{address}.{extension}" for extension in extensions)
    return NotFound(f"{what} can be had as {known}")
