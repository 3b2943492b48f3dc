"""The JSON Schema of ``rootsweep.toml``, for editors: from the options of the commands, and the structs of the exceptions."""

from collections.abc import Iterator
from typing import Any

import click

from rootsweep.cli.settings.given_settings import EXCEPTIONS, GIVEN_BY_A_PERSON, key_of
from rootsweep.settings.exceptions_table import exceptions_schema


def settings_schema(root: click.Group) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the file, a table for each command of ``root``."""
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
