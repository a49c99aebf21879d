"""A cell's text is what a reader sees, and its links are all that a reader could follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.survey.links import cell_text, read_cell


@pytest.mark.parametrize(
    ("markdown", "text", "addresses"),
    [
        ("DDPM-based:DiffECG", "DDPM-based:DiffECG", []),
        ("  classic GAN ,  WGAN ", "classic GAN , WGAN", []),
        ("**GAN**<br>VAE", "GAN, VAE", []),
        ("k_m_x &amp; `A|B`", "k_m_x & A|B", []),
        ("[Code ](https://github.com/a/b)", "Code", ["https://github.com/a/b"]),
        ("[a](https://a.bc/x) / [b](<https://b.cd/y>)", "a / b", ["https://a.bc/x", "https://b.cd/y"]),
        ("[Paper] (https://a.bc/x)", "[Paper] (https://a.bc/x)", ["https://a.bc/x"]),
        ("see https://doi.org/10.1000/x(1)2.", "see https://doi.org/10.1000/x(1)2.", ["https://doi.org/10.1000/x(1)2"]),
        ("https://doi.org/10.1000/a<1>c;2", "https://doi.org/10.1000/a<1>c;2", ["https://doi.org/10.1000/a<1>c;2"]),
        ("https://a.bc/x< b", "https://a.bc/x< b", ["https://a.bc/x"]),
        ("<https://a.bc/x>", "https://a.bc/x", ["https://a.bc/x"]),
        ('<a href="https://a.bc/x?y=1&amp;z=2">Paper</a>', "Paper", ["https://a.bc/x?y=1&z=2"]),
        ("[![badge](https://i.mg/x)](https://a.bc/x)", "badge", ["https://a.bc/x"]),
        ("[Code](yES)", "Code", ["yES"]),
        ("[Code](Original method)", "[Code](Original method)", []),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", []),
    ],
)
def test_reads_text_and_links(markdown: str, text: str, addresses: list[str]) -> None:
    cell = read_cell(markdown)
    assert cell.text == text
    assert [link.address for link in cell.links] == addresses


@given(markdown=st.text(alphabet="[]()<>!*_`~\\&;a \n|:/.", max_size=200))
def test_every_text_can_be_read_and_comes_out_with_single_spaces(markdown: str) -> None:
    text = cell_text(markdown)
    assert text == " ".join(text.split())
