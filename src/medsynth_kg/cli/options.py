"""Options that several commands share; their defaults come from the settings."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from medsynth_kg.release.manifest import CHECKSUMS, MANIFEST
from medsynth_kg.settings import Settings, read_settings

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULTS = read_settings()


def directory_option(name: str) -> Callable[[Command], Command]:
    """``--data``, ``--releases``, ...: a directory of the settings, with the settings' own description as help."""
    field = Settings.model_fields[name]
    return click.option(
        f"--{name}",
        type=click.Path(file_okay=False, path_type=Path),
        default=getattr(DEFAULTS, name),
        show_default=str(field.default) if name in ("data", "releases") else "the shipped one",
        help=(field.description or "").capitalize() + ".",
    )


def budget_options(command: Command) -> Command:
    """``--requests`` and ``--seconds``: how long other services are asked."""
    requests = click.option(
        "--requests",
        "request_budget",
        type=click.IntRange(0),
        default=5000,
        show_default=True,
        help="Requests after which to stop; the next run goes on from there.",
    )
    seconds = click.option(
        "--seconds",
        "time_budget",
        type=click.FloatRange(0),
        default=3600,
        show_default=True,
        help="Seconds after which to stop.",
    )
    return requests(seconds(command))


class ReleaseDirectory(click.Path):
    """The folder of a release, which need not be whole."""

    def __init__(self) -> None:
        super().__init__(exists=True, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The folder, where it has at least one of the files that every release has."""
        folder = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not any((folder / name).exists() for name in (MANIFEST, CHECKSUMS)):
            self.fail(f"{folder} is no release; name a release's folder, such as releases/current", param, ctx)
        return folder
