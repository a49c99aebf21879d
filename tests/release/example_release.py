"""A small graph with everything that a release treats apart; run as a program, it builds a release and says when."""

import datetime
import hashlib
import os
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from medsynth_kg.release.building import Contents, build_release

BASE = "https://w3id.org/medsynth-kg/"
TITLE = NamedNode("http://purl.org/dc/terms/title")
CITES = NamedNode("http://purl.org/spar/cito/cites")
SAME_AS = NamedNode("http://www.w3.org/2002/07/owl#sameAs")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "modality": f"{BASE}modality/",
    "msk": f"{BASE}ontology#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}


def term(name: str) -> NamedNode:
    return NamedNode(f"{BASE}ontology#{name}")


def graph(name: str) -> NamedNode:
    return NamedNode(f"{BASE}graph/{name}")


def paper(number: int) -> NamedNode:
    return NamedNode(f"{BASE}paper/10.1000/{number}")


def example_quads(papers: int, words: str) -> list[Quad]:
    ecg, survey, curated, links = NamedNode(f"{BASE}modality/ecg"), graph("survey"), graph("curated"), graph("links")
    quads = [Quad(ecg, TYPE, term("Modality"), graph("vocabulary"))]
    for number in range(1, papers + 1):
        subject = paper(number)
        quads += [
            Quad(subject, TYPE, term("Paper"), survey),
            Quad(subject, term("modality"), ecg, survey),
            Quad(subject, term("modality"), ecg, curated),
            Quad(subject, term("row"), Literal(number), survey),
            Quad(subject, term("surveyDate"), Literal("2023-09", datatype=NamedNode(f"{XSD}gYearMonth")), survey),
            Quad(subject, TITLE, Literal(f'{words} "{number}" é\n<&>', language="en"), curated),
            Quad(subject, CITES, paper(number % papers + 1), curated),
            Quad(subject, CITES, NamedNode(f"https://doi.org/10.5555/{number}"), curated),
            Quad(subject, SAME_AS, NamedNode(f"https://doi.org/10.1000/{number}"), links),
        ]
    return quads


def example_contents(papers: int = 5, words: str = "Hearts", newest_input: str = "2026-11-23") -> Contents:
    return Contents(
        base_iri=BASE,
        quads=example_quads(papers, words),
        prefixes=PREFIXES,
        newest_input=datetime.date.fromisoformat(newest_input),
        code_version="0.1.0",
        inputs={"data/survey/ecg.csv": hashlib.sha256(words.encode()).hexdigest()},
        files={"queries/papers.rq": b"SELECT ?paper WHERE { ?paper a ?class }\n"},
    )


def read_quads(dumps: Path) -> set[Quad]:
    return set(parse(path=str(dumps / "medsynth-kg.nq"), format=RdfFormat.N_QUADS))


def count_nothing(_store: Path) -> Mapping[str, int | bool]:
    return {"papers": 5, "any-paper": True}


def disguise() -> None:
    """Take the clock and the umask from the environment, where it gives them."""
    if "CLOCK" in os.environ:
        moment = float(os.environ["CLOCK"])
        time.time = lambda: moment
        time.time_ns = lambda: int(moment) * 10**9
    os.umask(int(os.environ.get("UMASK", "022"), 8))


def main(releases: Path, papers: int, words: str) -> None:
    disguise()
    contents = example_contents(papers, words)
    random.shuffle(contents.quads)  # type: ignore[arg-type]  # the example's quads are a list
    sys.stdout.write("building\n")
    sys.stdout.flush()
    release = build_release(contents, releases, count_nothing)
    sys.stdout.write(f"{release.id}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
