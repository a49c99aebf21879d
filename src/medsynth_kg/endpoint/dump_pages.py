"""Dumps: the list with sizes and checksums, and the files.

Files under a release's own address never change and may be kept for ever; ``/dumps/latest/`` leads to the current
release's.
"""

from base64 import b64encode
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.dump_files import DUMPS, dump_documents, dumps_of, media_type
from medsynth_kg.endpoint.errors import NotFound
from medsynth_kg.endpoint.kept_releases import find_release
from medsynth_kg.endpoint.release_pages import describing_files, release_links
from medsynth_kg.endpoint.reply import with_charset
from medsynth_kg.endpoint.responses import file_response, page_response, served_release, speak_of
from medsynth_kg.endpoint.signposting import link_header, member
from medsynth_kg.endpoint.structured_data import describe_dataset
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings

LATEST = "latest"
_FOR_EVER = 365 * 24 * 3600


def create_dump_pages(settings: Settings) -> Blueprint:
    """The addresses under /dumps/; ``settings`` say where releases lie, and whether nginx sends the files."""
    dumps = Blueprint("dumps", __name__)

    @dumps.get("/dumps/")
    def list_dumps() -> Response:
        return _list(served_release().release, "dumps/")

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
        found = speak_of(_release(settings.releases, release_id))
        return _list(found, f"dumps/{found.id}/")

    @dumps.get("/dumps/<release_id>/<path:name>")
    def dump(release_id: str, name: str) -> WerkzeugResponse:
        found = speak_of(_release(settings.releases, release_id))
        response = _send(found, name)
        if settings.accel_redirect and response.status_code in (200, 206):
            _leave_to_nginx(response, f"{settings.accel_redirect}{found.id}/{DUMPS}{name}")
        return response

    return dumps


def _release(releases: Path, release_id: str) -> Release:
    current = served_release().release
    return current if release_id == current.id else find_release(releases, release_id)


def _list(release: Release, path: str) -> Response:
    files = dumps_of(release)
    whole = [file for file in files if "/" not in file[0]]
    graphs = [file for file in files if "/" in file[0]]
    return page_response(
        "dumps.html",
        path,
        listed=release,
        groups=[("Everything", whole), ("One graph each", graphs)],
        descriptions=describing_files(release),
        links=release_links(release),
        structured=describe_dataset(release, dump_documents(release)),
    )


def _entry(release: Release, name: str) -> str:
    """The SHA-256 of a dump. Only names in the manifest are files, so no other path can be asked for."""
    entry = release.manifest.files.get(DUMPS + name)
    if entry is None:
        raise NotFound(f"release {release.id} has no dump {name[:80]}; see /dumps/{release.id}/")
    return entry.sha256


def _send(release: Release, name: str) -> Response:
    digest = _entry(release, name)
    response = file_response(
        release.dumps / name,
        with_charset(media_type(name)),
        max_age=_FOR_EVER,
        entity_tag=digest,
        name=PurePosixPath(name).name,
    )
    response.headers["Cache-Control"] = f"public, max-age={_FOR_EVER}, immutable"
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:"
    iri = f"{release.manifest.base_iri}releases/{release.id}"
    response.headers["Link"] = link_header(member(iri, f"/releases/{release.id}/"))
    return response


def _leave_to_nginx(response: Response, location: str) -> None:
    """Keep the headers but those about ranges, which are nginx's, and name the file (https://nginx.org/r/internal)."""
    response.close()
    response.direct_passthrough = False
    response.status_code = 200
    response.headers.pop("Accept-Ranges", None)
    response.headers.pop("Content-Range", None)
    response.set_data(b"")
    response.headers["X-Accel-Redirect"] = location
