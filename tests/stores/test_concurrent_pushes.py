"""Two pushes at once: the last to begin wins, and no graph is lost."""

import threading

import pytest
from tests.release.example_release import count_nothing, example_contents
from tests.stores.test_pushing import BASE, expected, graphs, silent

from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release
from medsynth_kg.stores.client import StoreAddresses, StoreClient
from medsynth_kg.stores.errors import AnotherPush, CountsDiffer, Purpose
from medsynth_kg.stores.holding import held_release_id
from medsynth_kg.stores.pushing import push_release
from medsynth_kg.stores.switching import Switch


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(30), tmp_path_factory.mktemp("releases"), count_nothing)


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
    addresses: StoreAddresses, client: StoreClient, release: Release, word: str, switch: Switch
) -> None:
    overtaken = Interrupted(addresses, word, release, switch)
    with pytest.raises(AnotherPush):
        push_release(release, overtaken, 1000, silent, switch)
    overtaken.close()
    assert overtaken.is_done
    assert graphs(client) == expected(release)
    if switch is Switch.STEPWISE:
        assert held_release_id(client, BASE) is None
        push_release(release, client, 1000, silent, switch)
        assert graphs(client) == expected(release)
    assert held_release_id(client, BASE) == release.id


@pytest.mark.parametrize("switch", Switch)
def test_of_two_pushes_at_once_one_succeeds(
    addresses: StoreAddresses, client: StoreClient, release: Release, switch: Switch
) -> None:
    failures: list[str] = []

    def push() -> None:
        own = StoreClient(addresses)
        try:
            push_release(release, own, 20, silent, switch)
        except AnotherPush as error:
            failures.append(str(error))
        own.close()

    threads = [threading.Thread(target=push) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) <= 1
    assert graphs(client) == expected(release)
    assert held_release_id(client, BASE) == release.id


def test_a_store_that_ends_up_with_another_count_does_not_say_that_it_holds_the_release(
    addresses: StoreAddresses, release: Release
) -> None:
    class Disturbed(StoreClient):
        def update(self, text: str, purpose: Purpose = Purpose.UPDATE) -> None:
            super().update(text, purpose)
            if "MOVE" in text:
                super().update(f"DROP GRAPH <{BASE}graph/union>")

    client = Disturbed(addresses)
    with pytest.raises(CountsDiffer, match="graph/union"):
        push_release(release, client, 1000, silent)
    assert held_release_id(client, BASE) is None
    client.close()
