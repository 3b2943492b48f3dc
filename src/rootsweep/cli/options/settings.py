"""``--config``: the settings file, whose tables give the options that a command line does not."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from rootsweep.cli.options.types import AccountId, AccountIds
from rootsweep.core.finding import ExceptionRule
from rootsweep.settings.file import SettingsFile, find_settings, read_settings

NO_FILE: Final = "none"
EXCEPTIONS: Final = "exceptions"

_SETTINGS: Final = f"{__name__}.settings"
GIVEN_BY_A_PERSON: Final = frozenset({"confirm", "yes"})
"""Options that stand for a person's word, which no file can give."""


def config_option() -> click.Option:
    """Make the option; it comes before all others, so that these find their defaults."""
    return click.Option(
        ["--config"],
        metavar="FILE",
        envvar="ROOTSWEEP_CONFIG",
        is_eager=True,
        expose_value=False,
        callback=_take_settings,
        help=f"Settings file (default: nearest rootsweep.toml in this or a parent directory; {NO_FILE} to ignore it).",
    )


def settings_of(context: click.Context) -> SettingsFile | None:
    """Return the settings file of a command; None where there is none."""
    found: SettingsFile | None = context.meta.get(_SETTINGS)
    return found


def exceptions_of(context: click.Context) -> tuple[ExceptionRule, ...]:
    """Return the exceptions of the settings file; raises ``UsageError`` for one that is not whole."""
    from rootsweep.cli import clock  # noqa: PLC0415  shown beside the other import
    from rootsweep.settings.exceptions import exception_rules  # noqa: PLC0415  msgspec is not needed without exceptions

    settings = settings_of(context)
    return () if settings is None or EXCEPTIONS not in settings.tables else exception_rules(settings, clock.now())


def check_settings(settings: SettingsFile, context: click.Context) -> None:
    """Check the tables of every command, which are else read when it is called; raises ``UsageError`` for the first error."""
    root = context.find_root()
    for name in sorted(settings.tables.keys() - {EXCEPTIONS}):
        command = root.command.get_command(root, name) if isinstance(root.command, click.Group) else None
        if command is not None:
            _check_command(settings, command, click.Context(command, root, info_name=name))


def _check_command(settings: SettingsFile, command: click.Command, context: click.Context) -> None:
    for _ in _defaults(settings, _words_of(context), context):
        pass
    for name, subcommand in command.commands.items() if isinstance(command, click.Group) else ():
        _check_command(settings, subcommand, click.Context(subcommand, context, info_name=name))


def _words_of(context: click.Context) -> tuple[str, ...]:
    """Return the names of the commands that lead to this one, without the program's own."""
    return () if context.parent is None else (*_words_of(context.parent), str(context.info_name))


def _take_settings(context: click.Context, _: click.Parameter, value: str | None) -> None:
    path = find_settings(Path.cwd()) if value is None else None if value == NO_FILE else Path(value)
    if path is None or context.resilient_parsing:
        return
    settings = read_settings(path)
    context.meta[_SETTINGS] = settings
    _check_tables(settings, context.find_root())
    context.default_map = dict(_defaults(settings, _words_of(context), context))


def _check_tables(settings: SettingsFile, root: click.Context) -> None:
    commands = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
    known = {*commands, EXCEPTIONS}
    for name in sorted(settings.tables.keys() - known):
        raise settings.error((name,), "there is no such table", _nearest(name, known, "the tables are those of the commands"))


def _defaults(settings: SettingsFile, words: tuple[str, ...], context: click.Context) -> Iterator[tuple[str, Any]]:
    """Return the value of each option in the table of a command, as ``[audit]`` or ``[quarantine.on]``, once it is checked."""
    table: Any = settings.tables
    for length, word in enumerate(words, start=1):
        table = table.get(word, {})
        if not isinstance(table, Mapping):
            raise settings.error(words[:length], "this is no table", f"write [{'.'.join(words)}] and the options below it")
    options = {key_of(one): one for one in context.command.params if isinstance(one, click.Option) and one.expose_value}
    subcommands = context.command.commands if isinstance(context.command, click.Group) else {}
    for key, value in table.items():
        if key in subcommands:
            continue
        keys = (*words, key)
        option = options.get(key)
        if option is None:
            raise settings.error(keys, "there is no such option", _nearest(key, options.keys(), "see --help"))
        if key in GIVEN_BY_A_PERSON:
            raise settings.error(keys, "no file can give a person's word", f"give --{key} on the command line")
        yield str(option.name), _checked(settings, keys, option, value, context)


def key_of(option: click.Option) -> str:
    """Return the key of an option in the file: its long flag without the dashes."""
    return next(name for name in option.opts if name.startswith("--")).removeprefix("--")


def _checked(settings: SettingsFile, keys: tuple[str, ...], option: click.Option, value: Any, context: click.Context) -> Any:
    """Return a value as click takes it; raises ``UsageError`` with line and key where the option does not take it."""
    given = value if option.multiple and isinstance(value, list) else [value]
    wanted, kinds = _kinds_of(option)
    if any(type(one) not in kinds for one in given):
        raise settings.error(keys, f"must be {wanted}", "fix it there")
    taken = given if option.multiple else value
    try:
        option.type_cast_value(context, taken)
    except click.BadParameter as error:
        raise settings.error(keys, error.message.rstrip("."), "fix it there") from error
    return taken


def _kinds_of(option: click.Option) -> tuple[str, tuple[type, ...]]:
    """Return which values of TOML an option takes; a number is no text, but an account id of 12 digits anyway."""
    if option.is_flag:
        return "true or false", (bool,)
    if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType):
        return "a number", (int, float)
    if isinstance(option.type, AccountId | AccountIds):
        return "account ids of 12 digits in quotes", (str, int)
    return "a text in quotes", (str,)


def _nearest(name: str, known: Any, otherwise: str) -> str:
    nearest = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {nearest[0]}?" if nearest else otherwise
