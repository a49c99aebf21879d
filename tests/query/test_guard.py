"""What is refused before a worker sees it, and what is not."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryTriples, Store

from medsynth_kg.query.errors import QuerySyntaxError, QueryTooDeep, QueryTooLong, ServiceRefused, UpdateRefused
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.guard import inspect_query
from medsynth_kg.query.limits import QueryLimits

LIMITS = QueryLimits()
ALLOWED = replace(LIMITS, services=("https://host.example/sparql",))


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", QueryForm.SELECT),
        ("ask {}", QueryForm.ASK),
        ("PREFIX select: <http://example.org/> CONSTRUCT WHERE { ?s select:ask ?o }", QueryForm.CONSTRUCT),
        ('VERSION "1.2" SELECT * {}', QueryForm.SELECT),
        ("BASE <http://example.org/ASK> # SELECT\n DESCRIBE <x>", QueryForm.DESCRIBE),
    ],
)
def test_the_form_is_the_first_keyword_after_the_prologue(query: str, form: QueryForm) -> None:
    assert inspect_query(query, LIMITS).form is form


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA {}", "DELETE WHERE {}", "load <http://x>", "CLEAR ALL", "PREFIX x: <y> WITH <g> DELETE {} WHERE {}"],
)
def test_an_update_is_refused(update: str) -> None:
    with pytest.raises(UpdateRefused):
        inspect_query(update, LIMITS)


@pytest.mark.parametrize("text", ["", "   # nothing", "SELEKT * {}", "{}"])
def test_what_begins_like_no_query_says_what_was_expected(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="expected PREFIX, BASE, SELECT"):
        inspect_query(text, LIMITS)


def test_what_begins_like_no_query_has_its_position() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        inspect_query("# first\n  SELEKT * {}", LIMITS)
    assert (caught.value.line, caught.value.column) == (2, 3)


def test_half_a_surrogate_pair_is_a_syntax_error() -> None:
    with pytest.raises(QuerySyntaxError, match="line 1, column 6: half of a surrogate pair"):
        inspect_query("ASK {\ud800}", LIMITS)


SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe<http://127.0.0.1/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE # why\n SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { BIND(<http://x> AS ?g) SERVICE ?g { ?s ?p ?o } }",
    "PREFIX x: <http://x/> SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
    'SELECT ("SERVICE" AS ?x) { SERVICE <http://127.0.0.1/> {} }',
    "SELECT * { ?s ?p ?a,?b,?c FILTER(?a<?b&&?c='>')SERVICE<http://127.0.0.1/>{?x ?y 'z'} }",
    'SELECT * { VALUES ?x {"""a"} SERVICE <http://127.0.0.1/> {} #\\q"""\n }',
    "SELECT * { ?s ?p true.SERVICE <http://127.0.0.1/> {} }",
    "SELECT * { ?s ?p ?a,?b FILTER(?a<?b#>'''\n)SERVICE<http://127.0.0.1/>{?x ?y ?z} #'''\n }",
]


@pytest.mark.parametrize("query", SERVICES)
def test_a_service_is_refused_however_it_is_written(query: str) -> None:
    with pytest.raises(ServiceRefused):
        inspect_query(query, LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ("SERVICE <http://x>" AS ?x) {}',
        "SELECT * { ?s <http://example.org/SERVICE> ?o }",
        "PREFIX service: <http://x/> SELECT * { ?s service:a ?o }",
        "SELECT ?service { ?service ?p ?o } # SERVICE <http://x> {}",
        "SELECT * { ?s ?p '''SERVICE\n<http://x> {}''' }",
        "SELECT * { ?s ?p 'it\\'s a SERVICE <http://x> {}' }",
    ],
)
def test_the_word_alone_is_harmless_in_strings_iris_names_variables_and_comments(query: str) -> None:
    assert inspect_query(query, LIMITS).services == ()


@given(st.text(max_size=40).filter(lambda text: "'''" not in text and not text.endswith(("'", "\\"))))
def test_a_string_hides_no_service_after_it(text: str) -> None:
    quoted = text.replace("\\", "\\\\")
    with pytest.raises(ServiceRefused):
        inspect_query(f"SELECT * {{ ?s ?p '''{quoted}''' . SERVICE <http://x> {{ }} }}", LIMITS)


