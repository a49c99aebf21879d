"""What GitHub says of a repository: fetch it, and read it.

Source: GitHub REST API, version 2022-11-28, route ``/repos/{owner}/{repo}`` (docs.github.com/rest/repos/repos).
"""

import datetime
import re
from urllib.parse import quote

from pydantic import SecretStr

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.session import Answer, ServiceSession
from medsynth_kg.records.repository_state import RepositoryState

_MEDIA_TYPE = "application/vnd.github+json"
_GONE = (404, 410, 451)
"""Unknown or private; deleted; taken down for legal reasons."""
_LICENCE = re.compile(r"[A-Za-z0-9.+-]+")
_NO_LICENCE = frozenset({"NOASSERTION", "NONE"})
"""GitHub found a text that it couldn't tell, or none."""
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]+Z")


def fetch_repository(session: ServiceSession, base: str, name: str, token: SecretStr | None) -> Answer:
    """Ask GitHub for a repository, ``name`` being ``owner/name``.

    Raises:
        FetchError: see ``ServiceSession.get``.
        BudgetSpentError: see ``ServiceSession.get``; without a token GitHub allows 60 requests an hour.
    """
    headers = {"X-GitHub-Api-Version": "2022-11-28"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    return session.get(f"{base.rstrip('/')}/repos/{quote(name)}", _MEDIA_TYPE, headers=headers)


def parse_repository(answer: Answer, name: str, retrieved: datetime.date) -> RepositoryState:
    """Read GitHub's answer about ``owner/name``.

    Raises:
        FetchError: the answer describes no repository, or another one without a redirect.
    """
    repository = f"github.com/{name}"
    if answer.status in _GONE:
        return RepositoryState(repository=repository, retrieved=retrieved, address=answer.address, gone=True)
    content = Fields(parse_object(answer.require("application/json", _MEDIA_TYPE)))
    found = content.text("full_name")
    if found is None or (found.lower() != name and not answer.redirected):
        raise FetchError(f"{answer.address} answered with JSON that doesn't describe {name}")
    return RepositoryState(
        repository=repository,
        retrieved=retrieved,
        address=answer.address,
        archived=content.flag("archived"),
        licence=_licence(content.nested("license").text("spdx_id")),
        last_push=_day(content.text("pushed_at")),
        stars=content.number("stargazers_count"),
    )


def _licence(identifier: str | None) -> str | None:
    known = identifier is not None and identifier not in _NO_LICENCE and _LICENCE.fullmatch(identifier)
    return identifier if known else None


def _day(moment: str | None) -> datetime.date | None:
    match = _DAY.fullmatch(moment or "")
    try:
        return datetime.date.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None
