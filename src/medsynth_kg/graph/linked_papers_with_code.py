"""The IRIs of repositories in Linked Papers with Code, by its own rule (metaphacts/linkedpaperswithcode@c2d5562)."""

from urllib.parse import quote

_DELETED = (*"\n\r\t^${}():,><", "---", "--", *"+[]|%\u00a0!", *" #@*", "https//", "http//")


def repository_iri(linked: str) -> str:
    """The IRI under which the graph has a repository, if it has it: made from the address exactly as linked.

    The graph deletes some characters of the address, runs of two or three hyphens among them, before it lowers the
    case; folders after the name stay.
    """
    for text in _DELETED:
        linked = linked.replace(text, "")
    return f"https://linkedpaperswithcode.com/repository/{quote(linked.lower(), safe='/._-~?=&;')}"