@pytest.mark.parametrize(
    "iri", ["https://host.example/sparql", "https://host.example/sparql/", "https://host.example/sparql/a"]
)
def test_an_allowed_service_is_let_through(iri: str) -> None:
    assert inspect_query(f"SELECT * {{ SERVICE <{iri}> {{ }} }}", ALLOWED).services == (iri,)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX x: <https://host.example/> SELECT * { SERVICE x:sparql { } }",
        "BASE <http://evil/> prefix x: <https://host.example/sparql> SELECT * { SERVICE SILENT x: { } }",
        "PREFIX : <https://host.example/> PREFIX x: <http://evil/> SELECT * { SERVICE :sparql { } }",
    ],
)
def test_a_prefix_is_written_out_before_the_list_is_asked(text: str) -> None:
    assert inspect_query(text, ALLOWED).services == ("https://host.example/sparql",)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX x: <https://host.example.evil/> SELECT * { SERVICE x:sparql { } }",
        "PREFIX x: <https://host.example/> PREFIX x: <http://evil/> SELECT * { SERVICE x:sparql { } }",
        "PREFIX x: </> SELECT * { SERVICE x:sparql { } }",
        "PREFIX x: <https://host.example/> SELECT * { SERVICE y:sparql { } }",
        "PREFIX x: <https://host.example/> SELECT * { SERVICE x:sparql\\/..\\/admin { } }",
        "PREFIX x: <https://host.example/> SELECT * { SERVICE ?x { } }",
    ],
)
def test_a_prefix_that_leads_elsewhere_or_is_not_certain_is_refused(text: str) -> None:
    with pytest.raises(ServiceRefused):
        inspect_query(text, ALLOWED)


@given(st.from_regex(r"[A-Za-z0-9_:.%é-]{0,12}", fullmatch=True))
@example("-0")
def test_the_engine_writes_prefixes_out_as_the_guard_does(local: str) -> None:
    namespace = "https://host.example/"
    prologue = f"PREFIX x: <{namespace}>"
    try:
        written = Store().query(f"{prologue} CONSTRUCT {{ x:{local} x:p x:o }} {{ }}")
    except SyntaxError:
        return
    assert isinstance(written, QueryTriples)
    (triple,) = written
    assert isinstance(triple.subject, NamedNode)
    read = inspect_query(f"{prologue} SELECT * {{ SERVICE x:{local} {{ }} }}", replace(LIMITS, services=(namespace,)))
    assert read.services == (triple.subject.value,)


@pytest.mark.parametrize(
    "iri",
    [
        "https://host.example.evil/sparql",
        "https://host.example/sparqlx",
        "https://host.example@evil.example/sparql",
        "https://user:password@host.example/sparql",
        "http://host.example/sparql",
        "https://host.example:8443/sparql",
        "https://host.example/sparql/../admin",
        "https://host.example/",
        "https://host.example/sparql/%2e%2E/admin",
        "https://host.example:99999/sparql",
        "file:///etc/passwd",
    ],
)
def test_an_allowed_address_ends_at_a_boundary(iri: str) -> None:
    with pytest.raises(ServiceRefused):
        inspect_query(f"SELECT * {{ SERVICE <{iri}> {{ }} }}", ALLOWED)


def test_a_query_may_be_as_long_as_the_limit_in_bytes_and_no_longer() -> None:
    limits = replace(LIMITS, length=30)
    inspect_query("ASK {} #" + "ü" * 11, limits)
    with pytest.raises(QueryTooLong, match="30 bytes"):
        inspect_query("ASK {} #" + "ü" * 12, limits)


@pytest.mark.parametrize(("opening", "closing"), ["{}", "()", "[]"])
def test_brackets_nest_as_deep_as_the_limit(opening: str, closing: str) -> None:
    inspect_query("ASK" + opening * 100 + closing * 100, LIMITS)
    with pytest.raises(QueryTooDeep, match="100"):
        inspect_query("ASK" + opening * 101 + closing * 101, LIMITS)


PIECES = (
    *(
        "SERVICE",
        "SILENT",
        "<http://127.0.0.1:1/>",
        "{",
        "}",
        "(",
        ")",
        "?a",
        "?b",
        "<",
        ">",
        "'",
        '"',
        "'''",
        '"""',
        "#",
    ),
    *("\n", " ", ".", "FILTER", "BIND", "AS", "VALUES", "&&", "=", "\\", "\\q", "a:b", "true", "<urn:x>", "UNION", "1"),
)
STORE = Store()


def engine_asks_a_service(query: str) -> bool:
    """Whether the engine gets as far as to a service; port 1 is one that it refuses to ask."""
    try:
        bool(STORE.query(query))
    except (SyntaxError, RuntimeError, ValueError):
        return False
    except OSError:
        return True
    return False


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(PIECES), max_size=6))
def test_no_service_that_the_engine_would_ask_is_missed(before: list[str], after: list[str]) -> None:
    query = f"ASK {{ {''.join(before)} SERVICE <http://127.0.0.1:1/> {{}} {''.join(after)} }}"
    if engine_asks_a_service(query):
        with pytest.raises(ServiceRefused):
            inspect_query(query, LIMITS)


def test_the_engine_is_a_judge_of_that() -> None:
    assert engine_asks_a_service("ASK { SERVICE <http://127.0.0.1:1/> {} }")
    assert not engine_asks_a_service("ASK { # SERVICE <http://127.0.0.1:1/> {}\n }")
