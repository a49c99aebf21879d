"""``medsynth-kg serve``."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import click
import uvloop

from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.cli.supervising import Supervisor
from medsynth_kg.endpoint.answering import MOST_JOINED
from medsynth_kg.endpoint.application import Endpoint, create_app
from medsynth_kg.endpoint.gateway.connections import Connections
from medsynth_kg.endpoint.gateway.gateway import Gateway
from medsynth_kg.endpoint.gateway.server import serve
from medsynth_kg.endpoint.places import release_place
from medsynth_kg.endpoint.rate_limit import RateLimit
from medsynth_kg.query.confinement import die_with_parent
from medsynth_kg.query.limits import query_limits
from medsynth_kg.query.products import StoreProduct
from medsynth_kg.release.errors import NoRelease
from medsynth_kg.release.reading import Release, current_release
from medsynth_kg.settings import Settings

CONNECTIONS = 16_384
"""How many connections may be open; one that sends nothing costs little, but counts."""
CONNECTIONS_OF_A_CLIENT = 1024
"""How many of them may be one client's, and no more than a quarter of all."""
OTHER_FILES = 1024
"""How many files the server may need besides: kept answers and those on their way, each more than 1 MiB."""
THREADS_FOR_PAGES = 32
"""Threads beside those that wait for queries."""
BACKLOG = 4096
"""How many connections may wait to be taken, where the system allows so many."""
DRAIN_SECONDS = 5
"""How long after the longest query a server that was told to end waits for slow clients."""
KILL_SECONDS = 5
"""How long after that its process may still take to end."""


def checked_rate_limit(_context: click.Context, _parameter: click.Parameter, notation: str | None) -> str | None:
    """A rate limit that can be read."""
    if notation:
        try:
            RateLimit(notation)
        except ValueError as error:
            raise click.BadParameter(f"write “{notation}” as 60/minute, 5/second or 1000/hour") from error
    return notation


def checked_log(_context: click.Context, _parameter: click.Parameter, target: str | None) -> str | None:
    """A file that can be written."""
    if target and target != "-":
        try:
            Path(target).open("a", encoding="ascii").close()
        except OSError as error:
            raise click.BadParameter(f"“{target}” can't be written: {error.strerror}") from error
    return target


