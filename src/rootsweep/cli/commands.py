"""The ``rootsweep`` command and its explicit list of commands, each imported only when it is called."""

from importlib import import_module
from typing import Final

import click

from rootsweep.version import __version__

COMMANDS: Final = {
    "apply": "rootsweep.cli.apply",
    "audit": "rootsweep.cli.audit",
    "central-access": "rootsweep.cli.central_access",
    "config": "rootsweep.cli.config",
    "demo": "rootsweep.cli.demo",
    "exception": "rootsweep.cli.exception",
    "explain": "rootsweep.cli.explain",
    "history": "rootsweep.cli.history",
    "journal": "rootsweep.cli.journal",
    "permissions": "rootsweep.cli.permissions",
    "plan": "rootsweep.cli.plan",
    "quarantine": "rootsweep.cli.quarantine",
    "rehearse": "rootsweep.cli.rehearse",
    "report": "rootsweep.cli.report",
    "self-remove": "rootsweep.cli.self_remove",
    "whose": "rootsweep.cli.whose",
}
"""Each command's module, which holds a ``click.Command`` called ``command``."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, so that ``--version`` loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None when there is none of that name."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(module).command
        _let_settings_apply(command)
        return command


def _let_settings_apply(command: click.Command) -> None:
    """Give ``--config`` to a command, and to those below it."""
    from rootsweep.cli.options.settings import config_option  # noqa: PLC0415  of no use to --version

    below = command.commands.values() if isinstance(command, click.Group) else ()
    for one in (command, *below):
        if not any(parameter.name == "config" for parameter in one.params):
            one.params.append(config_option())


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rootsweep", message="%(prog)s %(version)s")
def rootsweep() -> None:
    """Prove that no root user access key exists in any of your AWS accounts.

    Control: CIS AWS Foundations Benchmark 1.4, "Ensure no 'root' user account access key exists".
    """
