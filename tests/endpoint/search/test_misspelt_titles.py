"""Fifty misspelt titles of the shipped papers are reconciled, as a user of OpenRefine would send them."""

import json
import random

from werkzeug.test import Client

from medsynth_kg.endpoint.search.index import SearchIndex

TITLES = 50
RIGHT_AT_LEAST = 48
FAULTS = ("swap", "drop", "double", "case", "subtitle", "spelling", "hyphen")
BRITISH_AND_AMERICAN = (
    ("modelling", "modeling"),
    ("modeling", "modelling"),
    ("isation", "ization"),
    ("ization", "isation"),
    ("ising", "izing"),
    ("izing", "ising"),
    ("synthesized", "synthesised"),
    ("disentangled", "dis-entangled"),
)


def misspell(title: str, fault: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(title) - 2)
    match fault:
        case "swap":
            return title[:place] + title[place + 1] + title[place] + title[place + 2 :]
        case "drop":
            return title[:place] + title[place + 1 :]
        case "double":
            return title[:place] + title[place] + title[place:]
        case "case":
            return dice.choice((title.upper(), title.lower()))
        case "subtitle":
            return title.partition(": ")[0]
        case "hyphen":
            return title.replace("-", dice.choice(("", " ")))
        case _:
            for ours, theirs in BRITISH_AND_AMERICAN:
                if ours in title:
                    return title.replace(ours, theirs)
            return title


def misspelt_titles(index: SearchIndex) -> list[tuple[str, str]]:
    """Pairs of a paper's IRI and its misspelt title: a letter swapped, dropped or doubled, and two more faults."""
    papers = [entity for entity in index.entities(range(1, 900)) if entity.kind == "paper" and " " in entity.label]
    dice = random.Random(50)  # noqa: S311 - the same titles at every run
    cases = []
    for number in range(TITLES):
        paper = papers[number % len(papers)]
        text = paper.label
        for fault in (dice.choice(FAULTS[:3]), *dice.sample(FAULTS, 2)):
            text = misspell(text, fault, dice)
        cases.append((paper.iri, text))
    return cases


def test_at_least_48_of_50_misspelt_titles_find_their_paper_first(index: SearchIndex, site: Client) -> None:
    cases = misspelt_titles(index)
    assert sum(text != entity.label for iri, text in cases for entity in index.identified(iri)) == TITLES
    batch = {f"q{number}": {"query": text, "type": "Paper"} for number, (_, text) in enumerate(cases)}

    answer = site.post("/reconcile", data={"queries": json.dumps(batch)}).json

    assert answer is not None
    found = [(answer[f"q{number}"]["result"] or [{}])[0].get("id", "") for number in range(TITLES)]
    wrong = [text for (iri, text), identifier in zip(cases, found, strict=True) if not iri.endswith(f"/{identifier}")]
    assert TITLES - len(wrong) >= RIGHT_AT_LEAST, wrong