@click.command(short_help="Serve the current release over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@directory_option("releases")
@directory_option("data")
@click.option(
    "--workers",
    "--query-workers",
    "query_workers",
    type=click.IntRange(1),
    default=DEFAULTS.query_workers,
    show_default=True,
    help="Processes that run queries.",
)
@click.option(
    "--query-timeout",
    type=click.FloatRange(0, min_open=True),
    default=DEFAULTS.query_timeout,
    show_default=True,
    help="Seconds that a query may take.",
)
@click.option(
    "--query-memory",
    type=click.IntRange(1),
    default=DEFAULTS.query_memory,
    show_default=True,
    help="Bytes that a query may use above the idle worker.",
)
@click.option(
    "--result-size",
    type=click.IntRange(1),
    default=DEFAULTS.result_size,
    show_default=True,
    help="Bytes that an answer may have.",
)
@click.option(
    "--in-memory",
    type=click.IntRange(0),
    default=DEFAULTS.in_memory,
    show_default=True,
    help="Bytes on disk up to which the release's store is read into memory; 0 for none.",
)
@click.option("--store", default=DEFAULTS.store, help="A SPARQL 1.1 store, loaded by push, that runs the queries.")
@click.option(
    "--store-product",
    type=click.Choice([product.value for product in StoreProduct]),
    default=DEFAULTS.store_product,
    show_default=True,
    help="The store's maker, for its own way to take a time limit.",
)
@click.option(
    "--store-user",
    default=DEFAULTS.store_user,
    help="The store's user; the password comes from MEDSYNTH_KG_STORE_PASSWORD.",
)
@click.option(
    "--store-authentication",
    type=click.Choice(["basic", "digest", "bearer"]),
    default=DEFAULTS.store_authentication,
    show_default=True,
    help="How the store's user logs in.",
)
@click.option("--offline", is_flag=True, help="Let no query ask another endpoint by SERVICE.")
@click.option(
    "--rate-limit",
    default=DEFAULTS.rate_limit,
    callback=checked_rate_limit,
    help="Requests that a client may send, such as 60/minute; no limit by default.",
)
@click.option(
    "--trusted-proxies",
    type=click.IntRange(0),
    default=DEFAULTS.trusted_proxies,
    show_default=True,
    help="Proxies in front whose X-Forwarded-For and -Proto are believed.",
)
@click.option(
    "--request-log",
    metavar="FILE",
    default=DEFAULTS.request_log,
    callback=checked_log,
    help="Where to write a JSON line for each request, - for standard error.",
)
@click.option(
    "--log-addresses", is_flag=True, default=DEFAULTS.log_addresses, help="Name the clients' addresses in that log."
)
def serve_command(host: str, port: int, *, offline: bool, **limits: object) -> None:
    """Serve the current release over HTTP, building the first one if there is none.

    SPARQL 1.1 at /sparql, a page for every IRI, saved queries at /queries/, dumps at /dumps/. A newer release, once
    built, is taken up without a restart. With --store, that store runs the queries, and the release is the one that it
    holds; all else comes from the same release kept here.
    """
    services = {"services": ()} if offline else {}
    settings = DEFAULTS.model_copy(update=limits | services)
    release = _current_or_first(settings) if settings.store is None else _held(settings)
    try:
        listener = _listen(host, port)
    except OSError as error:
        # Python adds the address to the system's own words, those of a name that is not known excepted.
        reason = error.strerror if isinstance(error, socket.gaierror) or not error.errno else os.strerror(error.errno)
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}") from error

    def announce() -> None:
        address = f"http://{host}:{port}"
        click.echo(f"Release {release.id}")
        click.echo(f"Home page        {address}/")
        click.echo(f"SPARQL endpoint  {address}/sparql")

    drain_seconds = settings.query_timeout + DRAIN_SECONDS
    work = partial(_serve, settings, listener, drain_seconds)
    Supervisor(work, announce, listener.close, drain_seconds + KILL_SECONDS).run()


def _listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections, which wait until somebody answers; raises ``OSError``."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # Who asks for every address of IPv6 means those of IPv4 too, as with other servers.
    is_any = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
    return socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=is_any)


def _room_for_connections() -> int:
    """Let this process have as many files open as it needs, if it may; how many of them can be connections."""
    wanted = CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(allowed - OTHER_FILES, allowed // 2)


def _serve(settings: Settings, listener: socket.socket, drain_seconds: float, ready: Callable[[], object]) -> None:
    """Answer requests until SIGTERM."""
    behind_proxy = settings.trusted_proxies > 0
    room = _room_for_connections()
    connections = Connections(room, min(CONNECTIONS_OF_A_CLIENT, room // 4), behind_proxy=behind_proxy)
    limits = query_limits(settings)
    threads = limits.workers + limits.queue + MOST_JOINED + THREADS_FOR_PAGES
    with closing(Endpoint(settings)) as endpoint:
        gateway = Gateway(create_app(endpoint, settings), threads=threads, behind_proxy=behind_proxy)
        uvloop.run(serve(gateway, connections, listener, backlog=BACKLOG, drain_seconds=drain_seconds, ready=ready))


def _held(settings: Settings) -> Release:
    place = release_place(settings)
    place.close()
    return place.open()


def _current_or_first(settings: Settings) -> Release:
    try:
        return current_release(settings.releases)
    except NoRelease:
        click.echo(f"No release in {Path(settings.releases)} yet: building the first one from {settings.data}")
        _build_first(settings)
        return current_release(settings.releases)


def _build_first(settings: Settings) -> None:
    """Build in a process of its own, since a server keeps for ever what memory it once took."""
    places = ("--data", settings.data, "--releases", settings.releases)
    built = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "medsynth_kg", "build", *places],
        check=False,
        preexec_fn=partial(die_with_parent, os.getpid()),  # this process has one thread yet
    )
    if built.returncode:
        sys.exit(built.returncode)
