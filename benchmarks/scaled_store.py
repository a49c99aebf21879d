"""A store of any size in the survey's shape: the shipped papers, copied under new names with other concepts.

Each copy of a paper keeps its statements one for one, so that every property occurs as often as in the real data; its
modality, family and evaluation are drawn anew, and it cites earlier papers, the much cited ones more often. The same
seed and size give the same statements.

    python benchmarks/scaled_store.py RELEASE OUTPUT --quads 1000000
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

BASE = "https://w3id.org/medsynth-kg/"
CITES = NamedNode("http://purl.org/spar/cito/cites")
COPIED = ("survey", "curated")
REDRAWN = ("modality", "modelFamily", "evaluatedFor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shipped = list(Store.read_only(str(options.release / "store")))
    store = Store(str(options.output))
    store.bulk_extend(scaled(shipped, options.quads, options.seed))
    store.optimize()
    store.flush()
    print(f"{len(store)} quads in {options.output}")


def scaled(shipped: list[Quad], size: int, seed: int) -> Iterator[Quad]:
    """The shipped quads, then copies of their papers until there are ``size`` in all."""
    yield from shipped
    draw = random.Random(seed)  # noqa: S311  # a benchmark's data, not a secret
    template = [quad for quad in shipped if str(quad.graph_name)[1:-1].removeprefix(f"{BASE}graph/") in COPIED]
    concepts: dict[str, list[object]] = defaultdict(list)
    for quad in template:
        name = quad.predicate.value.rsplit("#", 1)[-1]
        if name in REDRAWN:
            concepts[name].append(quad.object)
    papers = sorted({quad.subject.value for quad in template if quad.predicate.value.endswith("#surveyEntry")})
    cited = list(papers)
    count, copy = len(shipped), 0
    while count < size:
        copy += 1
        for quad in template:
            yield from in_both(renamed(quad, copy, concepts, draw))
        for paper in papers:
            citing = NamedNode(f"{paper}-{copy}")
            chosen = {draw.choice(cited) for _ in range(10)}
            for other in sorted(chosen):
                yield from in_both(Quad(citing, CITES, NamedNode(other), template[0].graph_name))
            cited += [*sorted(chosen), citing.value]
            count += 2 * len(chosen)
        count += 2 * len(template)


def in_both(quad: Quad) -> tuple[Quad, Quad]:
    """A statement in its named graph and, as in a release, in the default graph."""
    return quad, Quad(quad.subject, quad.predicate, quad.object)


def renamed(quad: Quad, copy: int, concepts: dict[str, list[object]], draw: random.Random) -> Quad:
    """One statement about a copy of its subject."""
    name = quad.predicate.value.rsplit("#", 1)[-1]
    value = draw.choice(concepts[name]) if name in REDRAWN else rename(quad.object, copy)
    return Quad(rename(quad.subject, copy), quad.predicate, value, quad.graph_name)  # type: ignore[arg-type]


def rename(term: object, copy: int) -> object:
    """Papers, entries and what hangs on them have names of their own in each copy; everything else is shared."""
    if isinstance(term, NamedNode):
        for kind in ("paper/", "entry/"):
            if term.value.startswith(BASE + kind):
                return NamedNode(f"{term.value}-{copy}")
    return term


if __name__ == "__main__":
    main()
