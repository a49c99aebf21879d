"""What is freed in pieces between what is in use goes back to the system."""

import ctypes
import subprocess
import sys

import pytest
from tests.external_programs import cannot_run

from medsynth_kg.release import freed_memory

PROGRAM = """
from medsynth_kg.release.freed_memory import return_freed_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

pieces = [bytes(20_000) for _ in range(10_000)]
kept = pieces[::100]
del pieces
before = resident()
return_freed_memory()
print(before - resident())
"""


def test_freed_memory_goes_back_to_the_system() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        cannot_run("this system's C library has no malloc_trim")
    returned = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert int(returned) > 150_000_000


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_trim", None)
    freed_memory.return_freed_memory()
