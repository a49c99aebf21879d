"""Every way in which a query can fail has a status of its own; none falls through to "something went wrong"."""

import pytest

from medsynth_kg.endpoint.problems import KINDS
from medsynth_kg.query import errors

FAILURES = [
    failure
    for failure in vars(errors).values()
    if isinstance(failure, type) and issubclass(failure, errors.QueryError) and failure is not errors.QueryError
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
def test_every_failure_of_a_query_has_a_kind(failure: type[errors.QueryError]) -> None:
    assert failure in KINDS


def test_no_two_kinds_share_a_slug() -> None:
    slugs = [kind.slug for kind in KINDS.values()]
    assert len(slugs) == len(set(slugs))
