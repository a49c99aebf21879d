"""How the pages show IRIs: what they link to, and how they are written for a reader."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from medsynth_kg.endpoint.results import Term

PATH_CHARACTERS = "/:;()"
"""What an IRI of the graph leaves as it is besides letters, digits and ``-._~``; all else is percent-encoded."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLAIN_DATATYPES = ("", f"{_XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


class Links:
    """Links and short forms for one release. The site answers for the base's paths on whatever host it runs."""

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self.base = base
        self._namespaces = sorted(((iri, prefix) for prefix, iri in prefixes.items()), key=lambda pair: -len(pair[0]))

    def href(self, iri: str) -> str | None:
        """What a page may link to for an IRI: its own path, a web address, or nothing at all."""
        if iri.startswith(self.base):
            path = iri.removeprefix(self.base)
            # Werkzeug and WSGI hand over a decoded path, so a page's address is the IRI's path as it stands.
            return f"/{path}"
        return iri if iri.startswith(("http://", "https://")) else None

    def short(self, iri: str) -> str:
        """An IRI as a prefixed name, or as the path under the base, or as it is; percent-encoding undone."""
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace) and "/" not in iri[len(namespace) :] and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return unquote(iri.removeprefix(self.base))

    def is_own(self, iri: str) -> bool:
        """Whether an IRI is one of the graph's own."""
        return iri.startswith(self.base)

    def note(self, term: Term) -> str:
        """What is worth telling of a literal beside its text: a language other than English, or its datatype."""
        if term.language:
            return "" if term.language.startswith("en") else term.language
        return "" if term.datatype in _PLAIN_DATATYPES else self.short(term.datatype)


def iri_of_path(base: str, path: str) -> str:
    """The graph's IRI for a decoded path of a request, encoded as the graph encodes it when it mints one."""
    return base + quote(path.lstrip("/"), safe=PATH_CHARACTERS)


def path_of_iri(base: str, iri: str) -> str:
    """The path, encoded for a header, under which this site answers for an IRI of the graph."""
    return "/" + quote(unquote(iri.removeprefix(base)), safe=PATH_CHARACTERS)
