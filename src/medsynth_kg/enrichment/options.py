"""How a run asks: whom, how often, how patiently, and for how much at most."""

import datetime
import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from medsynth_kg.enrichment.politeness import Budget
from medsynth_kg.settings import ARXIV_URL, CROSSREF_URL

_CONTACT = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def service_address(address: str) -> str:
    """Check that ``address`` is one of a service; raises ``ValueError``, as pydantic's validators do."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{address} is no address of a service; give one like {CROSSREF_URL}")
    return address


def _contact_address(contact: str | None) -> str | None:
    if contact is not None and not _CONTACT.fullmatch(contact):
        raise ValueError(f"{contact!r} is no e-mail address; give the one that the services may write to")
    return contact


def user_cache_directory() -> Path:
    """Where this user's processes meet to take turns: ``$XDG_CACHE_HOME``, else ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "medsynth-kg"


class AskingOptions(BaseModel):
    """What one run may do, whichever services it asks. Durations are in seconds unless the type says otherwise.

    ``today`` dates the answers; sizes are in bytes.
    """

    model_config = ConfigDict(frozen=True)

    today: datetime.date
    contact: Annotated[str | None, AfterValidator(_contact_address)] = None
    """An e-mail address for the User-Agent header; with it Crossref serves from its "polite" pool."""
    max_age: datetime.timedelta = Field(datetime.timedelta(days=30), ge=datetime.timedelta())
    """What was asked this long ago or longer is asked again."""
    request_budget: int = Field(5_000, ge=0)
    time_budget: float = Field(3_600.0, ge=0)
    attempts: int = Field(4, ge=1)
    """How often one question is put where the service is busy or the connection fails."""
    first_pause: float = Field(1.0, ge=0)
    """The pause before the second attempt; each further one doubles it. Up to as much again is jitter."""
    longest_pause: float = Field(120.0, ge=0)
    """A service that asks for a longer pause is taken at its word: the question waits for the next run."""
    connect_timeout: float = Field(5.0, gt=0)
    read_timeout: float = Field(30.0, gt=0)
    answer_timeout: float = Field(60.0, gt=0)
    """How long a whole answer may take, however steadily it drips in."""
    answer_size: int = Field(16 * 2**20, gt=0)
    """How large an answer may be after decompression."""

    def new_budget(self) -> Budget:
        """What a run that begins now may use."""
        return Budget(self.request_budget, self.time_budget)


class EnrichmentOptions(AskingOptions):
    """What one run of ``enrich`` may do.

    The defaults follow what both services ask of automatic clients: Crossref 5 requests a second (its headers may
    lower that), arXiv one in three seconds from all processes of a user.
    """

    crossref_url: Annotated[str, AfterValidator(service_address)] = CROSSREF_URL
    arxiv_url: Annotated[str, AfterValidator(service_address)] = ARXIV_URL
    crossref_rate: float = Field(5.0, gt=0)
    """Requests a second to Crossref at most."""
    arxiv_interval: float = Field(3.0, ge=0)
    """Seconds between two requests to arXiv at least."""
    turns: Path = Field(default_factory=user_cache_directory)
    """The directory in which processes take turns to ask arXiv."""
