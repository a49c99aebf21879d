"""The SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) of the endpoint."""

import ipaddress
import re

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.serving import ServedRelease

BASIC_FEDERATED_QUERY = "http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery"
_OWN_NETWORKS = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""Addresses that mean nothing elsewhere (RFC 1918, RFC 4193)."""
_HOST = re.compile(r"(?P<name>[A-Za-z]+|[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def describe_service(served: ServedRelease, media_type: str, endpoint: str) -> Answer:
    """The description in an RDF format; it claims federation only where a service may be asked."""
    limits = served.limits
    federation = {"federation": BASIC_FEDERATED_QUERY} if limits.services else {}
    return served.ask(
        "service-description",
        media_type,
        endpoint=endpoint,
        service=f"{served.base}sparql#service",
        timeLimit=f"{served.base}sparql#time-limit",
        seconds=limits.timeout,
        memoryLimit=f"{served.base}sparql#memory-limit",
        memory=limits.memory,
        resultSizeLimit=f"{served.base}sparql#result-size-limit",
        resultSize=limits.result_size,
        queryLengthLimit=f"{served.base}sparql#query-length-limit",
        queryLength=limits.length,
        dataset=f"{served.base}sparql#dataset",
        defaultGraph=f"{served.base}sparql#default-graph",
        described=f"{served.base}void#dataset",
        **federation,
    )


def endpoint_address(base: str, path: str, host: str, scheme: str) -> str:
    """What ``sd:endpoint`` names: the address asked, so that clients come back to it.

    A name in the Host header is whatever a client wrote, so only one that can't be somebody else's is taken from it:
    ``localhost``, or an address of this machine or of its own network. Everybody else gets the permanent address.
    ``path`` is that of the endpoint, which an older release has its own.
    """
    is_own = _is_local(host) and scheme in ("http", "https")
    return f"{scheme}://{host}{path}" if is_own else f"{base}{path.removeprefix('/')}"


def _is_local(host: str) -> bool:
    match = _HOST.fullmatch(host)
    if match is None or match["name"].lower() == "localhost":
        return match is not None
    try:
        address = ipaddress.ip_address(match["name"].strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or any(
        address in network for network in _OWN_NETWORKS if network.version == address.version
    )
