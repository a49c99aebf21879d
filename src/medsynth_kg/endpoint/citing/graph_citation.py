"""How to cite the graph itself: a release of it, which never changes."""

from medsynth_kg.endpoint.citing.citation import Author, Citation
from medsynth_kg.release.description import MAKERS, TITLE
from medsynth_kg.release.reading import Release


def graph_citation(release: Release) -> Citation:
    """The citation of one release."""
    address = f"{release.manifest.base_iri}releases/{release.id}/"
    return Citation(
        address,
        title=TITLE,
        authors=(Author(literal=MAKERS),),
        date=release.manifest.newest_input.isoformat(),
        kind="dataset",
        version=release.id,
        address=address,
    )


def in_words(citation: Citation) -> str:
    """The citation of a release as a reader writes it into a list of references."""
    authors = "; ".join(author.inverted for author in citation.authors)
    return f"{authors} ({citation.date_parts[0]}). {citation.title}, release {citation.version}. {citation.url}"
