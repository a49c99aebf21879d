"""An application that answers in steps, as one that any WSGI client can call."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from medsynth_kg.endpoint.passing import SteppedApplication
from medsynth_kg.query.steps import finish

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def whole(application: SteppedApplication) -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return finish(application(environ, start_response))

    return answer
