"""Many records, one in a hundred broken, through `medsynth-kg corpus` twice: counts, times, and whether bytes changed.

    python benchmarks/corpus.py DIRECTORY --records 200000

Needs the extra `corpus` and Java 17. The directory keeps the bulk files and the result.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from bulk_files import write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--source", choices=["crossref", "openalex"], default="crossref")
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--master", default="local[*]")
    options = parser.parse_args()
    bulk, output = options.directory / "bulk", options.directory / "corpus"
    expected = write(options.source, bulk, options.records, options.files, 1)
    command = [sys.executable, "-m", "medsynth_kg", "corpus", options.source, str(bulk), "--output", str(output)]
    command += ["--date", "2026-03-01", "--everything", "--master", options.master]
    states = []
    for run in ("first", "second"):
        start = time.perf_counter()
        subprocess.run(command, check=True)
        print(f"{run} run: {time.perf_counter() - start:.1f} s", flush=True)
        states.append(digests(output))
    counts = json.loads((output / "manifest.json").read_bytes())["counts"]
    aside = sum(len(path.read_text().splitlines()) for path in (output / "rejected").iterdir())
    print(f"expected {expected}, counted {counts}, set aside {aside}")
    print(f"bytes changed by the second run: {states[0] != states[1]}")
    right = counts["records"] == expected["records"] and counts["malformed"] == aside == expected["broken"]
    sys.exit(0 if right and states[0] == states[1] else 1)


def digests(directory: Path) -> dict[str, tuple[str, int]]:
    """The SHA-256 of every file, and when it was last written."""
    return {
        str(path.relative_to(directory)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


if __name__ == "__main__":
    main()
