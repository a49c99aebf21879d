"""Large answers go to files; a file that can't be written is said to be so, and nothing stays open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.full_disk import no_larger_files_than

from medsynth_kg.query.errors import NoRoom
from medsynth_kg.query.spilling import spill

PIECES: list[bytes | memoryview] = [b"x" * 100_000, memoryview(b"y" * 50_000), b"", b"z"]
WHOLE = b"".join(PIECES)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("in_memory", [1, 1000, 10**6])
def test_what_was_written_is_read_from_the_beginning(in_memory: int) -> None:
    with spill(iter(PIECES), in_memory) as file:
        assert file.read() == WHOLE


@pytest.mark.parametrize("size", [0, 1, 60_000, len(WHOLE) - 1])
def test_a_file_that_cannot_be_written_is_given_up(size: int) -> None:
    before = open_files()
    with no_larger_files_than(size), pytest.raises(NoRoom):
        spill(iter(PIECES))
    assert open_files() == before


def test_what_fits_into_the_memory_needs_no_room_on_the_disk() -> None:
    with no_larger_files_than(0), spill(iter(PIECES), 10**6) as file:
        assert file.read() == WHOLE


def test_when_the_pieces_break_off_nothing_stays_open() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise TimeoutError

    before = open_files()
    with pytest.raises(TimeoutError):
        spill(broken())
    assert open_files() == before
