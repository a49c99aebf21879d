import io
from collections import Counter

from medsynth_kg.enrichment.progress import Bar, Lines, Progress, progress_on, tally
from medsynth_kg.enrichment.report import Outcome


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show(progress: Progress) -> None:
    with progress:
        progress.begin("arXiv", 3)
        progress.advance(Outcome.FOUND)
        progress.advance(Outcome.FAILED)
        progress.advance(Outcome.FOUND)
        progress.begin("nothing", 0)


def test_a_file_gets_a_line_at_the_beginning_and_one_at_the_end() -> None:
    output = io.StringIO()
    show(progress_on(output))
    assert output.getvalue().splitlines() == ["arXiv: 3 to ask", "arXiv: 3 of 3 (found 2, failed 1)"]


def test_long_stages_get_lines_in_between() -> None:
    output = io.StringIO()
    show(Lines(output, interval=0))
    assert "arXiv: 2 of 3 (found 1, failed 1)" in output.getvalue().splitlines()


def test_a_terminal_gets_a_bar_with_counts() -> None:
    output = Terminal()
    display = progress_on(output)
    assert isinstance(display, Bar)
    show(display)
    assert "3/3" in output.getvalue()
    assert "found 2, failed 1" in output.getvalue()


def test_a_tally_names_only_what_happened() -> None:
    assert tally(Counter({Outcome.UNCHANGED: 2, Outcome.FRESH: 9})) == "unchanged 2"
