from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from medsynth_kg.endpoint.links import Links, iri_of_path
from medsynth_kg.endpoint.results import Term

BASE = "https://w3id.org/medsynth-kg/"
LINKS = Links(BASE, {"msk": f"{BASE}ontology#", "modality": f"{BASE}modality/"})


def test_our_iris_link_to_their_own_page_on_this_host() -> None:
    assert LINKS.href(f"{BASE}paper/10.1000/a%3Cb") == "/paper/10.1000/a%3Cb"


def test_only_web_addresses_become_links() -> None:
    assert LINKS.href("https://example.org/") == "https://example.org/"
    assert LINKS.href("javascript:alert(1)") is None
    assert LINKS.href("data:text/html,x") is None


def test_iris_are_shown_as_prefixed_names_or_paths() -> None:
    assert LINKS.short(f"{BASE}ontology#Paper") == "msk:Paper"
    assert LINKS.short(f"{BASE}modality/ecg") == "modality:ecg"
    assert LINKS.short(f"{BASE}paper/10.1000/a%3Cb") == "paper/10.1000/a<b"


def test_a_language_other_than_english_and_a_datatype_are_noted() -> None:
    assert LINKS.note(Term("literal", "x", language="de")) == "de"
    assert LINKS.note(Term("literal", "x", language="en")) == ""
    assert LINKS.note(Term("literal", "x", f"{BASE}ontology#code")) == "msk:code"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_path_has_a_valid_iri(path: str) -> None:
    assert NamedNode(iri_of_path(BASE, path)).value.startswith(BASE)
