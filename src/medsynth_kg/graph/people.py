"""The authors of the papers: people, and their places in each paper's list of authors."""

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from medsynth_kg.graph.attribution import Attribution
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS, FOAF, SCHEMA, SKOS
from medsynth_kg.graph.statements import Statements, number, text
from medsynth_kg.records.names import full_name
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.people import Authorship, Person, candidate_matches, collect_people


def state_people(
    attributions: Mapping[str, Attribution], links: Statements, papers: tuple[Paper, ...], iris: Iris
) -> None:
    """State who wrote the papers.

    ``attributions`` are by the local part of the paper's IRI; ``links`` takes the candidates for one person under two
    IRIs, as ``skos:closeMatch``, since a name is not an identity.
    """
    people = collect_people(papers)
    for one, other in candidate_matches(people):
        links.add(_person_iri(one, iris), SKOS.closeMatch, _person_iri(other, iris))
    for person in people:
        subject = _person_iri(person, iris)
        first = attributions[person.authorships[0].paper.local_part]("authors")
        name = full_name(person.author)
        first.describe(subject, name, FOAF.Person, SCHEMA.Person)
        for predicate, value in (
            (FOAF.name, name),
            (SCHEMA.name, name),
            (FOAF.familyName, person.author.family),
            (FOAF.givenName, person.author.given),
        ):
            first.add(subject, predicate, text(value))
        for authorship in person.authorships:
            _state_authorship(attributions[authorship.paper.local_part]("authors"), subject, authorship, iris)


def _state_authorship(statements: Statements, person: NamedNode, authorship: Authorship, iris: Iris) -> None:
    paper = iris.paper(authorship.paper)
    subject = iris.authorship(paper, authorship.position)
    label = f"{full_name(authorship.author)}, author {authorship.position}"
    statements.describe(subject, label, iris.msk.Authorship)
    statements.add(subject, iris.msk.author, person)
    statements.add(subject, iris.msk.position, number(authorship.position))
    statements.add(subject, iris.msk.affiliationName, *map(Literal, authorship.author.affiliations))
    statements.add(paper, iris.msk.authorship, subject)
    statements.add(paper, DCTERMS.creator, person)
    statements.add(paper, SCHEMA.author, person)


def _person_iri(person: Person, iris: Iris) -> NamedNode:
    if person.orcid:
        return iris.person(person.orcid)
    authorship = person.authorships[0]
    return iris.author(iris.paper(authorship.paper), authorship.position)
