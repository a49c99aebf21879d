"""What a query may use."""

from dataclasses import dataclass

from medsynth_kg.settings import QUERY_LENGTH, QUERY_MEMORY, QUERY_TIMEOUT, QUERY_WORKERS, RESULT_SIZE, Settings

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """The limits of one executor.

    ``timeout`` in seconds from the moment a worker has the query; ``memory`` in bytes above the idle worker;
    ``result_size`` in bytes of the serialised answer; ``length`` in bytes of the query's text; ``depth`` in brackets
    within brackets; ``workers`` processes, of which one is kept for short queries where there are two or more;
    ``short`` seconds that a query may hold that one while others wait; ``queue`` requests that may wait, and half as
    many long ones, each at most ``queue_seconds``;
    ``queries_per_worker`` after which a worker is replaced. ``services`` are the addresses that SERVICE may ask: an
    entry allows itself and what lies below it.
    """

    timeout: float = QUERY_TIMEOUT
    memory: int = QUERY_MEMORY
    result_size: int = RESULT_SIZE
    length: int = QUERY_LENGTH
    depth: int = 100
    workers: int = QUERY_WORKERS
    short: float = 0.05
    queue: int = 64
    queue_seconds: float = 30.0
    queries_per_worker: int = 10_000
    services: tuple[str, ...] = ()


def query_limits(settings: Settings) -> QueryLimits:
    """The limits of queries, as the settings have them."""
    return QueryLimits(
        timeout=settings.query_timeout,
        memory=settings.query_memory,
        result_size=settings.result_size,
        length=settings.query_length,
        workers=settings.query_workers,
        services=settings.services,
    )
