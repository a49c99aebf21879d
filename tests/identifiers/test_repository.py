"""A repository is known by host, owner and name, however the survey links it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.identifiers.repository import parse_repository


@pytest.mark.parametrize(
    ("linked", "key", "path"),
    [
        ("https://github.com/DebadityaQU/RDDM", "github.com/debadityaqu/rddm", ""),
        ("http://www.github.com/DebadityaQU/RDDM/", "github.com/debadityaqu/rddm", ""),
        ("github.com/DebadityaQU/RDDM.git", "github.com/debadityaqu/rddm", ""),
        ("git@github.com:DebadityaQU/RDDM.git", "github.com/debadityaqu/rddm", ""),
        ("https://github.com/AgaMiko/debiasing-effect-of-gans.", "github.com/agamiko/debiasing-effect-of-gans", ""),
        ("https://github.com/a/b/tree/main/models/ecg", "github.com/a/b", "models/ecg"),
        ("https://github.com/a/b/blob/main/README.md#use", "github.com/a/b", "README.md"),
        ("https://raw.githubusercontent.com/a/b/main/x.py", "github.com/a/b", "x.py"),
        ("https://gitlab.com/group/sub/project/-/tree/main/x", "gitlab.com/group/sub/project", "x"),
        ("https://bitbucket.org/a/b/src/master/x", "bitbucket.org/a/b", "x"),
        ("https://codeberg.org/a/b/src/branch/main/x", "codeberg.org/a/b", "x"),
        ("https://huggingface.co/CompVis/stable-diffusion/tree/main", "huggingface.co/compvis/stable-diffusion", ""),
        ("https://huggingface.co/spaces/a/b", "huggingface.co/spaces/a/b", ""),
    ],
)
def test_reads_the_address_of_a_repository(linked: str, key: str, path: str) -> None:
    repository = parse_repository(linked)
    assert repository is not None
    assert "/".join((repository.host, repository.owner, repository.name)) == key
    assert (repository.path, repository.linked) == (path, linked)


@pytest.mark.parametrize(
    "linked",
    [
        "",
        "yES",
        "Original method",
        "https://github.com/example",
        "https://github.com",
        "https://github.com/orgs/x",
        "https://github.com/topics/gan",
        "https://zenodo.org/record/1",
        "https://me.github.io/project",
        "https://user:secret@github.com/a/b",
        "javascript:github.com/a/b",
        "https://github.com/a/...",
        "https://github.com/a/<script>",
    ],
)
def test_refuses_what_is_no_repository(linked: str) -> None:
    assert parse_repository(linked) is None


def test_the_clean_address_keeps_the_forges_own_spelling() -> None:
    repository = parse_repository("http://github.com/mah533/Synthetic-ECG-Generation---GAN-Models-Comparison.git")
    assert repository is not None
    assert repository.address == "https://github.com/mah533/Synthetic-ECG-Generation---GAN-Models-Comparison"


@given(text=st.text(max_size=60))
def test_the_clean_address_reads_as_the_same_repository(text: str) -> None:
    repository = parse_repository(f"https://github.com/{text}")
    if repository is not None:
        again = parse_repository(repository.address)
        assert again is not None
        assert (again.owner, again.name, again.address) == (repository.owner, repository.name, repository.address)
