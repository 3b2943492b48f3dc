"""``rootsweep config``: whether the settings file is sound, and its schema for editors."""

import json

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.output import write_result
from rootsweep.cli.settings.given_settings import check_settings, exceptions_of, settings_of
from rootsweep.errors import UsageError
from rootsweep.settings.file import NAME


@click.group("config")
def command() -> None:
    """Check the settings file, rootsweep.toml, and print its JSON Schema."""


@command.command("check")
@click.pass_context
def check(context: click.Context, /) -> int:
    """Check the whole settings file: the options of every command, and the exceptions.

    \b
    rootsweep config check
    """  # noqa: D301  click reads the backspace as "keep these lines"
    settings = settings_of(context)
    if settings is None:
        raise UsageError(f"there is no {NAME} from here upwards", "name the file with --config")
    check_settings(settings, context)
    exceptions = exceptions_of(context)
    click.echo(f"{settings.path} is sound, {len(exceptions)} exception(s)")
    return ExitCode.PROVEN


@command.command("schema")
@click.pass_context
def schema(context: click.Context, /) -> int:
    """Print the JSON Schema of the settings file, by which editors complete and check it.

    \b
    rootsweep config schema > rootsweep.schema.json
    """  # noqa: D301  the same
    from rootsweep.cli.settings.schema import settings_schema  # noqa: PLC0415  msgspec is slow to import

    root = context.find_root().command
    text = json.dumps(settings_schema(root), indent=2) if isinstance(root, click.Group) else ""
    write_result(lambda stream, _: print(text, file=stream), None)
    return ExitCode.PROVEN
