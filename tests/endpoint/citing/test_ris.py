"""RIS is lines of a tag and a value; each record begins with its type and ends with ER."""

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.citing.citation import Author, Citation
from medsynth_kg.endpoint.citing.ris import as_ris


def records(text: str) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for line in text.split("\r\n")[:-1]:
        tag, separator, value = line[:2], line[2:6], line[6:]
        assert separator == "  - "
        if tag == "TY":
            found.append([])
        found[-1].append((tag, value))
    return found


def test_a_record_has_pages_apart_and_the_family_name_first() -> None:
    citation = Citation(
        "https://example.org/paper/x",
        title="A title",
        authors=(Author("Ekárt", "Anikó"), Author(literal="A Consortium")),
        date="2023-10",
        kind="journal",
        venue="Sensors",
        pages="12-19",
        doi="10.1000/a",
    )
    (record,) = records(as_ris([citation]))
    assert record == [
        ("TY", "JOUR"),
        ("TI", "A title"),
        ("AU", "Ekárt, Anikó"),
        ("AU", "A Consortium"),
        ("PY", "2023"),
        ("DA", "2023/10//"),
        ("T2", "Sensors"),
        ("SP", "12"),
        ("EP", "19"),
        ("DO", "10.1000/a"),
        ("UR", "https://doi.org/10.1000/a"),
        ("ER", ""),
    ]


@given(st.lists(st.text(), max_size=4))
def test_no_title_breaks_out_of_its_line(titles: list[str]) -> None:
    found = records(as_ris(Citation("https://example.org/paper/x", title=title) for title in titles))
    shown = [" ".join(title.split()) for title in titles]
    assert [dict(record).get("TI", "") for record in found] == shown
    assert all(record[-1] == ("ER", "") for record in found)
