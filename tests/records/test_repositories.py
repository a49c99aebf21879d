"""Which repositories the survey links, for which papers, and whose they are."""

from collections.abc import Callable

from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.curation import Decisions, RepositoryRole
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.repositories import collect_repositories

PaperFactory = Callable[..., Paper]


def github(owner: str, name: str, path: str = "") -> RepositoryAddress:
    address = f"https://github.com/{owner}/{name}"
    return RepositoryAddress(
        host="github.com", owner=owner.lower(), name=name.lower(), address=address, path=path, linked=address + path
    )


def test_a_repository_is_one_however_many_papers_and_folders_link_it(make_paper: PaperFactory) -> None:
    whole, folder = github("mah533", "GAN"), github("mah533", "GAN", "/tree/main/ecg")
    papers = [make_paper("10.1000/a", repository=whole), make_paper("10.1000/b", repository=folder)]
    (repository,) = collect_repositories(papers, Decisions())
    assert repository.address == whole
    assert repository.addresses == (whole, folder)
    assert [paper.local_part for paper in repository.papers] == ["10.1000/a", "10.1000/b"]
    assert repository.role is RepositoryRole.UNKNOWN


def test_repositories_come_in_the_order_of_their_names_with_the_role_decided(make_paper: PaperFactory) -> None:
    papers = [
        make_paper("10.1000/a", repository=github("thinkercache", "stylegan2-ada-pytorch")),
        make_paper("10.1000/b", repository=github("AgaMiko", "debiasing-effect-of-gans")),
        make_paper("10.1000/c"),
    ]
    roles = {"github.com/agamiko/debiasing-effect-of-gans": RepositoryRole.AUTHORS}
    repositories = collect_repositories(papers, Decisions(repository_roles=roles))
    assert [(repository.address.owner, repository.role) for repository in repositories] == [
        ("agamiko", RepositoryRole.AUTHORS),
        ("thinkercache", RepositoryRole.UNKNOWN),
    ]
