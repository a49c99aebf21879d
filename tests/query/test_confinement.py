"""Bounds that hold whatever a query does, each tried in a process of its own."""

import json
import os
import subprocess
import sys

import pytest
from tests.query.conftest import Canary

from medsynth_kg.query.confinement import leave_network


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_sockets_and_programs_are_refused_and_everything_else_goes_on() -> None:
    program = """
import os, socket, subprocess, tempfile
from medsynth_kg.query.confinement import refuse_sockets
print(refuse_sockets())
for attempt in (lambda: socket.socket(), lambda: os.execv("/bin/true", ["true"])):
    try:
        attempt()
    except PermissionError:
        print("refused")
with tempfile.TemporaryFile() as file:
    print(file.write(b"works"))
"""
    assert run(program).stdout.split() == ["True", "refused", "refused", "5"]


def test_the_engine_cannot_ask_a_service_without_sockets(canary: Canary) -> None:
    program = """
import sys
from pyoxigraph import Store
from medsynth_kg.query.confinement import refuse_sockets
refuse_sockets()
try:
    Store().query(f"ASK {{ SERVICE <{sys.argv[1]}> {{ ?s ?p ?o }} }}")
except OSError as error:
    print(error)
"""
    assert "Permission denied" in run(program, canary.address).stdout
    assert canary.requests == []


def test_a_namespace_without_network_has_no_way_to_loopback(canary: Canary) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if leave_network() else 1)
    if os.waitpid(child, 0)[1] != 0:
        pytest.skip("this system allows no network namespaces; the system call filter stands alone")
    program = """
import sys
from pyoxigraph import Store
from medsynth_kg.query.confinement import leave_network
leave_network()
try:
    Store().query(f"ASK {{ SERVICE <{sys.argv[1]}> {{ ?s ?p ?o }} }}")
except OSError as error:
    print("unreachable")
"""
    assert run(program, canary.address).stdout == "unreachable\n"
    assert canary.requests == []


def test_the_kernel_ends_a_process_past_its_memory() -> None:
    program = """
from medsynth_kg.query.confinement import limit_memory
limit_memory(50 * 2**20)
kept = bytearray(10 * 2**20)
try:
    bytearray(100 * 2**20)
except MemoryError:
    print("refused")
"""
    assert run(program).stdout == "refused\n"


def test_the_kernel_ends_a_process_past_its_processor_time() -> None:
    program = """
import medsynth_kg.query.confinement as confinement
confinement.CPU_GRACE = 0
confinement.limit_processor_time(0.1)
while True:
    pass
"""
    assert run(program).returncode == -24


def test_a_process_without_its_parent_ends_at_once() -> None:
    program = "from medsynth_kg.query.confinement import die_with_parent; die_with_parent(1); print('lives')"
    assert (run(program).stdout, run(program).returncode) == ("", 1)


def test_the_worker_brings_nothing_heavy_along() -> None:
    program = "import json, sys, medsynth_kg.query.zygote; print(json.dumps(sorted(sys.modules)))"
    loaded = {name.partition(".")[0] for name in json.loads(run(program).stdout)}
    assert loaded & {"pydantic", "flask", "rdflib", "requests", "yaml", "click", "werkzeug"} == set()
