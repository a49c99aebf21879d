"""The command line: each command parses its options, calls one function and prints what came of it."""

from importlib import import_module
from typing import Any

import click

import medsynth_kg
from medsynth_kg.errors import MedsynthError, SettingInvalid

_COMMANDS = {
    "import": "importing:import_command",
    "validate": "validating:validate_command",
    "build": "building:build_command",
    "serve": "serving:serve_command",
    "query": "querying:query_command",
    "enrich": "enriching:enrich_command",
    "link": "linking:link_command",
    "verify": "verifying:verify_command",
    "diff": "comparing:diff_command",
    "push": "pushing:push_command",
    "corpus": "mapping_corpus:corpus_command",
}


class Commands(click.Group):
    """The commands, each imported only when it is asked for, so that a query need not wait for the SHACL engine.

    A failure with a name of its own ends in one line on standard error and exit code 1; wrong usage exits with 2.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which a maintainer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, with the settings as the defaults of its options."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        try:
            command: click.Command = getattr(import_module(f"medsynth_kg.cli.{module}"), attribute)
        except SettingInvalid as error:
            raise click.ClickException(str(error)) from error
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a named failure becomes one line for the person who must act."""
        try:
            return super().invoke(ctx)
        except MedsynthError as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(medsynth_kg.__version__, prog_name="medsynth-kg")
def main() -> None:
    """A knowledge graph of generative models for medical data.

    Survey tables become CSV files (import), CSV files become an immutable release (build), a release answers SPARQL
    (query, serve).
    """
