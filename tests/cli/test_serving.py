"""What ``medsynth-kg serve`` does before it answers anybody."""

import subprocess
import sys
from pathlib import Path

from tests.end_to_end.small_releases import build_small_release
from tests.loopback import free_ports


def test_a_server_holds_nothing_in_memory_that_only_builds_need() -> None:
    program = "import sys, medsynth_kg.cli.serving; print({'rdflib', 'pyshacl'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_a_release_without_prefixes_is_told_in_one_line(tmp_path: Path) -> None:
    prefixes = build_small_release(tmp_path, 1).path / "prefixes.json"
    prefixes.unlink()
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "medsynth_kg", "serve", "--releases", str(tmp_path), "--port", str(port)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr == f"Error: {prefixes}: No such file or directory\n"
