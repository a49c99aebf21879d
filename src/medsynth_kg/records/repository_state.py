"""What a forge says of a code repository."""

import datetime

from pydantic import BaseModel, ConfigDict, Field


class RepositoryState(BaseModel):
    """A repository (``host/owner/name``) as its forge described it on the day ``retrieved``.

    ``gone`` where the forge had nothing under that name; then nothing else is known. ``licence`` is an SPDX identifier
    (https://spdx.org/licenses/), ``last_push`` the day of the newest commit that was pushed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str
    retrieved: datetime.date
    address: str
    gone: bool = False
    archived: bool = False
    licence: str | None = None
    last_push: datetime.date | None = None
    stars: int | None = Field(None, ge=0)
