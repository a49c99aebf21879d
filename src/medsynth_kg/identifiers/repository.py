"""Addresses of code repositories."""

import re

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.web import WebAddress, is_placeholder_address, parse_web_address

_NAME = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_SECURE_SHELL = re.compile(r"(?:ssh://)?git@([A-Za-z0-9.-]+)[:/](.+)")
_NOT_OWNERS = frozenset(
    {
        "-",
        "about",
        "apps",
        "collections",
        "customer-stories",
        "docs",
        "enterprise",
        "explore",
        "features",
        "join",
        "login",
    }
    | {"marketplace", "notifications", "orgs", "papers", "pricing", "search", "settings", "sponsors", "stars"}
    | {"topics", "trending", "users"}
)
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co", "gitee.com")


class RepositoryAddress(BaseModel):
    """A repository on a forge: ``host``, ``owner``, ``name`` in lower case, ``address`` as on the forge.

    ``owner`` is a path with slashes where a forge has groups in groups. ``path`` is the folder inside the
    repository that a link pointed to, empty where it pointed to the whole. ``linked`` is the address exactly
    as the survey links it (a graph that derives IRIs from it needs every character).
    """

    model_config = ConfigDict(frozen=True)

    host: str
    owner: str
    name: str
    address: str
    path: str = ""
    linked: str


def parse_repository(address: str) -> RepositoryAddress | None:
    """Read the address of a repository on a forge (GitHub, GitLab, Bitbucket, Codeberg, Hugging Face, Gitee).

    Punctuation after the name, ``.git``, and what leads to a folder (``/tree/main/...``) don't belong to the
    name. None where the address leads elsewhere: no forge, an owner without repository, a placeholder.

    >>> parse_repository("https://github.com/mah533/Some-Code/tree/main/models").path
    'models'
    """
    linked = address.strip()
    shell = _SECURE_SHELL.fullmatch(linked)
    web = parse_web_address(f"https://{shell[1]}/{shell[2]}" if shell else linked)
    if web is None or is_placeholder_address(f"https://{web.host}"):
        return None
    host, segments = _place(web)
    kind, segments = _kind(host, segments)
    if not _is_forge(host) or len(segments) < 2 or segments[0].lower() in _NOT_OWNERS:
        return None
    owner, name, path = _split(host, segments)
    if not all(_NAME.fullmatch(part) for part in (*owner.split("/"), name)):
        return None
    full_name = "/".join(part for part in (kind, owner, name) if part)
    return RepositoryAddress(
        host=host,
        owner="/".join(part for part in (kind, owner) if part).lower(),
        name=name.lower(),
        address=f"https://{host}/{full_name}",
        path=path,
        linked=linked,
    )


def _place(web: WebAddress) -> tuple[str, list[str]]:
    segments = [segment for segment in web.path.split("/") if segment]
    if web.host == "raw.githubusercontent.com":
        return "github.com", [*segments[:2], "raw", *segments[2:]]
    return re.sub(r"^(?:www|m)\.", "", web.host), segments


def _kind(host: str, segments: list[str]) -> tuple[str, list[str]]:
    """Hugging Face puts what isn't a model under a folder of its own, which belongs to the address."""
    if host == "huggingface.co" and segments and segments[0] in ("datasets", "spaces"):
        return segments[0], segments[1:]
    return "", segments


def _is_forge(host: str) -> bool:
    return host in _FORGES or host.startswith(("gitlab.", "git.", "gitea.", "code."))


def _split(host: str, segments: list[str]) -> tuple[str, str, str]:
    """Owner, name and the path inside the repository."""
    end = 2
    if "gitlab" in host:
        end = segments.index("-") if "-" in segments else _end_of_groups(segments)
    *owner, name = segments[:end]
    return "/".join(owner), _bare_name(name), _inside([part for part in segments[end:] if part != "-"])


def _end_of_groups(segments: list[str]) -> int:
    views = (position for position, part in enumerate(segments) if part in ("tree", "blob", "raw") and position >= 2)
    return next(views, len(segments))


def _bare_name(name: str) -> str:
    name = name.rstrip(".,;:)]}>'\"")
    return name.removesuffix(".git").rstrip(".") or name


def _inside(rest: list[str]) -> str:
    if len(rest) > 2 and rest[0] in ("tree", "blob", "raw", "src", "resolve"):
        inner = rest[2:] if rest[1] not in ("branch", "commit", "tag") else rest[3:]
        return "/".join(inner).rstrip(".,;")
    return ""
