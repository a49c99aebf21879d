"""How a run of ``link`` asks."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from medsynth_kg.enrichment.options import AskingOptions, service_address


class LinkingOptions(AskingOptions):
    """What one run of ``link`` may do.

    ``addresses`` are base addresses that stand in for a target's own, by the target's name; ``slowness`` stretches (or,
    below 1, shortens) the time between two requests.
    """

    addresses: Mapping[str, Annotated[str, AfterValidator(service_address)]] = {}
    slowness: float = Field(1.0, gt=0)
