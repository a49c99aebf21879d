"""How a run of ``link`` asks."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from medsynth_kg.enrichment.options import AskingOptions, service_address
from medsynth_kg.settings import GITHUB_URL


class LinkingOptions(AskingOptions):
    """What one run of ``link`` may do.

    ``addresses`` are base addresses that stand in for a target's own, by the target's name; ``slowness`` stretches (or,
    below 1, shortens) the time between two requests. With ``github_token`` GitHub answers more questions an hour.
    """

    addresses: Mapping[str, Annotated[str, AfterValidator(service_address)]] = {}
    github_url: Annotated[str, AfterValidator(service_address)] = GITHUB_URL
    github_token: SecretStr | None = None
    slowness: float = Field(1.0, gt=0)
