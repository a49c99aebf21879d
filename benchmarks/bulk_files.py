"""Bulk files in the form of Crossref's public data file or of OpenAlex's works, with broken records among them.

The same options give the same bytes. Every hundredth record is broken, in one of six ways; a record cites earlier ones,
and every fiftieth cites papers of the survey.

    python benchmarks/bulk_files.py crossref OUTPUT --records 200000 --files 40
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BROKEN_EVERY = 100
SURVEYED = ("10.3390/s23198328", "10.1038/s41598-021-01295-2")
WORDS = (
    *("synthetic", "generation", "of", "cardiac", "signals", "with", "deep"),
    *("networks", "for", "rare", "diseases", "in", "multicentre", "cohorts"),
)
FAMILIES = ("García", "Müller", "Nguyễn", "Okafor", "Sato", "Smith", "Ивано́ва", "王")
PREFIX = "10.5555/bulk"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", choices=["crossref", "openalex"])
    parser.add_argument("output", type=Path)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(write(options.source, options.output, options.records, options.files, options.seed)))


def write(source: str, output: Path, records: int, files: int, seed: int) -> dict[str, int]:
    """Write the files; answer how many records there are and how many are broken."""
    output.mkdir(parents=True, exist_ok=True)
    per_file = -(-records // files)
    for number in range(files):
        chosen = range(number * per_file, min(records, (number + 1) * per_file))
        with gzip.GzipFile(output / f"part_{number:04d}.gz", "wb", 6, mtime=0) as file:
            file.writelines(line + b"\n" for line in lines(source, chosen, seed))
    return {"records": records, "broken": sum(is_broken(index) for index in range(records))}


def is_broken(index: int) -> bool:
    return index % BROKEN_EVERY == BROKEN_EVERY - 1


def lines(source: str, indexes: range, seed: int) -> Iterator[bytes]:
    work = crossref_work if source == "crossref" else openalex_work
    for index in indexes:
        line = json.dumps(work(index, random.Random(f"{seed} {index}")), ensure_ascii=False).encode()  # noqa: S311  # a benchmark's data, not a secret
        yield broken(line, index // BROKEN_EVERY) if is_broken(index) else line


def broken(line: bytes, way: int) -> bytes:
    """Cut off, not UTF-8, not JSON, no object, without a usable identifier, nested too deeply."""
    ways = (
        line[: len(line) // 2],
        b"\xff" + line,
        line[:-1] + b",}",
        b"[" + line + b"]",
        b'{"DOI":5,"id":5}',
        b"[" * 10**5,
    )
    return ways[way % len(ways)]


def crossref_work(index: int, draw: random.Random) -> dict[str, Any]:
    date = {"date-parts": [[draw.randint(1990, 2026), draw.randint(1, 12), draw.randint(1, 28)]]}
    cited = {f"{PREFIX}.{draw.randrange(index + 1)}" for _ in range(12)} | (set(SURVEYED) if index % 50 == 0 else set())
    return {
        "DOI": f"{PREFIX}.{index}",
        "type": "journal-article",
        "title": [title(index, draw)],
        "author": [
            {
                "given": f"{draw.choice('ABCDEFG')}.",
                "family": draw.choice(FAMILIES),
                "sequence": "first",
                "affiliation": [],
            }
            for _ in range(draw.randint(1, 6))
        ],
        "container-title": [f"Journal {draw.randrange(500)}"],
        "ISSN": ["1424-8220"],
        "publisher": f"Publisher {draw.randrange(50)}",
        "volume": str(draw.randint(1, 90)),
        "page": f"{draw.randint(1, 500)}-{draw.randint(501, 999)}",
        "published": date,
        "created": {**date, "date-time": "2023-10-09T09:04:07Z", "timestamp": 1696842247000},
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}],
        "reference": [{"key": f"ref{number}", "DOI": doi} for number, doi in enumerate(sorted(cited))],
        "is-referenced-by-count": draw.randrange(100),
    }


def openalex_work(index: int, draw: random.Random) -> dict[str, Any]:
    doi = SURVEYED[index] if index < len(SURVEYED) else f"{PREFIX}.{index}"
    cited = {draw.randrange(index + 1) for _ in range(12)} | ({0, 1} if index % 50 == 0 else set())
    return {
        "id": f"https://openalex.org/W{index + 1}",
        "doi": None if index % 10 == 5 else f"https://doi.org/{doi}",
        "title": title(index, draw),
        "publication_year": 2023,
        "publication_date": f"{draw.randint(1990, 2026)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
        "type": "article",
        "ids": {"openalex": f"https://openalex.org/W{index + 1}"},
        "primary_location": {
            "source": {
                "display_name": f"Journal {draw.randrange(500)}",
                "issn_l": None,
                "issn": None,
                "host_organization_name": "Publisher",
                "type": "journal",
            }
        },
        "authorships": [
            {"author": {"display_name": f"A. {draw.choice(FAMILIES)}", "orcid": None}, "raw_affiliation_strings": []}
            for _ in range(draw.randint(1, 6))
        ],
        "biblio": {"volume": "3", "issue": None, "first_page": "1", "last_page": "9"},
        "referenced_works": [f"https://openalex.org/W{number + 1}" for number in sorted(cited)],
        "cited_by_count": draw.randrange(100),
        "is_retracted": False,
    }


def title(index: int, draw: random.Random) -> str:
    return f"{' '.join(draw.sample(WORDS, 7)).capitalize()} {index}"


if __name__ == "__main__":
    main()
