"""What runs the queries of a release: worker processes here, or a store that the release was pushed to."""

from collections.abc import Mapping

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.products import StoreProduct
from medsynth_kg.query.remote import RemoteExecutor, RemoteStore
from medsynth_kg.query.request import Executor
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings
from medsynth_kg.stores.client import Credentials


def open_executor(release: Release, settings: Settings, limits: QueryLimits, prefixes: Mapping[str, str]) -> Executor:
    """Start what the settings name.

    Raises:
        WorkersUnavailable: the workers can't be started.
        StoreAddressInvalid: the store's address is none.
    """
    if settings.store is None:
        return EmbeddedExecutor(release.store, limits, prefixes, settings.in_memory)
    store = RemoteStore(settings.store, StoreProduct(settings.store_product), store_credentials(settings))
    return RemoteExecutor(store, release, limits, prefixes)


def store_credentials(settings: Settings) -> Credentials | None:
    """The store's user with the password, or the token, where there is one."""
    if settings.store_user is None and settings.store_authentication != "bearer":
        return None
    password = settings.store_password.get_secret_value() if settings.store_password else ""
    return Credentials(settings.store_user or "", password, settings.store_authentication)
