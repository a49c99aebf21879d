"""``medsynth-kg push``."""

from typing import Literal

import click

from medsynth_kg.cli.options import directory_option
from medsynth_kg.release.reading import current_release
from medsynth_kg.settings import read_settings
from medsynth_kg.stores.client import Credentials, StoreAddresses, StoreClient
from medsynth_kg.stores.errors import StoreUnreachable
from medsynth_kg.stores.pushing import push_release
from medsynth_kg.stores.switching import Switch


@click.command()
@click.option("--to", "query", required=True, help="The store's address for queries, and for updates if it has one.")
@click.option("--update", help="The store's address for updates, where it is another one.")
@click.option(
    "--graph-store", help="The store's address for the Graph Store Protocol; without it, INSERT DATA is used."
)
@click.option("--user", help="The store's user; the password comes from MEDSYNTH_KG_STORE_PASSWORD.")
@click.option(
    "--authentication",
    type=click.Choice(["basic", "digest", "bearer"]),
    default="basic",
    show_default=True,
    help="How the user logs in; bearer sends the password as a token, and needs no user.",
)
@click.option(
    "--switch",
    type=click.Choice([switch.value for switch in Switch]),
    show_default="at-once, and stepwise for Virtuoso",
    help="stepwise is for stores without MOVE, that lose it in a crash, or whose readers would see half of an update.",
)
@click.option("--batch", type=click.IntRange(1), default=1000, show_default=True, help="Triples in one request.")
@directory_option("releases")
def push_command(
    query: str,
    update: str | None,
    graph_store: str | None,
    user: str | None,
    authentication: Literal["basic", "digest", "bearer"],
    switch: str | None,
    batch: int,
    **directories: object,
) -> None:
    """Load the current release into a SPARQL 1.1 store.

    The graphs are loaded beside those that the store holds, counted, and then put in their places. A push that was
    stopped half-way continues where it was. Push to a store once at a time.
    """
    settings = read_settings().model_copy(update=directories)
    release = current_release(settings.releases)
    password = settings.store_password.get_secret_value() if settings.store_password else ""
    credentials = Credentials(user or "", password, authentication) if user or authentication == "bearer" else None
    client = StoreClient(StoreAddresses(query, update or query, graph_store), credentials)
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        click.echo(line)

    try:
        changed = push_release(release, client, batch, tell, Switch(switch) if switch else None)
    except StoreUnreachable:
        if told:
            click.echo("What has arrived stays in the store; push again, and it continues", err=True)
        raise
    finally:
        client.close()
    click.echo(f"Release {release.id} {'is in the store' if changed else 'was in the store already'}")
