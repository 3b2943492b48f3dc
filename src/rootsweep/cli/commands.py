"""The ``rootsweep`` command and its explicit list of commands, each imported only when it is called."""

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Final

import click

from rootsweep.version import __version__


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as the help lists it: its module, which holds a ``click.Command`` called ``command``, and what it does."""

    module: str
    summary: str


GROUPS: Final = {
    "Audit": {
        "audit": Listed("rootsweep.cli.audit", "Check accounts for root access keys"),
        "whose": Listed("rootsweep.cli.whose", "Show which account an access key belongs to"),
        "explain": Listed("rootsweep.cli.explain", "Explain the control and how it is met"),
        "demo": Listed("rootsweep.cli.demo", "Try it on an AWS organization inside this program"),
    },
    "Remove": {
        "plan": Listed("rootsweep.cli.plan", "Plan which root keys to delete"),
        "rehearse": Listed("rootsweep.cli.rehearse", "Try a plan without changing anything"),
        "quarantine": Listed("rootsweep.cli.quarantine", "Deny root everything first, and see what breaks"),
        "apply": Listed("rootsweep.cli.apply", "Delete the keys of a plan"),
        "self-remove": Listed("rootsweep.cli.self_remove", "Delete root's own keys, run as root"),
    },
    "Look back": {
        "history": Listed("rootsweep.cli.history", "Show recorded runs and what has changed"),
        "report": Listed("rootsweep.cli.report", "Show a saved run in any format"),
        "journal": Listed("rootsweep.cli.journal", "Show and verify the journal of a removal"),
    },
    "Set up": {
        "permissions": Listed("rootsweep.cli.permissions", "Print the IAM policies that rootsweep needs"),
        "central-access": Listed("rootsweep.cli.central_access", "Show or enable centralized root access"),
        "exception": Listed("rootsweep.cli.exception", "Show, check and add exceptions"),
        "config": Listed("rootsweep.cli.config", "Check rootsweep.toml"),
        "completion": Listed("rootsweep.cli.completion", "Print the completion of a shell"),
    },
}
COMMANDS: Final = {name: one.module for group in GROUPS.values() for name, one in sorted(group.items())}
"""Each command's module."""

_EXAMPLES: Final = (
    ("rootsweep audit", "the account of your AWS credentials"),
    ("rootsweep audit --organization", "every account of the organization"),
    ("rootsweep audit --from reports/", "saved credential reports and account summaries"),
    ("rootsweep plan --organization", "what to delete, and what to hold back"),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, so that neither ``--version`` nor ``--help`` loads one."""

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

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that is misspelt is reported with the one that was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            meant = f"did you mean {near[0]}?" if near else "`rootsweep --help` lists them."
            raise click.UsageError(f"there is no command {args[0]!r}; {meant}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """List the commands by what they are for."""
        with formatter.section("Examples"):
            formatter.write_dl(list(_EXAMPLES), col_max=36)
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, one.summary) for name, one in group.items()])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first, then the options."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)


def _let_settings_apply(command: click.Command) -> None:
    """Give ``--config`` and ``--debug`` to a command, and to those below it."""
    from rootsweep.cli.log import debug_option  # noqa: PLC0415  of no use to --version
    from rootsweep.cli.options.settings import config_option  # noqa: PLC0415  the same

    below = command.commands.values() if isinstance(command, click.Group) else ()
    for one in (command, *below):
        if not any(parameter.name == "config" for parameter in one.params):
            one.params += [config_option(), debug_option()]


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="rootsweep", message="%(prog)s %(version)s")
def rootsweep() -> None:
    """Prove that no root user access key exists in any of your AWS accounts."""
