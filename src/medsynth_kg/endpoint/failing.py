"""Failures of the site as responses: pages for browsers, problem details for programs."""

import logging

from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as UnfitMethod

from medsynth_kg.endpoint.errors import (
    BodyTooLarge,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    RangeNotSatisfiable,
    RequestRefused,
)
from medsynth_kg.endpoint.negotiation import HTML, prefers_html
from medsynth_kg.endpoint.problems import PROBLEM_JSON, UNEXPECTED, UNEXPECTED_DETAIL, Problem, problem_of
from medsynth_kg.endpoint.rendering import Renderer
from medsynth_kg.endpoint.reply import Reply, problem_headers, problem_reply
from medsynth_kg.endpoint.responses import renderer, response_of, served_release
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.sparql import BODY_LIMIT
from medsynth_kg.errors import MedsynthError

READING = ("GET", "HEAD", "OPTIONS")
"""The methods of addresses that only give."""

logger = logging.getLogger(__name__)


def tell_failure(error: MedsynthError) -> Response:
    """One of our own, by its kind; what nobody foresaw is logged."""
    problem = problem_of(error)
    if problem.kind is UNEXPECTED:
        logger.error("a request failed", exc_info=error)
    return _problem_response(problem)


def tell_http_failure(error: HTTPException) -> Response:
    """One of Werkzeug's."""
    status = error.code or 500
    refusal: RequestRefused
    match status:
        case 404:
            refusal = NotFound("nothing has this address")
        case 405:
            allowed = error.valid_methods if isinstance(error, UnfitMethod) else None
            refusal = MethodNotAllowed(request.method, sorted(allowed or READING))
        case 413:
            refusal = BodyTooLarge(BODY_LIMIT)
        case 416:
            refusal = RangeNotSatisfiable(dict(error.get_headers())["Content-Range"])
        case 500:
            return _problem_response(Problem(UNEXPECTED, UNEXPECTED_DETAIL))
        case _:
            refusal = MalformedRequest(error.name)
    return _problem_response(problem_of(refusal))


def _problem_response(problem: Problem) -> Response:
    return response_of(
        problem_answer(problem, renderer(), served_release(), request.path, request.headers.get("Accept"))
    )


def problem_answer(problem: Problem, pages: Renderer, served: ServedRelease, path: str, accept: str | None) -> Reply:
    """A failure as the client would rather have it, as a page or as problem details."""
    if not prefers_html(accept, (PROBLEM_JSON, "application/json", "text/turtle")):
        return problem_reply(problem, served.base)
    page = pages.problem(problem, served, path.lstrip("/")[:200])
    return Reply(problem.kind.status, problem_headers(problem, f"{HTML}; charset=utf-8", page), page)
