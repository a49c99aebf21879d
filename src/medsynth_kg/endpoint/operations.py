"""What machines ask of a site: whether it lives, its metrics, its description, its icon, its style."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.endpoint_queries import query_text
from medsynth_kg.endpoint.errors import NotFound
from medsynth_kg.endpoint.frontend import FOREVER
from medsynth_kg.endpoint.metrics import Metrics
from medsynth_kg.endpoint.negotiation import negotiate_coding
from medsynth_kg.endpoint.responses import conditional, renderer, served_release, site_address, text_response
from medsynth_kg.endpoint.serving import JSON_RESULTS
from medsynth_kg.query.request import QueryRequest

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "search.js": "text/javascript; charset=utf-8",
}
_READY_SECONDS = 5.0


def create_operations(metrics: Metrics) -> Blueprint:
    """The addresses that are for machines alone."""
    operations = Blueprint("operations", __name__)
    operations.add_url_rule("/healthz", view_func=healthz)
    operations.add_url_rule("/readyz", view_func=readyz)
    operations.add_url_rule("/robots.txt", view_func=robots)
    operations.add_url_rule("/favicon.ico", view_func=icon)
    operations.add_url_rule("/static/<name>", view_func=static_file)
    operations.add_url_rule("/static/frontend/<name>", view_func=bundle)
    operations.add_url_rule("/void", view_func=void)
    operations.add_url_rule("/void.ttl", view_func=void, endpoint="void_turtle")
    operations.add_url_rule("/.well-known/void", view_func=void, endpoint="well_known_void")

    @operations.get("/metrics")
    def metrics_page() -> Response:
        served = served_release()
        text = metrics.exposition(
            served.release.id,
            waiting=served.executor.waiting,
            replaced=served.executor.replaced,
            in_memory=served.executor.is_in_memory,
            cache_bytes=served.answering.kept_bytes,
        )
        return _text(text, "text/plain; version=0.0.4; charset=utf-8")

    return operations


def healthz() -> Response:
    """The process lives."""
    return _text("alive\n")


def readyz() -> Response:
    """A release is open and its workers, or the store that holds it whole, answer."""
    served = served_release()
    served.answering.try_executor(
        QueryRequest(query_text("ready"), JSON_RESULTS, timeout=_READY_SECONDS, client="readiness check")
    )
    return _text(f"ready: release {served.release.id}\n")


def robots() -> Response:
    """Crawlers may read pages, but neither run queries nor walk through all choices of papers, which have no end."""
    rules = (
        "Disallow: /sparql",
        "Disallow: /explore?",
        "Disallow: /explore.",
        "Disallow: /releases/*/sparql",
        "Disallow: /metrics",
        "Disallow: /search",
        "Disallow: /reconcile",
    )
    lines = ("User-agent: *", *rules, "", f"Sitemap: {site_address()}sitemap.xml", "")
    return _text("\n".join(lines))


def icon() -> Response:
    """The icon, for clients that ask for it by the old name."""
    return static_file("icon.svg")


def static_file(name: str) -> Response:
    """The style sheet, the icon and the scripts."""
    if name not in _STATIC:
        raise NotFound(f"there is no file {name[:60]}")
    response = Response(_content(name), content_type=_STATIC[name])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return conditional(response)


def bundle(name: str) -> Response:
    """A script or a style that npm has bundled."""
    found = renderer().frontend.bundle(name)
    if found is None:
        raise NotFound(f"there is no file {name[:60]}")
    coding = negotiate_coding(request.headers.get("Accept-Encoding"))
    response = Response(found.compressed(coding) if coding else found.content, content_type=found.content_type)
    if coding:
        response.headers["Content-Encoding"] = coding.value
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER
    return response


@cache
def _content(name: str) -> bytes:
    return (files(__package__) / "static" / name).read_bytes()


def void() -> Response:
    """The VoID and DCAT description of the data set (VoID, section 7.2)."""
    return text_response((served_release().release.path / "void.ttl").read_text(encoding="utf-8"), "text/turtle")


def _text(text: str, content_type: str = "text/plain; charset=utf-8") -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
