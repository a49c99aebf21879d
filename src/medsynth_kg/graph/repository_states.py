"""What GitHub says of the code repositories, as statements of ``graph/github``."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS
from medsynth_kg.graph.statements import Statements, date, number
from medsynth_kg.records.repositories import CodeRepository, repository_key
from medsynth_kg.records.repository_state import RepositoryState


def state_repository_states(
    statements: Statements, repositories: Iterable[CodeRepository], states: Iterable[RepositoryState], iris: Iris
) -> None:
    """State each repository's state and the day it was looked at; states of what the survey doesn't link stay out."""
    known = {state.repository: state for state in states}
    for repository in repositories:
        if state := known.get(repository_key(repository.address)):
            _state(statements, iris.repository(repository.address), state, iris)


def _state(statements: Statements, subject: NamedNode, state: RepositoryState, iris: Iris) -> None:
    msk = iris.msk
    statements.add(subject, msk.checked, date(state.retrieved.isoformat()))
    statements.add(subject, DCTERMS.source, NamedNode(state.address))
    statements.add(subject, msk.gone, Literal(state.gone))
    if state.gone:
        return
    statements.add(subject, msk.archived, Literal(state.archived))
    statements.add(subject, msk.starCount, number(state.stars))
    if state.last_push:
        statements.add(subject, msk.lastPush, date(state.last_push.isoformat()))
    if state.licence:
        statements.add(subject, DCTERMS.license, NamedNode(f"https://spdx.org/licenses/{state.licence}"))
