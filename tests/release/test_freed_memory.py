"""What is freed in pieces between what is in use goes back to the system."""

import ctypes
import subprocess
import sys

import pytest
from tests.external_programs import cannot_run

from medsynth_kg.release import freed_memory

RESIDENT = """
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
"""
SMALL_PIECES = f"""
from medsynth_kg.release.freed_memory import return_freed_memory
{RESIDENT}
pieces = [bytes(20_000) for _ in range(10_000)]
kept = pieces[::100]
del pieces
before = resident()
return_freed_memory()
print(before - resident())
"""
LARGE_PIECES = f"""
from medsynth_kg.release.freed_memory import return_large_pieces_at_once
{RESIDENT}
return_large_pieces_at_once()
pieces, kept = [b"x" * 2**20], []
pieces.clear()
for _ in range(200):
    pieces.append(b"x" * 2**20)
    kept.append(b"x" * 1000)
before = resident()
pieces.clear()
print(before - resident())
"""


@pytest.mark.parametrize("program", [SMALL_PIECES, LARGE_PIECES])
def test_freed_memory_goes_back_to_the_system(program: str) -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        cannot_run("this system's C library has no malloc_trim")
    returned = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(returned) > 150_000_000


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_trim", None)
    monkeypatch.setattr(freed_memory, "_set_option", None)
    freed_memory.return_freed_memory()
    freed_memory.return_large_pieces_at_once()
