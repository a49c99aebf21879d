"""The files at /citation.<extension>: how to cite the release that is served."""

from flask import Blueprint, Response

from medsynth_kg.endpoint.citing.formats import CITATION_FORMATS, citation_format
from medsynth_kg.endpoint.citing.graph_citation import graph_citation
from medsynth_kg.endpoint.errors import no_such_format
from medsynth_kg.endpoint.responses import served_release, text_response

citation_pages = Blueprint("citation_pages", __name__)


@citation_pages.get("/citation.<extension>")
def citation(extension: str) -> Response:
    """How to cite the release, in one format."""
    known = citation_format(extension)
    if known is None:
        raise no_such_format("how to cite the graph", "/citation", (one.extension for one in CITATION_FORMATS))
    text = known.write([graph_citation(served_release().release)])
    return text_response(text, known.media_type, f"medsynth-kg.{extension}")
