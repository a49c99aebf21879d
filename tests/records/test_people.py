"""Who is one person across papers, who stays local to one, and who may be somebody else."""

from collections.abc import Callable

from medsynth_kg.records.metadata import Author, Metadata
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.people import candidate_matches, collect_people, repeated_orcids

MetadataFactory = Callable[..., Metadata]
PaperFactory = Callable[..., Paper]
Authors = Callable[..., Paper]

CARBERRY = "0000-0002-1825-0097"
ADIB = Author(family="Adib", given="Edmond")
AFGHAH = Author(family="Afghah", given="Fatemeh")


def authored(make_paper: PaperFactory, make_metadata: MetadataFactory, paper: str, *authors: Author) -> Paper:
    return make_paper(paper, make_metadata(paper, authors=authors))


def test_the_same_orcid_is_the_same_person_under_the_fuller_name(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    short = Author(family="Carberry", given="J.", orcid=CARBERRY)
    full = Author(family="Carberry", given="Josiah", orcid=CARBERRY)
    papers = [
        authored(make_paper, make_metadata, "10.1000/a", ADIB, short),
        authored(make_paper, make_metadata, "10.1000/b", full),
    ]
    _, person = collect_people(papers)
    assert (person.orcid, person.author) == (CARBERRY, full)
    assert [(authorship.paper.local_part, authorship.position) for authorship in person.authorships] == [
        ("10.1000/a", 2),
        ("10.1000/b", 1),
    ]


def test_without_an_orcid_the_same_name_in_two_papers_is_two_people(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    papers = [authored(make_paper, make_metadata, paper, ADIB) for paper in ("10.1000/a", "10.1000/b")]
    assert [person.orcid for person in collect_people(papers)] == [None, None]


def test_an_orcid_beside_two_authors_of_one_paper_identifies_neither(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    twice = [author.model_copy(update={"orcid": CARBERRY}) for author in (ADIB, AFGHAH)]
    paper = authored(make_paper, make_metadata, "10.1000/a", *twice)
    assert repeated_orcids(paper) == {CARBERRY}
    assert [person.orcid for person in collect_people([paper])] == [None, None]


def test_a_paper_without_metadata_has_no_authors(make_paper: PaperFactory) -> None:
    assert collect_people([make_paper("10.1000/a")]) == ()


def test_agreeing_names_with_a_common_coauthor_are_candidates(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    initial = Author(family="Adib", given="E.")
    papers = [
        authored(make_paper, make_metadata, "10.1000/a", ADIB, AFGHAH),
        authored(make_paper, make_metadata, "10.1000/b", initial, AFGHAH),
    ]
    pairs = candidate_matches(collect_people(papers))
    assert [(one.author, other.author) for one, other in pairs] == [(ADIB, initial), (AFGHAH, AFGHAH)]


def test_a_common_name_alone_makes_no_candidate(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    papers = [
        authored(make_paper, make_metadata, "10.1000/a", ADIB, AFGHAH),
        authored(make_paper, make_metadata, "10.1000/b", ADIB, Author(family="Wang", given="Hui")),
    ]
    assert candidate_matches(collect_people(papers)) == ()


def test_namesakes_in_one_paper_are_no_candidates(make_paper: PaperFactory, make_metadata: MetadataFactory) -> None:
    paper = authored(make_paper, make_metadata, "10.1000/a", ADIB, ADIB, AFGHAH)
    assert candidate_matches(collect_people([paper])) == ()


def test_two_orcids_are_two_people_whatever_their_names(
    make_paper: PaperFactory, make_metadata: MetadataFactory
) -> None:
    one = ADIB.model_copy(update={"orcid": CARBERRY})
    other = ADIB.model_copy(update={"orcid": "0000-0001-5109-3700"})
    papers = [
        authored(make_paper, make_metadata, "10.1000/a", one, AFGHAH),
        authored(make_paper, make_metadata, "10.1000/b", other, AFGHAH),
    ]
    pairs = candidate_matches(collect_people(papers))
    assert [pair[0].author for pair in pairs] == [AFGHAH]
