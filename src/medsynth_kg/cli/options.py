"""Options that several commands share; their defaults come from the settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
