"""The code repositories that the survey links."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.curation import Decisions, RepositoryRole
from medsynth_kg.records.papers import Paper


class CodeRepository(BaseModel):
    """A repository with every address under which the survey links it, and the papers that it is linked for.

    ``addresses`` is never empty: links into different folders of one repository are one repository.
    """

    model_config = ConfigDict(frozen=True)

    addresses: tuple[RepositoryAddress, ...]
    role: RepositoryRole
    papers: tuple[PaperIdentifier, ...]

    @property
    def address(self) -> RepositoryAddress:
        """The address that the survey gives first."""
        return self.addresses[0]


def repository_key(address: RepositoryAddress) -> str:
    """What a repository is known by in ``data/curation/repository-role.csv``: ``host/owner/name``."""
    return f"{address.host}/{address.owner}/{address.name}"


def collect_repositories(papers: Iterable[Paper], decisions: Decisions) -> tuple[CodeRepository, ...]:
    """Every repository that a paper's entries link, once, sorted by host, owner and name."""
    links: dict[str, list[tuple[RepositoryAddress, PaperIdentifier]]] = {}
    for paper in papers:
        for entry in paper.entries:
            if entry.repository is not None:
                link = (entry.repository, paper.identifier)
                links.setdefault(repository_key(entry.repository), []).append(link)
    return tuple(
        CodeRepository(
            addresses=tuple(dict.fromkeys(address for address, _ in links[key])),
            role=decisions.repository_roles.get(key, RepositoryRole.UNKNOWN),
            papers=tuple(dict.fromkeys(paper for _, paper in links[key])),
        )
        for key in sorted(links)
    )
