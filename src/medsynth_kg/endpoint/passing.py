"""What the gateway and the site are to each other."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from medsynth_kg.query.steps import Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CANCELLATION = "medsynth_kg.cancellation"
"""Where a request's environment holds what the gateway cancels when the client leaves; a ``Cancellation``."""
REFUSAL = "medsynth_kg.refusal"
"""Where it holds why the gateway does not let the request in; an error, which is to be told."""

SteppedApplication = Callable[["WSGIEnvironment", "StartResponse"], Steps[Iterable[bytes]]]
"""A WSGI application (PEP 3333) whose answer comes in steps."""
