"""What the curators' files may decide."""

from pathlib import Path

import pytest

from medsynth_kg.records.curation import Decisions, Doubt, RepositoryRole, read_decisions
from medsynth_kg.records.errors import CurationError


def write(directory: Path, name: str, *rows: str) -> None:
    (directory / name).write_text("\n".join(["key,decision,reason,date", *rows, ""]), encoding="utf-8")


def test_without_files_nothing_is_decided(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "curation") == Decisions()


def test_every_file_is_read_into_what_it_decides(tmp_path: Path) -> None:
    write(
        tmp_path,
        "same-paper.csv",
        "arxiv/2303.04839 10.3390/electronics13020395,same,its arXiv page says so,2026-11-23",
        "10.1000/a 10.1000/b,different,a comment and its reply,2026-11-23",
    )
    write(tmp_path, "repository-role.csv", "github.com/yunjey/stargan,original method,its README,2026-11-23")
    write(tmp_path, "survey-doubt.csv", "pii/S0022073621001850 date,doubtful,it is the preprint's,2026-11-23")
    assert read_decisions(tmp_path) == Decisions(
        same_papers=frozenset({frozenset({"arxiv/2303.04839", "10.3390/electronics13020395"})}),
        different_papers=frozenset({frozenset({"10.1000/a", "10.1000/b"})}),
        repository_roles={"github.com/yunjey/stargan": RepositoryRole.ORIGINAL_METHOD},
        doubts=(Doubt(paper="pii/S0022073621001850", column="date", reason="it is the preprint's"),),
    )


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("same-paper.csv", "10.1000/a,same,x,2026-11-23", "two different papers"),
        ("same-paper.csv", "10.1000/a 10.1000/a,same,x,2026-11-23", "two different papers"),
        ("same-paper.csv", "10.1000/a 10.1000/B,same,x,2026-11-23", "10.1000/B"),
        ("repository-role.csv", "github.com/AgaMiko/x,authors,x,2026-11-23", "lower case"),
        ("repository-role.csv", "agamiko,authors,x,2026-11-23", "host/owner/name"),
        ("repository-role.csv", "github.com/a/b,unknown,x,2026-11-23", "authors, original method, placeholder"),
        ("survey-doubt.csv", "10.1000/a,doubtful,x,2026-11-23", "a space and one of"),
        ("survey-doubt.csv", "10.1000/a colour,doubtful,x,2026-11-23", "a space and one of"),
        ("survey-doubt.csv", "nothing date,doubtful,x,2026-11-23", "'nothing' is not how"),
    ],
)
def test_a_key_that_means_nothing_is_refused_with_file_and_line(
    tmp_path: Path, name: str, row: str, message: str
) -> None:
    write(tmp_path, name, row)
    with pytest.raises(CurationError, match=rf"{name}, line 2: .*{message}"):
        read_decisions(tmp_path)
