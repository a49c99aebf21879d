"""The interface for programs, described: /openapi.json for tools, /api for readers."""

import json

from flask import Blueprint, Response

from medsynth_kg.endpoint.interface.openapi import describe_interface
from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.endpoint.reply import CACHE_CONTROL
from medsynth_kg.endpoint.responses import conditional, page_response, served_release, site_address

interface_pages = Blueprint("interface_pages", __name__)

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"


@interface_pages.get("/openapi.json")
def openapi() -> Response:
    """The description in OpenAPI."""
    content = json.dumps(describe_interface(served_release(), site_address()), ensure_ascii=False)
    response = Response(content, content_type=OPENAPI)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return conditional(response)


@interface_pages.get("/api")
def interface() -> Response:
    """The same description as a page."""
    description = describe_interface(served_release(), site_address())
    operations = [
        (method.upper(), path, operation)
        for path, item in description["paths"].items()
        for method, operation in item.items()
    ]
    groups = [
        (tag, [found for found in operations if found[2]["tags"] == [tag["name"]]]) for tag in description["tags"]
    ]
    alternates = [Alternate("application/vnd.oai.openapi+json", "/openapi.json", "OpenAPI")]
    return page_response("interface.html", "api", groups=groups, alternates=alternates, host=site_address())
