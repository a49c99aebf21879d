import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.enrichment.text import plain_text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<i>In vivo</i> H<sub>2</sub>O", "In vivo H2O"),
        ("Signals &amp; systems", "Signals & systems"),
        ("Signals &amp;amp; systems", "Signals & systems"),
        ("&lt;i&gt;E. coli&lt;/i&gt; images", "E. coli images"),
        ("R&D at AT&T", "R&D at AT&T"),
        ("p < 0.05 and q > 0.1", "p < 0.05 and q > 0.1"),
        ("where x<y and z>w", "where x<y and z>w"),
        ("p &lt; 0.05", "p < 0.05"),
        ("Two\n   lines\tand a\u00a0space", "Two lines and a space"),
        ("<jats:title>Abstract</jats:title><jats:p>We show this.</jats:p><jats:p>And that.</jats:p>",
         "We show this. And that."),
        ("<scp>GAN</scp>s<br/>for <span class='x'>ECG</span>", "GANs for ECG"),
        ("caf\u00e9 and cafe\u0301", "caf\u00e9 and caf\u00e9"),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_entities_and_line_breaks_become_plain_text(source: str, expected: str) -> None:
    assert plain_text(source) == expected


def test_a_formula_in_mathml_keeps_its_symbols_once() -> None:
    formula = """An <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML" altimg="si1.gif">
      <mml:semantics><mml:mrow><mml:msub><mml:mi>L</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:mrow>
      <mml:annotation encoding="application/x-tex">L_2</mml:annotation></mml:semantics></mml:math> loss"""
    assert plain_text(formula) == "An L2 loss"


def test_a_formula_in_jats_is_not_repeated_as_tex() -> None:
    both = r"<jats:tex-math>$$\alpha$$</jats:tex-math><mml:math><mml:mi>α</mml:mi></mml:math>"
    assert plain_text(f"Level <jats:inline-formula>{both}</jats:inline-formula> noise").endswith("α noise")


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x85\x9f"[1], "\ufffe", "\uffff", "\ufdd0", "\u202e", "\u2066", "\ud800", "\ufeff"]
)
def test_what_no_text_may_hold_is_dropped(character: str) -> None:
    assert plain_text(f"a{character}b") == "ab"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_the_result_can_be_stored_anywhere_and_stays_on_one_line(source: str) -> None:
    text = plain_text(source)
    text.encode()
    assert text == " ".join(text.split())
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
    assert unicodedata.is_normalized("NFC", text)
