"""The running server keeps to its own description, whatever the description allows to be asked."""

from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.end_to_end.server import Server

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6
"""Requests for each operation; the same ones in every run."""


def test_the_shipped_description_is_valid(server: Server) -> None:
    validate(requests.get(f"{server.address}/openapi.json", timeout=20).json())


def test_answers_are_as_described(server: Server) -> None:
    interface: Any = schemathesis.openapi.from_url(f"{server.address}/openapi.json")
    failures: list[str] = []
    operations = [found.ok() for found in interface.get_all_operations()]
    with requests.Session() as session:
        for operation in operations:
            failures += _try(operation, session)
    assert len(operations) > 80
    assert failures == [], "\n".join(failures)


def _try(operation: Any, session: requests.Session) -> list[str]:
    """What goes wrong with an operation."""
    failures: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        response = case.call(session=session, timeout=30)
        try:
            case.validate_response(response, checks=CHECKS)
        except schemathesis.errors.FailureGroup as group:
            failures.append(f"{case.method} {case.formatted_path}: {group}")

    ask()
    return failures
