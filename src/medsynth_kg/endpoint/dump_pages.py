"""Dumps: the list with sizes and checksums, and the files.

Files under a release's own address never change and may be kept for ever; ``/dumps/latest/`` leads to the current
release's.
"""

import re
from base64 import b64encode
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, send_file
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.errors import NotFound
from medsynth_kg.endpoint.responses import page_response, served_release
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release, open_release
from medsynth_kg.settings import Settings

LATEST = "latest"
_RELEASE_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}")
_MEDIA_TYPES = {
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".gz": "application/gzip",
}
_FOR_EVER = 365 * 24 * 3600
_DUMPS = "dumps/"


def create_dump_pages(settings: Settings) -> Blueprint:
    """The addresses under /dumps/; ``settings`` say where releases lie."""
    dumps = Blueprint("dumps", __name__)

    @dumps.get("/dumps/")
    def list_dumps() -> Response:
        return _list(served_release().release)

    @dumps.get(f"/dumps/{LATEST}/")
    def latest() -> WerkzeugResponse:
        return redirect(f"/dumps/{served_release().release.id}/", 302)

    @dumps.get(f"/dumps/{LATEST}/<path:name>")
    def latest_file(name: str) -> WerkzeugResponse:
        release = served_release().release
        _entry(release, name)
        return redirect(f"/dumps/{release.id}/{name}", 302)

    @dumps.get("/dumps/<release_id>/")
    def release_dumps(release_id: str) -> Response:
        return _list(_release(settings.releases, release_id))

    @dumps.get("/dumps/<release_id>/<path:name>")
    def dump(release_id: str, name: str) -> WerkzeugResponse:
        return _send(_release(settings.releases, release_id), name)

    return dumps


def _release(releases: Path, release_id: str) -> Release:
    current = served_release().release
    if release_id == current.id:
        return current
    missing = NotFound(f"release {release_id[:40]} is not kept here; /dumps/{LATEST}/ has the current one")
    if not _RELEASE_ID.fullmatch(release_id):
        raise missing
    try:
        return open_release(releases / release_id)
    except DamagedRelease as error:
        raise missing from error


def _list(release: Release) -> Response:
    files = [
        (path.removeprefix(_DUMPS), entry)
        for path, entry in sorted(release.manifest.files.items())
        if path.startswith(_DUMPS)
    ]
    whole = [file for file in files if "/" not in file[0]]
    graphs = [file for file in files if "/" in file[0]]
    return page_response(
        "dumps.html", "dumps/", listed=release, groups=[("Everything", whole), ("One graph each", graphs)]
    )


def _entry(release: Release, name: str) -> str:
    """The SHA-256 of a dump. Only names in the manifest are files, so no other path can be asked for."""
    entry = release.manifest.files.get(_DUMPS + name)
    if entry is None:
        raise NotFound(f"release {release.id} has no dump {name[:80]}; see /dumps/{release.id}/")
    return entry.sha256


def _send(release: Release, name: str) -> Response:
    digest = _entry(release, name)
    response = send_file(
        (release.dumps / name).resolve(),
        mimetype=_MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream"),
        etag=digest,
        max_age=_FOR_EVER,
        conditional=True,
    )
    response.headers["Cache-Control"] = f"public, max-age={_FOR_EVER}, immutable"
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:"
    return response
