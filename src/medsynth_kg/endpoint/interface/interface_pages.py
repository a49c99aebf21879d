"""The interface for programs, described: /openapi.json for tools, /api for readers."""

import json

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.interface.openapi import describe_interface
from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.endpoint.reply import CACHE_CONTROL
from medsynth_kg.endpoint.responses import page_response, served_release

interface_pages = Blueprint("interface_pages", __name__)

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


@interface_pages.get("/openapi.json")
def openapi() -> Response:
    """The description in OpenAPI."""
    content = json.dumps(describe_interface(served_release(), request.host_url), ensure_ascii=False)
    response = Response(content, content_type=OPENAPI)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


@interface_pages.get("/api")
def interface() -> Response:
    """The same description as a page."""
    description = describe_interface(served_release(), request.host_url)
    operations = [
        (method.upper(), path, operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
    ]
    groups = [
        (tag, [found for found in operations if found[2]["tags"] == [tag["name"]]]) for tag in description["tags"]
    ]
    alternates = [Alternate("application/vnd.oai.openapi+json", "/openapi.json", "OpenAPI")]
    return page_response("interface.html", "api", groups=groups, alternates=alternates, host=request.host_url)
