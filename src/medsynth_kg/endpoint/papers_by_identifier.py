"""The paper that an identifier means: a preprint and its published version are one paper with several."""

from medsynth_kg.endpoint.serving import ServedRelease

_LABELLED = ("arxiv", "pmid")


def paper_with(served: ServedRelease, kind: str, identifier: str) -> str | None:
    """The IRI of the paper with an identifier: of ``kind`` doi, arxiv or pmid, normalised."""
    rows = served.rows("papers-by-identifier")
    return next((row["paper"].value for row in rows if kind in row and row[kind].value == identifier), None)


def paper_once_at(served: ServedRelease, path: str) -> str | None:
    """The IRI of the paper that a decoded path would name if it were known by that identifier only.

    When two rows of the survey turn out to be of one paper, one of the two IRIs goes on; this leads there from the
    other, which earlier releases had.
    """
    kind, _, local = path.partition("/")
    if kind != "paper":
        return None
    scheme, _, rest = local.partition("/")
    return paper_with(served, *((scheme, rest) if scheme in _LABELLED else ("doi", local.lower())))
