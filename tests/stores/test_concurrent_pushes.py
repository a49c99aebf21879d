"""Two pushes at once: the last to begin wins, and no graph is lost."""

import threading
from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Triple
from tests.stores.test_pushing import BASE, expected, graphs, silent

from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.errors import AnotherPush, CountsDiffer, Purpose
from medsynth_kg.stores.holding import graph_counts, held_release_id, state_graph
from medsynth_kg.stores.pushing import push_release
from medsynth_kg.stores.runs import Run
from medsynth_kg.stores.switching import Switch, clearing


def staging(release: Release) -> dict[str, str]:
    return {graph: graph.replace(f"{BASE}graph", f"{BASE}staging/{release.id}") for graph in graph_counts(release)}


class Interrupted(StoreClient):
    """Has somebody else push the whole release just before an update with a certain word."""

    def __init__(self, addresses: StoreAddresses, word: str, release: Release, switch: Switch) -> None:
        super().__init__(addresses)
        self._word = word
        self._release, self._switch = release, switch
        self.is_done = False

    def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
        if self._word in text and not self.is_done:
            self.is_done = True
            other = StoreClient(self.addresses)
            push_release(self._release, other, 1000, silent, self._switch)
            other.close()
        super().update(text, purpose)


@pytest.mark.parametrize(("word", "switch"), [("MOVE", Switch.AT_ONCE), ("identifier> ?id", Switch.STEPWISE)])
def test_a_push_that_another_overtakes_at_the_switch_leaves_what_the_other_put_there(
    addresses: StoreAddresses, client: StoreClient, first: Release, word: str, switch: Switch
) -> None:
    overtaken = Interrupted(addresses, word, first, switch)
    with pytest.raises(AnotherPush):
        push_release(first, overtaken, 1000, silent, switch)
    overtaken.close()
    assert overtaken.is_done
    assert graphs(client) == expected(first)
    if switch is Switch.STEPWISE:
        assert held_release_id(client, BASE) is None
        push_release(first, client, 1000, silent, switch)
        assert graphs(client) == expected(first)
    assert held_release_id(client, BASE) == first.id


@pytest.mark.parametrize("switch", Switch)
def test_of_two_pushes_at_once_one_succeeds(
    addresses: StoreAddresses, client: StoreClient, first: Release, switch: Switch
) -> None:
    failures: list[str] = []

    def push() -> None:
        own = StoreClient(addresses)
        try:
            push_release(first, own, 20, silent, switch)
        except AnotherPush as error:
            failures.append(str(error))
        own.close()

    threads = [threading.Thread(target=push) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) <= 1
    assert graphs(client) == expected(first)
    assert held_release_id(client, BASE) == first.id


def test_a_store_that_ends_up_with_another_count_does_not_say_that_it_holds_the_release(
    addresses: StoreAddresses, first: Release
) -> None:
    class Disturbed(StoreClient):
        def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
            super().update(text, purpose)
            if "MOVE" in text:
                super().update(f"DROP GRAPH <{BASE}graph/union>")

    client = Disturbed(addresses)
    with pytest.raises(CountsDiffer, match="graph/union"):
        push_release(first, client, 1000, silent)
    assert held_release_id(client, BASE) is None
    client.close()


TRIPLE = Triple(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"))


class Stopped(Exception):
    pass


@pytest.mark.parametrize("switch", Switch)
def test_a_push_announces_itself_before_it_drops_what_another_has_staged(
    addresses: StoreAddresses, client: StoreClient, first: Release, second: Release, switch: Switch
) -> None:
    other = Run(client, state_graph(BASE))
    other.begin(staging(second))
    client.add(staging(second)[f"{BASE}graph/union"], [TRIPLE])
    dropped: list[str] = []

    class Observed(StoreClient):
        def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
            if not text.startswith("INSERT DATA") and f"staging/{second.id}" in text:
                dropped.append(text)
                with pytest.raises(AnotherPush):
                    other.check()
            super().update(text, purpose)

    own = Observed(addresses)
    push_release(first, own, 1000, silent, switch)
    own.close()
    assert dropped
    assert graphs(client) == expected(first)


@pytest.mark.parametrize("switch", Switch)
def test_a_batch_that_was_under_way_when_a_push_of_another_release_began_is_dropped_too(
    addresses: StoreAddresses, client: StoreClient, first: Release, second: Release, switch: Switch
) -> None:
    Run(client, state_graph(BASE)).begin(staging(second))

    class Belated(StoreClient):
        def add(self, graph: str, triples: Iterable[Triple]) -> None:
            super().add(staging(second)[f"{BASE}graph/union"], [TRIPLE])
            super().add(graph, triples)

    own = Belated(addresses)
    push_release(first, own, 1000, silent, switch)
    own.close()
    assert graphs(client) == expected(first)


def test_what_a_later_push_of_another_release_has_staged_is_not_dropped(
    client: StoreClient, first: Release, second: Release
) -> None:
    def stop(_line: str) -> None:
        raise Stopped

    def begin_another(line: str) -> None:
        if line.startswith("union: ") and line.endswith(" triples sent"):
            with pytest.raises(Stopped):
                push_release(second, client, 20, stop)

    with pytest.raises(AnotherPush):
        push_release(first, client, 1000, begin_another)
    told: list[str] = []
    assert push_release(second, client, 20, told.append)
    assert "continuing after 20 triples" in told[0]
    assert graphs(client) == expected(second)


@pytest.mark.parametrize("switch", Switch)
def test_a_staging_graph_that_an_overtaken_push_empties_after_it_was_counted_is_filled_again(
    client: StoreClient, first: Release, switch: Switch
) -> None:
    told: list[str] = []
    emptied = staging(first)[f"{BASE}graph/curated"]

    def empty(line: str) -> None:
        if (
            line.startswith("union: ")
            and line.endswith(" triples sent")
            and not any("union: " in line for line in told)
        ):
            client.update(clearing(switch, emptied))
        told.append(line)

    assert push_release(first, client, 1000, empty, switch)
    assert f"{emptied}: the store counts another number of triples than it was sent; sending again" in told
    assert graphs(client) == expected(first)
    assert held_release_id(client, BASE) == first.id


def test_a_graph_that_an_overtaken_push_leaves_empty_in_its_place_is_put_there_again(
    addresses: StoreAddresses, client: StoreClient, first: Release
) -> None:
    class Overtaking(StoreClient):
        is_done = False

        def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
            if text.startswith(f"INSERT {{ GRAPH <{BASE}graph/curated>") and not self.is_done:
                self.is_done = True
                super().update(clearing(Switch.STEPWISE, staging(first)[f"{BASE}graph/curated"]))
            super().update(text, purpose)

    own = Overtaking(addresses)
    assert push_release(first, own, 1000, silent, Switch.STEPWISE)
    own.close()
    assert graphs(client) == expected(first)
    assert held_release_id(client, BASE) == first.id


def test_a_count_that_is_wrong_at_the_end_for_another_push_is_told_as_that(
    addresses: StoreAddresses, client: StoreClient, first: Release
) -> None:
    class Overtaken(StoreClient):
        def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
            super().update(text, purpose)
            if "MOVE" in text:
                Run(client, state_graph(BASE)).begin(staging(first))
                super().update(f"DROP GRAPH <{BASE}graph/union>")

    own = Overtaken(addresses)
    with pytest.raises(AnotherPush):
        push_release(first, own, 1000, silent)
    own.close()
