"""What is scarce is shared: so much in all, and no client more than its share."""

import pytest

from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.query.errors import PoolBusy


def test_a_client_gets_no_more_than_its_share_and_others_still_get_theirs() -> None:
    admission = Admission(in_all=10, of_a_client=2)
    with admission.admit("greedy"), admission.admit("greedy"):
        with pytest.raises(PoolBusy), admission.admit("greedy"):
            pytest.fail("a third place was given")
        with admission.admit("modest"):
            pass
    with admission.admit("greedy"):
        pass


def test_all_together_get_no_more_than_there_is() -> None:
    admission = Admission(in_all=3, of_a_client=3)
    admission.take("one", 2)
    with pytest.raises(PoolBusy):
        admission.take("other", 2)
    admission.take("other")
    admission.give_back("one", 2)
    admission.take("third", 2)


def test_what_was_refused_was_not_taken() -> None:
    admission = Admission(in_all=10, of_a_client=5)
    for _ in range(3):
        with pytest.raises(PoolBusy):
            admission.take("greedy", 6)
    admission.take("greedy", 5)


@pytest.mark.parametrize(
    ("one", "other", "is_one_client"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_all_addresses_of_a_subscriber_are_one_client(one: str, other: str, is_one_client: bool) -> None:
    admission = Admission(in_all=10, of_a_client=1)
    admission.take(one)
    if is_one_client:
        with pytest.raises(PoolBusy):
            admission.take(other)
        admission.give_back(other)
        admission.take(one)
    else:
        admission.take(other)
