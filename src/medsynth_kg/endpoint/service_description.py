"""The SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) of the endpoint."""

import re

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.serving import ServedRelease

BASIC_FEDERATED_QUERY = "http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery"
_LOCAL = re.compile(r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def describe_service(served: ServedRelease, media_type: str, host: str, scheme: str) -> Answer:
    """The description in an RDF format; it claims federation only where a service may be asked."""
    federation = {"federation": BASIC_FEDERATED_QUERY} if served.federates else {}
    return served.ask(
        "service-description",
        media_type,
        endpoint=endpoint_address(served.base, served.address, host, scheme),
        service=f"{served.base}sparql#service",
        dataset=f"{served.base}sparql#dataset",
        defaultGraph=f"{served.base}sparql#default-graph",
        described=f"{served.base}void#dataset",
        **federation,
    )


def endpoint_address(base: str, path: str, host: str, scheme: str) -> str:
    """What ``sd:endpoint`` names: the address asked, so that clients come back to it.

    A name in the Host header is whatever a client wrote, so only an address that can't be somebody else's name is
    taken from it: ``localhost`` or a number. Everybody else gets the permanent address. ``path`` is that of the
    endpoint, which an older release has its own.
    """
    is_local = _LOCAL.fullmatch(host) and scheme in ("http", "https")
    return f"{scheme}://{host}{path}" if is_local else f"{base}{path.removeprefix('/')}"
