"""What can go wrong with a store; no message holds a credential or the store's own words."""

from enum import StrEnum
from pathlib import Path

from medsynth_kg.errors import MedsynthError


class StoreAddressInvalid(MedsynthError):
    """An address of a store can't be used."""


class StoreAnswerInvalid(StoreAddressInvalid):
    """What answers at an address does not answer as stores do."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address}: does not answer queries as SPARQL 1.1 stores do; check that this is the store's address for "
            "queries"
        )


class StoreUnreachable(MedsynthError):
    """The store can't be reached, or did not answer in time."""

    def __init__(self, address: str, advice: str = "no answer; check that the store runs") -> None:
        super().__init__(f"{address}: {advice}")


class Purpose(StrEnum):
    """What a request was for: to ask, to change something, or to send a batch of triples."""

    QUERY = "query"
    UPDATE = "update"
    BATCH = "batch"


class StoreRefused(MedsynthError):
    """The store answered with another status than success."""

    def __init__(self, address: str, status: int, purpose: Purpose) -> None:
        advice = _ADVICE[purpose].get(status) or _COMMON_ADVICE.get(status, "its own log says why")
        super().__init__(f"{address}: answered {status}; {advice}")


_COMMON_ADVICE = {
    301: "the store has moved; give the address that it names",
    302: "the store has moved; give the address that it names",
    307: "the store has moved; give the address that it names",
    308: "the store has moved; give the address that it names",
    401: "check user and password, and how the user logs in",
    404: "check the address",
    413: "what was sent is too large for it",
    503: "the store is busy or not ready; try again later",
}
_NO_QUERIES = "this is not the address that takes queries; check it"
_ELSEWHERE = "not the address for this; name those for updates and graphs by --update and --graph-store"
_WRITING = {
    403: "the user may not write",
    405: _ELSEWHERE,
    415: _ELSEWHERE,
    500: "its own log says why; if it takes updates at another address, name that by --update (Virtuoso: /sparql-auth)",
}
_SMALLER = "its own log says why; it may be too much at once: try a smaller --batch"
_ADVICE: dict[Purpose, dict[int, str]] = {
    Purpose.QUERY: {403: "the user may not ask queries", 405: _NO_QUERIES, 415: _NO_QUERIES},
    Purpose.UPDATE: _WRITING,
    Purpose.BATCH: {**_WRITING, 400: _SMALLER, 413: "it is too much at once: try a smaller --batch"},
}


class CountsDiffer(MedsynthError):
    """A graph has another number of triples in the store than in the release."""

    def __init__(self, graph: str, found: int, expected: int) -> None:
        super().__init__(
            f"{graph}: the store counts {found:,} triples, the release has {expected:,}; push again, and if that does "
            "not help, see whether somebody else writes to this graph"
        )
        self.graph = graph


class AnotherPush(MedsynthError):
    """Another push to the store has begun meanwhile, or has ended."""

    def __init__(self) -> None:
        super().__init__(
            "another push to this store has begun or ended meanwhile, so this one stops; push one at a time: wait for "
            "the other, then push again if the store does not hold the right release"
        )


class NothingHeld(MedsynthError):
    """The store does not say that it holds a release."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address}: holds no release; load one with `medsynth-kg push`")


class HeldReleaseMissing(MedsynthError):
    """The release that the store holds is not among those kept here."""

    def __init__(self, address: str, release_id: str, directory: Path) -> None:
        super().__init__(
            f"{address}: holds release {release_id[:60]}, which is not in {directory}; copy it there, or push another"
        )
