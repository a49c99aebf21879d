"""Serving does not depend on npm, and what npm installs depends on no one registry."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FRONTEND = REPOSITORY / "frontend"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with next to nothing in it."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "make"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def bundle(programs: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """What ``make serve`` does about the editor before it serves, with the files that it makes elsewhere."""
    return subprocess.run(
        ("make", "frontend-if-possible", f"FRONTEND={target}/manifest.json", f"PACKAGES={target}/packages"),
        cwd=REPOSITORY,
        env={**os.environ, "PATH": str(programs), "MAKEFLAGS": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_npm_the_plain_form_is_served_and_one_line_says_so(programs: Path, tmp_path: Path) -> None:
    run = bundle(programs, tmp_path)
    assert run.returncode == 0
    assert run.stderr == "npm not found: serving the plain SPARQL form instead of the editor\n"


def test_a_failing_npm_does_not_keep_the_site_from_being_served(programs: Path, tmp_path: Path) -> None:
    npm = programs / "npm"
    npm.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    npm.chmod(0o755)
    run = bundle(programs, tmp_path)
    assert run.returncode == 0
    assert "no network" in run.stderr
    assert run.stderr.endswith("the SPARQL editor could not be bundled: serving the plain form instead\n")


def test_the_lock_file_is_that_of_the_package_file_and_names_no_registry() -> None:
    wanted = json.loads((FRONTEND / "package.json").read_bytes())
    packages = json.loads((FRONTEND / "package-lock.json").read_bytes())["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert packages[""][kind] == wanted[kind]
    assert not any("resolved" in package for package in packages.values())
    assert all("integrity" in package for path, package in packages.items() if path)
