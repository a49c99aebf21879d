"""What can go wrong with a store; no message holds a credential or the store's own words."""

from pathlib import Path

from medsynth_kg.errors import MedsynthError


class StoreAddressInvalid(MedsynthError):
    """An address of a store can't be used."""


class StoreUnreachable(MedsynthError):
    """The store can't be reached, or did not answer in time."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address}: no answer; check that the store runs, then push again: it continues")


class StoreRefused(MedsynthError):
    """The store answered with another status than success."""

    def __init__(self, address: str, status: int) -> None:
        elsewhere = "not the address for this; name those for updates and graphs by --update and --graph-store"
        advice = {
            401: "check user and password",
            403: "the user may not write",
            404: "check the address",
            405: elsewhere,
            415: elsewhere,
        }
        super().__init__(f"{address}: answered {status}; {advice.get(status, 'its own log says why')}")


class CountsDiffer(MedsynthError):
    """A graph has another number of triples in the store than in the release."""

    def __init__(self, graph: str, found: int, expected: int) -> None:
        super().__init__(
            f"{graph}: the store counts {found:,} triples, the release has {expected:,}; push again, and if that does "
            "not help, see whether somebody else writes to this graph"
        )


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
