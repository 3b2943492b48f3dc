"""``rootsweep completion``: what a shell needs to complete commands, options, files and AWS profiles."""

from typing import Final

import click
from click.shell_completion import get_completion_class

from rootsweep.cli.exit_codes import ExitCode

_PROGRAM: Final = "rootsweep"
_VARIABLE: Final = "_ROOTSWEEP_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion of a shell, to be read when it starts.

    \b
    rootsweep completion bash > ~/.local/share/bash-completion/completions/rootsweep
    rootsweep completion zsh > "${fpath[1]}/_rootsweep"
    rootsweep completion fish > ~/.config/fish/completions/rootsweep.fish
    """  # noqa: D301  click reads the backspace as "keep these lines"
    from rootsweep.cli.commands import rootsweep  # noqa: PLC0415  it lists this command

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}.")
    click.echo(kind(rootsweep, {}, _PROGRAM, _VARIABLE).source())
    return ExitCode.PROVEN
