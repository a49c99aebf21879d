"""How dumps are sent where nginx sends them: it is told the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings

from .conftest import publish


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return publish(tmp_path / "releases")


@pytest.fixture
def endpoint(release: Release) -> Iterator[Endpoint]:
    served = Endpoint(Settings(releases=release.path.parent, query_workers=1))
    yield served
    served.close()


@pytest.fixture
def behind_nginx(release: Release) -> Iterator[Client]:
    served = Endpoint(Settings(releases=release.path.parent, query_workers=1, accel_redirect="/kept-releases/"))
    yield Client(served)
    served.close()


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-9"}])
@pytest.mark.parametrize("name", ["medsynth-kg.ttl", "graphs/survey.ttl"])
def test_nginx_is_told_which_file_to_send(
    behind_nginx: Client, release: Release, asked: dict[str, str], name: str
) -> None:
    told = behind_nginx.get(f"/dumps/{release.id}/{name}", headers=asked)
    assert (told.status_code, told.data) == (200, b"")
    assert told.headers["X-Accel-Redirect"] == f"/kept-releases/{release.id}/dumps/{name}"
    assert told.headers["ETag"] == f'"{release.manifest.files[f"dumps/{name}"].sha256}"'
    assert told.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert not {"Content-Range", "Transfer-Encoding"} & set(told.headers.keys())
    tag = {"If-None-Match": told.headers["ETag"]}
    with behind_nginx.get(f"/dumps/{release.id}/{name}", headers=tag) as again:
        assert (again.status_code, "X-Accel-Redirect" in again.headers) == (304, False)


def test_nobody_can_ask_for_an_empty_dump_that_a_cache_would_keep(endpoint: Endpoint, release: Release) -> None:
    headers = {"X-Sendfile-Type": "X-Accel-Redirect", "X-Accel-Mapping": "/=/"}
    with Client(endpoint).get(f"/dumps/{release.id}/medsynth-kg.ttl", headers=headers) as sent:
        assert sent.data
        assert "X-Accel-Redirect" not in sent.headers
