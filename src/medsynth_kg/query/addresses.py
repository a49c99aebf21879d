"""Where the services of a query lead: never into this machine or the network that it stands in.

A name may lead elsewhere when the engine resolves it again a moment later; only an allowed service's own operator could
arrange that. Whoever can't trust one takes it off the list.
"""

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from medsynth_kg.query.errors import ServiceRefused, ServiceUnreachable


def check_addresses(services: Iterable[str]) -> None:
    """Resolve the hosts of services.

    Raises:
        ServiceRefused: one leads to a loopback, link-local, private or otherwise special address.
        ServiceUnreachable: one has no address.
    """
    for service in services:
        asked = urlsplit(service)
        try:
            found = socket.getaddrinfo(asked.hostname, asked.port or asked.scheme, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ServiceUnreachable(service) from error
        if not all(is_public(str(address[0])) for *_, address in found):
            raise ServiceRefused(f"<{service}>, whose name leads into a private network,")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also where an IPv6 address stands for an IPv4 one."""
    parsed = ip_address(address.partition("%")[0])
    if parsed.version == 6:
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return parsed.is_global and not parsed.is_multicast
