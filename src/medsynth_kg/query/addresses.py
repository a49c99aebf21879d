"""Where the services of a query lead: never into this machine or the network that it stands in.

A name may lead elsewhere when the engine resolves it again a moment later; only an allowed service's own operator could
arrange that. Whoever can't trust one takes it off the list.
"""

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from urllib.parse import urlsplit

from medsynth_kg.query.errors import ServiceRefused, ServiceUnreachable

PATIENCE = 5.0
"""Seconds that a name server may take."""
_RESOLVERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolver")
"""The library that resolves names takes no time limit; these threads wait for it, and nobody waits for them."""


def check_addresses(services: Iterable[str]) -> None:
    """Resolve the hosts of services.

    Raises:
        ServiceRefused: one leads to a loopback, link-local, private or otherwise special address.
        ServiceUnreachable: one has no address, or none came in time.
    """
    for service in services:
        asked = urlsplit(service)
        try:
            asking = _RESOLVERS.submit(_resolve, asked.hostname, asked.port or asked.scheme)
            found = asking.result(timeout=PATIENCE)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise ServiceUnreachable(service) from error
        if not all(is_public(address) for address in found):
            raise ServiceRefused(f"<{service}>, whose name leads into a private network,")


def _resolve(host: str | None, port: int | str) -> list[str]:
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also where an IPv6 address stands for an IPv4 one."""
    parsed = ip_address(address.partition("%")[0])
    if parsed.version == 6:
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return parsed.is_global and not parsed.is_multicast
