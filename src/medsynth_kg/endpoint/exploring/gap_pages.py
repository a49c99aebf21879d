"""The page /gaps: which kinds of data and models nobody evaluated, and for what."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.endpoint_queries import query_text, standalone_query
from medsynth_kg.endpoint.errors import NotFound, no_such_format
from medsynth_kg.endpoint.exploring.gaps import Matrix, read_matrices
from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.endpoint.responses import answer_response, page_response, served_release, text_response

gap_pages = Blueprint("gap_pages", __name__)

TYPES = {"csv": "text/csv", "json": "application/sparql-results+json", "rq": "application/sparql-query"}
"""What the matrix comes as, by extension; ``rq`` is the query that makes it."""


@gap_pages.get("/gaps")
def gaps() -> Response:
    """The matrix of one evaluation category; without one in the address, of the least frequent."""
    served = served_release()
    matrices = read_matrices(served.rows("gaps"), served.base)
    wanted = request.args.get("evaluation", "")
    shown = _matrix(matrices, wanted)
    query = standalone_query(query_text("gaps"), served.base)
    return page_response(
        "gaps.html",
        f"gaps?{urlencode({'evaluation': wanted})}" if wanted else "gaps",
        matrices=matrices,
        shown=shown,
        query=query,
        query_address=f"/sparql?{urlencode({'query': query})}",
        alternates=[Alternate(TYPES["csv"], "/gaps.csv", "CSV"), Alternate(TYPES["json"], "/gaps.json", "JSON")],
    )


def _matrix(matrices: tuple[Matrix, ...], wanted: str) -> Matrix | None:
    if not wanted:
        return matrices[0] if matrices else None
    for matrix in matrices:
        if matrix.category.key == wanted:
            return matrix
    known = ", ".join(matrix.category.key for matrix in matrices)
    raise NotFound(f"{wanted[:60]} is not an evaluation category of the graph; there are {known or 'none'}")


@gap_pages.get("/gaps.<extension>")
def gaps_data(extension: str) -> Response:
    """The whole matrix, all categories, as a table; or the query that makes it."""
    if extension not in TYPES:
        raise no_such_format("the gaps", "/gaps", TYPES)
    served = served_release()
    if extension == "rq":
        return text_response(standalone_query(query_text("gaps"), served.base), TYPES[extension])
    return answer_response(served.ask("gaps", TYPES[extension]), "gaps")
