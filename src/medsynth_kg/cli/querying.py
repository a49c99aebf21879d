"""``medsynth-kg query``."""

import json
import sys
from pathlib import Path
from urllib.parse import urljoin

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from medsynth_kg.cli.options import DEFAULTS, directory_option
from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.formats import GRAPH_FORMATS, SOLUTION_FORMATS, format_named
from medsynth_kg.query.guard import inspect_query
from medsynth_kg.query.limits import query_limits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import read_saved_query
from medsynth_kg.release.reading import Release, current_release, read_prefixes

TABLE = "table"
UNLIMITED = 2**31
"""How many characters a line of a table may have that no terminal shows."""
NARROWEST = 5
"""How many places of a line a column takes at least: two for the widest character, two around it, and one between."""


@click.command()
@click.argument("query", metavar="FILE|-|SAVED-QUERY")
@click.option("--format", "format_name", default=TABLE, show_default=True, help="table, or a format by its name.")
@directory_option("releases")
def query_command(query: str, format_name: str, releases: Path) -> None:
    """Run a SPARQL query over the current release, without a server.

    The query is a file, - for standard input, or the name of a saved query. Formats of solutions are table, json, xml,
    csv and tsv; formats of graphs are turtle, ntriples, rdfxml and jsonld. A table shows IRIs as prefixed names or
    relative to the release's base, which a query's are, too.
    """
    release = current_release(releases)
    text = _text(query, release)
    limits = query_limits(DEFAULTS.model_copy(update={"query_workers": 1}))
    form = inspect_query(text, limits).form
    table = format_name == TABLE
    chosen = format_named("turtle" if form.is_graph else "json", form) if table else format_named(format_name, form)
    if chosen is None:
        names = ", ".join(known.extension for known in (GRAPH_FORMATS if form.is_graph else SOLUTION_FORMATS))
        raise click.BadParameter(
            f"there is no {format_name} of {form} queries; choose {TABLE}, {names}", param_hint="--format"
        )
    prefixes = read_prefixes(release)
    executor = EmbeddedExecutor(release.store, limits, prefixes)
    try:
        answer = executor.execute(QueryRequest(text, chosen.media_type, base_iri=release.manifest.base_iri))
    finally:
        executor.close()
    body = answer.body if isinstance(answer.body, bytes) else answer.body.read()
    if table and not form.is_graph:
        _print_table(json.loads(body), prefixes, release.manifest.base_iri)
    else:
        sys.stdout.buffer.write(body)


def _text(query: str, release: Release) -> str:
    if query == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    saved, path = release.queries / f"{query}.rq", Path(query)
    try:
        if "/" not in query and saved.is_file():
            return read_saved_query(saved).text
        if path.is_file():
            return _decoded(path.read_bytes(), query)
    except OSError as error:
        raise click.BadParameter(f"{query} can't be read: {error.strerror}") from error
    names = ", ".join(sorted(path.stem for path in release.queries.glob("*.rq")))
    raise click.BadParameter(f"{query} is neither a file nor a saved query; saved queries are {names}")


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{source} is not UTF-8: see its byte {error.start + 1}") from error


def _print_table(answer: dict[str, object], prefixes: dict[str, str], base: str) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = UNLIMITED
    if "boolean" in answer:
        console.print(answer["boolean"])
        return
    variables: list[str] = answer["head"]["vars"]  # type: ignore[index]  # the form of SPARQL 1.1 Query Results JSON
    rows: list[dict[str, dict[str, str]]] = answer["results"]["bindings"]  # type: ignore[index]  # likewise
    table = Table()
    for variable in variables:
        table.add_column(variable, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shortened(row.get(variable, {}), prefixes, base)) for variable in variables))
    # Where a terminal is too narrow for so many columns, it breaks the lines itself; Rich would leave columns out.
    console.width = max(console.width, len(variables) * NARROWEST + 1)
    console.print(table)
    console.print(f"{len(rows)} rows")


def _shortened(term: dict[str, str], prefixes: dict[str, str], base: str) -> str:
    """A term for a table: IRIs as prefixed names, or relative to the base, as queries may have them too."""
    value = term.get("value", "")
    if term.get("type") == "uri":
        for prefix, namespace in prefixes.items():
            if value.startswith(namespace):
                return f"{prefix}:{value.removeprefix(namespace)}"
        relative = value.removeprefix(base)
        # Below the base too, not everything is what its relative form means: think of a colon in the first part.
        if relative != value and urljoin(base, relative) == value:
            return f"<{relative}>"
    return value
