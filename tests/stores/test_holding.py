"""Which release a store holds, also while somebody pushes another."""

import shutil
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from pyoxigraph import Store
from tests.release.example_release import count_nothing, example_contents
from tests.release.test_supplement import STATED_TWICE, supplement, works
from tests.stores.test_pushing import BASE, silent

from medsynth_kg.release.building import build_release
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.errors import CountsDiffer, NothingHeld
from medsynth_kg.stores.holding import find_held_release, graph_counts, state_graph
from medsynth_kg.stores.pushing import push_release


class Overtaken(StoreClient):
    """Has somebody else push a release just before each of its first counts."""

    def __init__(self, addresses: StoreAddresses, *pushed: Release, again: bool = False) -> None:
        super().__init__(addresses)
        self._pushed = cycle(pushed) if again else iter(pushed)

    def count(self, graph: str, expected: int = 0) -> int:
        if release := next(self._pushed, None):
            other = StoreClient(self.addresses)
            push_release(release, other, 1000, silent)
            other.close()
        return super().count(graph, expected)


def test_a_release_that_is_pushed_while_the_former_is_counted_is_the_one_that_is_held(
    addresses: StoreAddresses, client: StoreClient, releases: Path, first: Release, second: Release
) -> None:
    push_release(first, client, 1000, silent)
    overtaken = Overtaken(addresses, second)
    assert find_held_release(overtaken, BASE, releases).id == second.id
    overtaken.close()


def test_a_store_that_changes_with_each_count_is_given_up(
    addresses: StoreAddresses, client: StoreClient, releases: Path, first: Release, second: Release
) -> None:
    push_release(first, client, 1000, silent)
    overtaken = Overtaken(addresses, second, first, again=True)
    with pytest.raises(CountsDiffer):
        find_held_release(overtaken, BASE, releases)
    overtaken.close()


def test_a_store_that_stops_holding_a_release_while_it_is_counted_holds_none(
    client: StoreClient, releases: Path, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_release(first, client, 1000, silent)

    def clear(_graph: str, _expected: int) -> int:
        client.update(f"DROP GRAPH <{state_graph(BASE)}>")
        return 0

    monkeypatch.setattr(client, "count", clear)
    with pytest.raises(NothingHeld):
        find_held_release(client, BASE, releases)


@pytest.fixture
def supplemented(tmp_path: Path) -> Release:
    taken_in = supplement(tmp_path, [STATED_TWICE, *works(1000, 1010)])
    return build_release(replace(example_contents(), supplement=taken_in), tmp_path / "releases", count_nothing)


@pytest.mark.parametrize("lacks_files", [False, True])
def test_a_release_whose_store_cannot_be_read_is_named(
    supplemented: Release, tmp_path: Path, *, lacks_files: bool
) -> None:
    damaged = replace(supplemented, path=tmp_path / "damaged")
    shutil.copytree(supplemented.path, damaged.path)
    if lacks_files:
        for file in damaged.store.glob("*.sst"):
            file.unlink()
    else:
        (damaged.store / "CURRENT").write_text("nothing\n")
    with pytest.raises(DamagedRelease, match="damaged/store: cannot be read"):
        graph_counts(damaged)


def test_the_store_of_a_release_is_read_once_however_often_its_statements_are_counted(
    supplemented: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = graph_counts(supplemented)
    monkeypatch.setattr(Store, "read_only", None)
    assert graph_counts(supplemented) == counts
