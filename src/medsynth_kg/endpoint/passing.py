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

KNOWN = "medsynth_kg.known"
"""Where it holds whether the response is one that was known, and will be the same for the same request."""
HOLDS = "medsynth_kg.holds"
"""Where it holds a function that says whether such a response is still the same, and counts it as given again."""

SteppedApplication = Callable[["WSGIEnvironment", "StartResponse"], Steps[Iterable[bytes]]]
"""A WSGI application (PEP 3333) whose answer comes in steps."""
