import gzip
from pathlib import Path

from medsynth_kg.corpus.parts import finished_parts, write_part

BLOCKS = [
    "<a/b> <p> <o> <g> .\t<a/b> <q> <o> <g> .",
    "<a> <p> <o> <g> .",
    "<a> <p> <o> <g> .\t<a> <q> <o> <g> .",
    "<a> <p> <o> <g> .\t<a> <q> <o> <g> .",
]


def test_a_part_holds_each_statement_once_and_sorted(tmp_path: Path) -> None:
    part = write_part(tmp_path, 0, sorted(BLOCKS))
    lines = gzip.decompress((tmp_path / "part-00000.nq.gz").read_bytes()).splitlines()
    assert lines == sorted(set(lines))
    assert part.statements == len(lines) == 4
    assert finished_parts(tmp_path, 2) == {0: part}


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_part(tmp_path / place, 0, sorted(BLOCKS)) for place in ("one", "other"))
    assert one == other
