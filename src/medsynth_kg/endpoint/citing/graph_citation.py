"""How to cite the graph itself: a release of it, which never changes."""

from medsynth_kg.endpoint.citing.citation import Author, Citation
from medsynth_kg.release.description import TITLE
from medsynth_kg.release.reading import Release

_MAKERS = "medsynth-kg contributors"


def graph_citation(release: Release) -> Citation:
    """The citation of one release."""
    address = f"{release.manifest.base_iri}releases/{release.id}/"
    return Citation(
        address,
        title=TITLE,
        authors=(Author(literal=_MAKERS),),
        date=release.manifest.newest_input.isoformat(),
        kind="dataset",
        version=release.id,
        address=address,
    )
