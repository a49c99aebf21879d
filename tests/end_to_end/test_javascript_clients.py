"""Comunica and fetch-sparql-endpoint, the client libraries of JavaScript, from npm."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.end_to_end.server import Server
from tests.external_programs import cannot_run

from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI

NODE = Path(__file__).with_name("node")
PAPER = f"{BASE_IRI}ontology#Paper"
INSTALL = ("npm", "ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error")
FETCHERS = ("fetch-sparql-endpoint by GET", "fetch-sparql-endpoint by POST")
ENGINES = ("Comunica told that it is an endpoint", "Comunica by the service description")


@pytest.fixture(scope="module")
def installed(request: pytest.FixtureRequest) -> Path:
    """The clients of the lock file, kept in pytest's cache since an installation takes a quarter of a minute."""
    if missing := [program for program in ("node", "npm") if shutil.which(program) is None]:
        cannot_run(f"{' and '.join(missing)} not found")
    lock = hashlib.sha256((NODE / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache: pytest.Cache = request.config.cache
    modules = cache.mkdir("clients-from-npm") / lock
    if not modules.exists():
        unfinished = modules.with_name(f"{lock}.{os.getpid()}")
        shutil.copytree(NODE, unfinished)
        try:
            installation = subprocess.run(
                INSTALL, cwd=unfinished, check=False, capture_output=True, text=True, timeout=300
            )
            if installation.returncode:
                cannot_run(f"npm ci failed: {installation.stderr[-500:]}")
            if not modules.exists():
                unfinished.rename(modules)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return modules


@pytest.mark.node
def test_clients_of_javascript_agree_on_the_papers(server: Server, shipped_release: Release, installed: Path) -> None:
    papers = shipped_release.manifest.counts["classes"][PAPER]
    command = ("node", str(NODE / "clients.mjs"), str(installed), server.sparql, PAPER)
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    found = {"select": papers, "ask": True, "construct": papers}
    assert json.loads(run.stdout) == {
        **{name: {**found, "failsOnMalformedQuery": True} for name in FETCHERS},
        **{name: {**found, "count": papers} for name in ENGINES},
    }


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((NODE / "package-lock.json").read_bytes())["packages"]
    assert packages[""]["dependencies"] == json.loads((NODE / "package.json").read_bytes())["dependencies"]
    assert not any("resolved" in package for package in packages.values())
    assert all("integrity" in package for path, package in packages.items() if path)
