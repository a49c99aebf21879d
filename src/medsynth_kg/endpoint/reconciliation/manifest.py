"""The service manifest (section 3.1): what the service offers, and where."""

from collections.abc import Mapping
from typing import Any

from medsynth_kg.endpoint.reconciliation.requests import BATCH_SIZE
from medsynth_kg.endpoint.reconciliation.schema import TYPES

PREVIEW_WIDTH = 420
PREVIEW_HEIGHT = 200


def write_manifest(base: str, site: str, version: str) -> Mapping[str, Any]:
    """The manifest for a graph's base, at a site's address without final slash; ``version`` is the release's id."""
    service = f"{site}/reconcile"
    return {
        "versions": ["0.2"],
        "name": "medsynth-kg: generative models for medical data",
        "identifierSpace": base,
        "schemaSpace": f"{base}ontology#",
        "documentation": f"{site}/about",
        "serviceVersion": version,
        "logo": f"{site}/static/icon.svg",
        "defaultTypes": [{"id": known.id, "name": known.name} for known in TYPES],
        "view": {"url": f"{service}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{service}/preview?id={{{{id}}}}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {name: _suggest(site, name) for name in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": site, "service_path": "/reconcile/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values to fetch at most; 0 for all",
                }
            ],
        },
        "batchSize": BATCH_SIZE,
    }


def _suggest(site: str, name: str) -> Mapping[str, str]:
    return {
        "service_url": site,
        "service_path": f"/reconcile/suggest/{name}",
        "flyout_service_url": site,
        "flyout_service_path": f"/reconcile/flyout/{name}?id=${{id}}",
    }
