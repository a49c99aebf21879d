"""Everything that can keep a query from being answered, each with a message for the person who asked it."""

from medsynth_kg.errors import MedsynthError


class QueryError(MedsynthError):
    """A query was not answered."""


class QuerySyntaxError(QueryError):
    """The text is not a SPARQL 1.1 query; ``line`` and ``column`` count from 1, None where the parser gives none."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        place = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(place + message)
        self.line = line
        self.column = column


class UpdateRefused(QueryError):
    """The text is a SPARQL update."""

    def __init__(self) -> None:
        super().__init__("this endpoint only reads: SPARQL updates are refused; corrections go to the survey's tables")


class ServiceRefused(QueryError):
    """The query asks a service that this endpoint does not ask for strangers."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"SERVICE {service} is not allowed here; ask that endpoint yourself, or run the query from an engine of "
            "your own that federates over this endpoint"
        )


class ServiceUnreachable(QueryError):
    """A service that the query asks has no address."""

    def __init__(self, service: str) -> None:
        super().__init__(f"SERVICE <{service}> can't be found from here; check its name, or try again later")


class ServiceFailed(QueryError):
    """A service that the query asks gave no answer that could be used; what it said is not told to strangers."""

    def __init__(self) -> None:
        super().__init__(
            "a service that the query asks failed, or answered otherwise than expected; ask it yourself, or try later"
        )


class QueryTooLong(QueryError):
    """The text has more bytes than a query may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the query is longer than {limit:,} bytes; send fewer VALUES at a time, or use a dump")


class QueryTooDeep(QueryError):
    """Brackets are nested deeper than a query may nest them."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the query nests brackets deeper than {limit}; flatten it")


class QueryTimeout(QueryError):
    """The query ran into its time limit."""

    def __init__(self, limit: float) -> None:
        seconds = "a second" if limit == 1 else f"{limit:g} seconds"
        super().__init__(
            f"the query took longer than {seconds} and was stopped; make it more selective, add a LIMIT, or "
            "run it over a dump on a machine of your own"
        )


class QueryCancelled(QueryError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("the query was stopped, because the client that asked it has gone")


class QueryMemoryExceeded(QueryError):
    """The query needed more memory than a query may use."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"the query needed more than {limit // 2**20:,} MiB of memory and was stopped; avoid sorting or grouping "
            "large products, or run it over a dump on a machine of your own"
        )


class ResultTooLarge(QueryError):
    """The answer has more bytes than an answer may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"the answer is larger than {limit // 2**20:,} MiB; add a LIMIT, ask in parts, or download a dump"
        )


class QueryCrashed(QueryError):
    """The engine's process ended while it evaluated the query."""

    def __init__(self) -> None:
        super().__init__("the query engine gave up on this query, most likely for its nesting; simplify it")


class EvaluationFailed(QueryError):
    """The query is well formed, but the engine can't evaluate it or the format can't carry its answer."""


class PoolBusy(QueryError):
    """Too many queries are waiting; ``retry_after`` seconds are a fair time to come back.

    ``turned_away`` says that this one had a place, but its client more than others.
    """

    def __init__(self, retry_after: int, *, turned_away: bool = False) -> None:
        super().__init__(f"the endpoint is busy with other queries; try again in {retry_after} seconds")
        self.retry_after = retry_after
        self.turned_away = turned_away


class NoRoom(QueryError):
    """A large answer can't be kept in a file until it is sent."""

    def __init__(self) -> None:
        super().__init__(
            "the server has no room for so large an answer now; try again later, add a LIMIT, or use a dump"
        )


class ExecutorClosed(QueryError):
    """The executor has been closed; another one serves the newer release."""

    def __init__(self) -> None:
        super().__init__("the endpoint is closing; try again")


class StoreUnavailable(QueryError):
    """The store behind the endpoint can't be reached."""

    def __init__(self) -> None:
        super().__init__("the store behind this endpoint can't be reached; try again later")


class StoreFailed(QueryError):
    """The store behind the endpoint failed, or answered otherwise than SPARQL 1.1 stores do."""

    def __init__(self) -> None:
        super().__init__(
            "the store behind this endpoint failed on this query or answered with something else than an answer; "
            "try a simpler query, or run it over a dump"
        )


class ReleaseReplaced(QueryError):
    """The store behind the endpoint holds another release than the one that was asked."""

    def __init__(self) -> None:
        super().__init__("the store behind this endpoint is taking up another release; try again")


class StoreIncomplete(QueryError):
    """The store behind the endpoint has not the whole of the release that it should hold, or too much."""

    def __init__(self) -> None:
        super().__init__("the store behind this endpoint does not hold the whole release now; try again later")


class WorkersUnavailable(QueryError):
    """No worker process can be started."""

    def __init__(self) -> None:
        super().__init__("no query worker can be started; the operator's log says why")


class SavedQueryUnreadable(MedsynthError):
    """A file of the saved queries is not a query with a header; the message names the file."""


class SavedQueryFailed(MedsynthError):
    """A saved query has no answer over a release that is about to be published; the message names the file."""
