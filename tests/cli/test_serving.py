import subprocess
import sys


def test_a_server_holds_nothing_in_memory_that_only_builds_need() -> None:
    program = "import sys, medsynth_kg.cli.serving; print({'rdflib', 'pyshacl'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )
