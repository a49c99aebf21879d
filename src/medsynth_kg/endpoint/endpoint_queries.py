"""The endpoint's own queries: one ``.rq`` file each, so that no route holds SPARQL.

Their relative IRIs are resolved against the base of the release that answers them.
"""

from functools import cache
from importlib.resources import files


@cache
def query_text(name: str) -> str:
    """The text of ``queries/<name>.rq``."""
    return (files(__package__) / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def standalone_query(text: str, base: str) -> str:
    """A query with the base that its relative IRIs are resolved against, so that anybody can run it anywhere."""
    return f"BASE <{base}>\n{text}"
