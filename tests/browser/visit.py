"""A visit of a page in Chromium, and everything in it that a page must never do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_CHECK = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"


@dataclass
class Visit:
    """One browser page; ``failing`` are paths that are meant to answer with an error."""

    page: Page
    address: str
    failing: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    bodies: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._watch)
        self.page.on("requestfinished", self._weigh)

    def open(self, path: str) -> Response:
        response = self.page.goto(self.address + path)
        assert response is not None
        return response

    def violations(self, rules: list[str] = LEVELS) -> list[str]:
        """What axe-core finds against some of its rules, else all of WCAG 2.2 AA, each with the elements concerned."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(_CHECK, rules)
        return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found["violations"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def weight(self) -> int:
        """Bytes that the page and what it loaded at once had on their way, without the bundles of the editor."""
        return sum(size for path, size in self.bodies.items() if not path.startswith("/static/frontend/"))

    def _hear(self, message: ConsoleMessage) -> None:
        expected = urlsplit(message.location["url"]).path in self.failing and "Failed to load" in message.text
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"another host: {request.url}")

    def _weigh(self, request: Request) -> None:
        if request.url.startswith(self.address):
            self.bodies[urlsplit(request.url).path] = max(0, request.sizes()["responseBodySize"])
