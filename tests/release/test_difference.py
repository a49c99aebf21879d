from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse
from tests.release.example_release import BASE, TITLE, count_nothing, example_contents, graph, paper, read_quads, term

from medsynth_kg.release import difference
from medsynth_kg.release.building import build_release
from medsynth_kg.release.difference import Difference, diff_releases
from medsynth_kg.release.dumps import parse_lines
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.reading import Release


@pytest.fixture(scope="module")
def longer_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(example_contents(papers=6), tmp_path_factory.mktemp("longer"), count_nothing)


def lines_of(patch: str, code: str) -> set[Quad]:
    lines = [line.removeprefix(f"{code} ") for line in patch.splitlines() if line.startswith(f"{code} ")]
    return set(parse("\n".join(lines).encode(), format=RdfFormat.N_QUADS))


def test_a_release_does_not_differ_from_itself(release: Release) -> None:
    same = diff_releases(release, release)

    assert same.by_entity() == ()
    assert lines_of(same.as_patch(), "A") == lines_of(same.as_patch(), "D") == set()


def test_changes_are_grouped_by_entity(release: Release, longer_release: Release) -> None:
    changes = {change.entity: change for change in diff_releases(release, longer_release).by_entity()}

    assert set(changes) == {paper(5).value, paper(6).value}
    assert [triple.object for triple in changes[paper(5).value].removed] == [paper(1)]
    assert [triple.object for triple in changes[paper(5).value].added] == [paper(6)]
    assert len(changes[paper(6).value].added) == 8
    assert changes[paper(6).value].removed == ()


def test_the_way_back_is_the_reverse(release: Release, longer_release: Release) -> None:
    there, back = diff_releases(release, longer_release), diff_releases(longer_release, release)

    assert (there.added, there.removed) == (back.removed, back.added)


def test_the_patch_turns_one_release_into_the_other(release: Release, longer_release: Release) -> None:
    patch = diff_releases(release, longer_release).as_patch()

    patched = (read_quads(release.dumps) - lines_of(patch, "D")) | lines_of(patch, "A")
    assert patched == read_quads(longer_release.dumps)


def test_the_patch_is_one_transaction_that_names_both_releases(release: Release, longer_release: Release) -> None:
    lines = diff_releases(release, longer_release).as_patch().splitlines()

    assert lines[:3] == [f'H from "{release.id}" .', f'H to "{longer_release.id}" .', "TX ."]
    assert lines[-1] == "TC ."
    codes = [line[0] for line in lines[3:-1]]
    assert codes == sorted(codes, reverse=True)


def test_a_triple_that_only_moves_to_another_graph_is_no_change_of_its_entity() -> None:
    title = Literal("Hearts")
    moved = Difference(
        old="a",
        new="b",
        removed=(Quad(paper(1), TITLE, title, graph("curated")),),
        added=(Quad(paper(1), TITLE, title, graph("crossref")),),
    )

    assert moved.by_entity() == ()
    assert len(moved.as_patch().splitlines()) == 3 + 2 + 1


def test_how_releases_describe_themselves_is_only_in_the_patch(
    release: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    later = example_contents(newest_input="2026-11-24")
    other = build_release(later, Path(tmp_path_factory.mktemp("later")), count_nothing)

    found = diff_releases(release, other)

    assert found.by_entity() == ()
    assert f"{BASE}void#dataset" in found.as_patch()
    assert term("Paper").value not in found.as_patch()


def test_only_what_differs_is_read_as_statements_so_that_large_releases_are_compared_soon(
    release: Release, longer_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []

    def counting(dumps: Path, lines: Iterable[bytes]) -> set[Quad]:
        found = list(lines)
        parsed.extend(found)
        return parse_lines(dumps, found)

    monkeypatch.setattr(difference, "parse_lines", counting)
    found = diff_releases(release, longer_release)

    assert len(parsed) == len(found.added) + len(found.removed) < release.manifest.counts["quads"]


def test_a_statement_that_is_written_in_another_way_is_no_difference(copied_release: Release, release: Release) -> None:
    dump = copied_release.dumps / "medsynth-kg.nq"
    content = dump.read_text(encoding="utf-8")
    dump.write_text(content.replace("é", "\\u00E9"), encoding="utf-8")

    found = diff_releases(release, copied_release)

    assert dump.read_text(encoding="utf-8") != content
    assert (found.removed, found.added) == ((), ())


@pytest.mark.parametrize("content", [None, b"no statement\n"])
def test_a_release_whose_statements_cannot_be_read_is_told_as_damaged(
    copied_release: Release, release: Release, content: bytes | None
) -> None:
    dump = copied_release.dumps / "medsynth-kg.nq"
    dump.unlink()
    if content is not None:
        dump.write_bytes(content)

    with pytest.raises(DamagedRelease, match=r"medsynth-kg\.nq"):
        diff_releases(release, copied_release)
