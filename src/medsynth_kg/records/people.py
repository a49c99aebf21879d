"""The authors of the papers: who is one person, as far as that is known, and who may be."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Author
from medsynth_kg.records.names import full_name, names_agree, normalised_text
from medsynth_kg.records.papers import Paper


class Authorship(BaseModel):
    """``author``, as printed, stands at ``position`` (from 1) of the paper's author list."""

    model_config = ConfigDict(frozen=True)

    paper: PaperIdentifier
    position: int
    author: Author


class Person(BaseModel):
    """Somebody with all authorships known to be theirs, in the order of the papers.

    With an ORCID a person can have several; without one, a person is local to one authorship: no guessing.
    """

    model_config = ConfigDict(frozen=True)

    orcid: str | None
    authorships: tuple[Authorship, ...]

    @property
    def author(self) -> Author:
        """The name that tells most: the longest one printed, the first of equals."""
        return max((authorship.author for authorship in self.authorships), key=lambda author: len(full_name(author)))


def collect_people(papers: Iterable[Paper]) -> tuple[Person, ...]:
    """The authors of all papers, in the order in which they first appear.

    An ORCID that a source gives to two authors of one paper identifies neither of them there.
    """
    authorships_of: dict[object, list[Authorship]] = {}
    for paper in papers:
        repeated = repeated_orcids(paper)
        for authorship in _authorships(paper):
            orcid = authorship.author.orcid
            key = orcid if orcid and orcid not in repeated else (authorship.paper, authorship.position)
            authorships_of.setdefault(key, []).append(authorship)
    return tuple(
        Person(orcid=key if isinstance(key, str) else None, authorships=tuple(authorships))
        for key, authorships in authorships_of.items()
    )


def repeated_orcids(paper: Paper) -> frozenset[str]:
    """The ORCIDs that stand beside more than one author of the paper."""
    orcids = [authorship.author.orcid for authorship in _authorships(paper) if authorship.author.orcid]
    return frozenset(orcid for orcid in orcids if orcids.count(orcid) > 1)


def candidate_matches(people: Iterable[Person]) -> tuple[tuple[Person, Person], ...]:
    """Pairs of people who may be one: their names agree, and so does a co-author's in a paper of each.

    A candidate is no identity: a graph may say ``skos:closeMatch``, never ``owl:sameAs``. Two people with
    ORCIDs are no candidates.
    """
    namesakes: dict[tuple[str, str], list[Person]] = {}
    coauthors: dict[PaperIdentifier, dict[tuple[str, str], list[Author]]] = {}
    for person in people:
        namesakes.setdefault(_initials(person.author), []).append(person)
        for authorship in person.authorships:
            in_paper = coauthors.setdefault(authorship.paper, {})
            in_paper.setdefault(_initials(authorship.author), []).append(authorship.author)
    return tuple(
        (one, other)
        for group in namesakes.values()
        for one, other in combinations(group, 2)
        if not (one.orcid and other.orcid)
        and names_agree(one.author, other.author)
        and _share_coauthor(one, other, coauthors)
    )


def _authorships(paper: Paper) -> Iterator[Authorship]:
    authors = paper.work.facts.authors if paper.work else ()
    for position, author in enumerate(authors, start=1):
        yield Authorship(paper=paper.identifier, position=position, author=author)


def _initials(author: Author) -> tuple[str, str]:
    """The last word and the first letter of a name: what names that agree have in common."""
    name = normalised_text(full_name(author))
    return name.rpartition(" ")[2], name[:1]


def _share_coauthor(
    one: Person, other: Person, coauthors: Mapping[PaperIdentifier, Mapping[tuple[str, str], list[Author]]]
) -> bool:
    papers, other_papers = ({authorship.paper for authorship in person.authorships} for person in (one, other))
    if papers & other_papers:
        return False
    return any(
        names_agree(author, other_author)
        for paper, other_paper in product(papers, other_papers)
        for initials in coauthors[paper].keys() & coauthors[other_paper].keys()
        for author, other_author in product(coauthors[paper][initials], coauthors[other_paper][initials])
        if not names_agree(author, one.author)
    )
