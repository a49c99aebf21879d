"""The bundles of the editor: served for good where they are, and not missed where they are not."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.endpoint.frontend import Frontend
from medsynth_kg.settings import Settings

EDITOR = "sparql-editor-0.js"
STYLE = "sparql-editor-1.css"
FIGURES = "interactive-figures-2.js"
SCRIPT = "console.log('µ');\n"
QUERY = "SELECT * { ?s ?p ?o }"

NewClient = Callable[[Frontend], Client]


@pytest.fixture
def bundled(tmp_path: Path) -> Frontend:
    manifest = {"sparql-editor.js": EDITOR, "sparql-editor.css": STYLE, "interactive-figures.js": FIGURES}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    for name in manifest.values():
        (tmp_path / name).write_text(SCRIPT)
    (tmp_path / "LICENSES.txt").write_text("licences")
    return Frontend(tmp_path)


@pytest.fixture
def unbundled(tmp_path: Path) -> Frontend:
    return Frontend(tmp_path / "nothing")


@pytest.fixture
def client_with(settings: Settings, request: pytest.FixtureRequest) -> NewClient:
    def create(frontend: Frontend) -> Client:
        endpoint = Endpoint(settings, frontend)
        request.addfinalizer(endpoint.close)
        return Client(endpoint)

    return create


def page(client: Client, path: str) -> str:
    return client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)


def settings_of(text: str) -> dict[str, object]:
    _, _, rest = text.partition('id="editor-settings">')
    found: dict[str, object] = json.loads(rest.partition("</script>")[0])
    return found


def test_the_page_loads_the_editor_and_keeps_the_form(client_with: NewClient, bundled: Frontend) -> None:
    text = page(client_with(bundled), "/sparql")
    assert f'<script type="module" src="/static/frontend/{EDITOR}"></script>' in text
    assert f'<link rel="stylesheet" href="/static/frontend/{STYLE}">' in text
    assert "<textarea" in text


def test_the_editor_is_told_prefixes_formats_and_saved_queries(client_with: NewClient, bundled: Frontend) -> None:
    found = settings_of(page(client_with(bundled), "/sparql"))
    assert found["address"] == "/sparql"
    assert isinstance(found["prefixes"], dict)
    assert found["prefixes"]["msk"] == "https://w3id.org/medsynth-kg/ontology#"
    assert isinstance(found["formats"], dict)
    assert ["csv", "CSV"] in found["formats"]["solutions"]
    assert ["ttl", "Turtle"] in found["formats"]["graph"]
    assert isinstance(found["savedQueries"], list)
    slugs = {saved["slug"] for saved in found["savedQueries"]}
    assert slugs == {"papers", "papers-as-graph", "papers-drawn", "papers-of-a-modality"}


@pytest.mark.parametrize("path", ["/sparql", f"/sparql?query={QUERY}", "/sparql?query=SELECT", "/queries/papers"])
def test_without_bundles_pages_load_no_more_than_the_search_and_the_form_stands(
    client_with: NewClient, unbundled: Frontend, path: str
) -> None:
    text = page(client_with(unbundled), path)
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/static/search.js" defer>']
    assert "/static/frontend/" not in text
    assert ("<textarea" in text) == path.startswith("/sparql")


def test_a_bundle_is_kept_for_good(client_with: NewClient, bundled: Frontend) -> None:
    answer = client_with(bundled).get(f"/static/frontend/{EDITOR}")
    assert answer.get_data(as_text=True) == SCRIPT
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_bundle_is_compressed_for_clients_that_take_it(client_with: NewClient, bundled: Frontend) -> None:
    answer = client_with(bundled).get(f"/static/frontend/{EDITOR}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.get_data()).decode() == SCRIPT


@pytest.mark.parametrize("name", ["manifest.json", "other.js", "..%2F..%2Fstyle.css", "sparql-editor.js"])
def test_nothing_but_bundles_has_an_address_among_them(client_with: NewClient, bundled: Frontend, name: str) -> None:
    assert client_with(bundled).get(f"/static/frontend/{name}").status_code == 404


def test_only_the_editor_may_add_a_style_and_no_page_may_run_inline_scripts(
    client_with: NewClient, bundled: Frontend
) -> None:
    client = client_with(bundled)
    policies = {
        path: dict(
            part.strip().partition(" ")[::2]
            for part in client.get(path, headers={"Accept": "text/html"}).headers["Content-Security-Policy"].split(";")
        )
        for path in ("/", "/sparql")
    }
    assert all(policy["script-src"] == policy["connect-src"] == "'self'" for policy in policies.values())
    assert all("unsafe" not in part for policy in policies.values() for part in policy.values())
    assert policies["/"]["style-src"] == "'self'"
    assert policies["/sparql"]["style-src"].startswith("'self' 'sha256-")
