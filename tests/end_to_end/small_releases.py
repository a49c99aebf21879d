"""Small releases that a server can serve, each built in a forked process that may be killed.

Run as a program, it imports everything once; then, for each number of papers that it reads, it forks a build. The line
after says whether to kill it or to wait for it; how it ended is written. Nobody else could kill it safely, since the
id of a process that has ended may be another's.
"""

import dataclasses
import json
import os
import signal
import sys
from pathlib import Path

from tests.release.example_release import PREFIXES, count_nothing, example_contents

from medsynth_kg.release.building import build_release
from medsynth_kg.release.reading import Release

PAPERS_QUERY = b"""#+ title: Which papers are there?
#+ description: Every paper.
PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
SELECT ?paper { ?paper a msk:Paper } ORDER BY ?paper
"""


def build_small_release(releases: Path, papers: int) -> Release:
    files = {"prefixes.json": json.dumps(PREFIXES).encode(), "queries/papers.rq": PAPERS_QUERY}
    return build_release(dataclasses.replace(example_contents(papers), files=files), releases, count_nothing)


def main(releases: Path) -> None:
    while line := sys.stdin.readline():
        process = os.fork()
        if process == 0:
            build_small_release(releases, int(line))
            os._exit(0)
        if sys.stdin.readline() == "kill\n":
            os.kill(process, signal.SIGKILL)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
