"""The embedded AWS organization in the foreground, for any AWS tool to be pointed at."""

import errno
import shlex
from contextlib import suppress

import click

from rootsweep.emulator import ScenarioError, World, environment, load_scenario, serve
from rootsweep.errors import CannotRunError, UsageError


def serve_organization(scenario: str, port: int) -> None:
    """Serve until interrupted, and print the environment that points AWS's tools at it.

    Raises ``UsageError`` for a scenario that cannot be read, ``CannotRunError`` when the port is taken.
    """
    try:
        world = load_scenario(scenario)
    except ScenarioError as error:
        raise UsageError(str(error), "name a scenario that ships with rootsweep, such as demo, or a file") from error
    try:
        with suppress(KeyboardInterrupt):
            serve(world, port=port, announce=lambda endpoint: _announce(world, endpoint))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise CannotRunError(f"cannot listen on port {port}: {error.strerror}", "choose another port, or 0 for any") from error


def _announce(world: World, endpoint: str) -> None:
    click.echo(
        f"# An AWS organization answers at {endpoint}, on this machine only. Its credentials are worth nothing elsewhere."
    )
    click.echo("# Paste one of these into another shell, then try: aws iam get-account-summary. Ctrl-C ends it.")
    for name, (account_id, _) in world.named.items():
        variables = environment(world, name, endpoint)
        assignments = " ".join(f"{variable}={shlex.quote(value)}" for variable, value in variables.items())
        click.echo(f"\n# {name}, account {account_id}\nexport {assignments}")
