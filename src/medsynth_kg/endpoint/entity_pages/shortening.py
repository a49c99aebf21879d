"""Labels that fit into a picture."""

ELLIPSIS = "…"


def shortened(text: str, most: int) -> str:
    """The text, or as many of its words as ``most`` characters hold, with an ellipsis; a longer word is cut itself."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if not text[most - 1].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" ,;:-") + ELLIPSIS
