"""``rootsweep config``: whether the settings file is sound, and its schema for editors."""

import json
from collections.abc import Iterator
from typing import Any

import click

from rootsweep.cli.exit_codes import ExitCode
from rootsweep.cli.options.settings import EXCEPTIONS, GIVEN_BY_A_PERSON, check_settings, exceptions_of, key_of, settings_of
from rootsweep.cli.output import write_result
from rootsweep.errors import UsageError
from rootsweep.settings.exceptions import exceptions_schema
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
    root = context.find_root().command
    text = json.dumps(settings_schema(root), indent=2) if isinstance(root, click.Group) else ""
    write_result(lambda stream, _: print(text, file=stream), None)
    return ExitCode.PROVEN


# The JSON Schema of ``rootsweep.toml``, for editors: from the options of the commands, and the structs of the exceptions.


def settings_schema(root: click.Group) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the file, a table for each command of ``root``."""
    context = click.Context(root)
    tables = {name: _table(command) for name in root.list_commands(context) if (command := root.get_command(context, name))}
    exceptions, definitions = exceptions_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rootsweep.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {**tables, EXCEPTIONS: exceptions},
        "$defs": definitions,
    }


def _table(command: click.Command) -> dict[str, Any]:
    below = command.commands if isinstance(command, click.Group) else {}
    return {
        "type": "object",
        "description": (command.help or "").split("\n\n", maxsplit=1)[0],
        "additionalProperties": False,
        "properties": {key: _option(option) for key, option in _options(command)}
        | {name: _table(subcommand) for name, subcommand in below.items()},
    }


def _options(command: click.Command) -> Iterator[tuple[str, click.Option]]:
    for option in command.params:
        if isinstance(option, click.Option) and option.expose_value and key_of(option) not in GIVEN_BY_A_PERSON:
            yield key_of(option), option


def _option(option: click.Option) -> dict[str, Any]:
    kind = _kind(option)
    described = {"description": option.help} if option.help else {}
    return described | ({"anyOf": [kind, {"type": "array", "items": kind}]} if option.multiple else kind)


def _kind(option: click.Option) -> dict[str, Any]:
    if option.is_flag:
        return {"type": "boolean"}
    match option.type:
        case click.Choice(choices=choices):
            return {"enum": list(choices)}
        case click.IntRange(min=least, max=most):
            limits = {"minimum": least, "maximum": most}
            return {"type": "integer"} | {name: limit for name, limit in limits.items() if limit is not None}
        case click.types.IntParamType():
            return {"type": "integer"}
        case click.types.FloatParamType():
            return {"type": "number"}
        case _:
            return {"type": "string"}
