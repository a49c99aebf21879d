"""Settings come from the environment; a wrong one is named, and no traceback is shown."""

import os
import subprocess
import sys

import pytest

from medsynth_kg.errors import SettingInvalid
from medsynth_kg.settings import read_settings

WRONG = {"QUERY_TIMEOUT": "soon", "BASE_IRI": "https://example.org/no-slash", "QUERY_WORKERS": "0", "SERVICES": "a, b"}


def test_a_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDSYNTH_KG_QUERY_TIMEOUT", "7.5")
    assert read_settings().query_timeout == 7.5


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"MEDSYNTH_KG_{name}", WRONG[name])
    with pytest.raises(SettingInvalid, match=f"(?i){name}"):
        read_settings()


def test_a_secret_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDSYNTH_KG_STORE_AUTHENTICATION", "hunter2")
    with pytest.raises(SettingInvalid) as told:
        read_settings()
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("arguments", [["build"], ["--help"]])
def test_commands_say_so_in_one_line(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "medsynth_kg", *arguments],
        env={**os.environ, "MEDSYNTH_KG_QUERY_TIMEOUT": "soon"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("Error: MEDSYNTH_KG_QUERY_TIMEOUT: ")
    assert run.stderr.count("\n") == 1
