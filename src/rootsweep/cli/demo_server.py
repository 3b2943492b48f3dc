"""``rootsweep demo --serve``: the embedded AWS organization in the foreground, for any AWS tool to be pointed at."""

import errno
import shlex
import signal
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from rootsweep.errors import CannotRunError, UsageError
from rootsweep_emulator import ScenarioError, World, load_scenario, serve, write_profiles

_FORGET_AWS: Final = "unset $(env | sed -n 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p') AWS_PROFILE"
"""Clear what the shell says of AWS: credentials and endpoints in the environment would come before a profile's."""

_ON_LOOPBACK: Final = {"AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

_ORGANIZATION: Final = "organization"
_TO_TRY: Final = {
    "management": "rootsweep audit --organization --timeout 3s",
    "security": "rootsweep audit --organization --timeout 3s",
    "management-root": "rootsweep self-remove",
    "member-root": "rootsweep self-remove",
    "member-user": "rootsweep audit",
}
"""What each caller of the scenario ``organization`` is there for."""


def serve_organization(scenario: str, port: int) -> None:
    """Serve until interrupted, and print the two lines that point AWS's tools at it.

    Raises ``UsageError`` for a scenario that cannot be read, ``CannotRunError`` when the port is taken.
    """
    try:
        world = load_scenario(scenario)
    except ScenarioError as error:
        raise UsageError(str(error), "name a scenario that ships with rootsweep, such as demo, or a file") from error
    # A termination ends it as Ctrl-C does, so that no file is left behind.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with TemporaryDirectory(prefix="rootsweep-demo-") as folder, suppress(KeyboardInterrupt):
            serve(world, port=port, announce=lambda endpoint: _announce(world, endpoint, Path(folder), scenario))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise CannotRunError(f"cannot listen on port {port}: {error.strerror}", "choose another port, or 0 for any") from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _announce(world: World, endpoint: str, folder: Path, scenario: str) -> None:
    files = write_profiles(world, endpoint, folder)
    variables = {
        "AWS_CONFIG_FILE": str(files.config),
        "AWS_SHARED_CREDENTIALS_FILE": str(files.credentials),
        "ROOTSWEEP_HISTORY": f"sqlite:///{folder}/history.sqlite3",
        **_ON_LOOPBACK,
    }
    assignments = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    first = next(iter(world.named))
    click.echo(f"# An AWS organization answers at {endpoint}, on this machine only. Ctrl-C stops it.")
    click.echo("# Paste these two lines into another shell. They reach nothing but this organization.\n")
    click.echo(f"{_FORGET_AWS}; export {assignments}")
    click.echo(f"export AWS_PROFILE={shlex.quote(first)}\n")
    click.echo("# Profiles:")
    for name, (account_id, principal) in world.named.items():
        command = f"  {_TO_TRY[name]}" if scenario == _ORGANIZATION else ""
        click.echo(f"#   {name:<22} {principal.partition('/')[2] or principal:<9} of account {account_id}{command}".rstrip())
    if scenario == _ORGANIZATION:
        click.echo("# Then, as management: docs/removing-root-keys.md, step by step.")
    else:
        click.echo("# Each can run: rootsweep audit")
