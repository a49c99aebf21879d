"""What a command costs: seconds, and the memory that it and all its processes had at once."""

import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.2
"""Seconds between looks; what is shorter may be missed."""


@dataclass(frozen=True)
class Cost:
    """Wall-clock seconds, and the most memory that was resident, in MiB; pages that processes share count for each."""

    seconds: float
    memory: int


def cost(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run a command to its end; its output goes to a file in ``folder``, which is shown if it fails."""
    output = folder / "output"
    peak = 0
    started = time.perf_counter()
    with output.open("wb") as terminal:
        process = subprocess.Popen(list(map(str, command)), stdout=terminal, stderr=terminal)
        ended = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not ended.wait(_PAUSE):
                peak = max(peak, resident(process.pid))

        watching = threading.Thread(target=watch)
        watching.start()
        status = process.wait()
        seconds = time.perf_counter() - started
        ended.set()
        watching.join()
    if status:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {output.read_text()[-2000:]}")
    return Cost(seconds, peak >> 20)


def resident(pid: int) -> int:
    """Bytes of memory that a process and all below it have."""
    children = defaultdict(list)
    pages = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            fields = (directory / "stat").read_text().rpartition(")")[2].split()
            pages[int(directory.name)] = int(fields[21])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children[int(fields[1])].append(int(directory.name))
    found, total = [pid], 0
    while found:
        one = found.pop()
        total += pages.get(one, 0)
        found += children[one]
    return total * 4096


def size(path: Path) -> int:
    """Bytes of a file, or of all files below a directory."""
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file())
