"""Types of option values, such as durations, account ids and roles, and options in groups."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from rootsweep.cli.waiting import opened_input
from rootsweep.core.parsing.account_list import parse_account_id, read_account_ids, read_given_ids
from rootsweep.errors import InputRefusedError
from rootsweep.reports.wording import printable, shell_word

_READ: Final = f"{__name__}.read"
_DURATION: Final = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_UNIT: Final = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Duration(click.ParamType[timedelta]):
    """A whole number and a unit: ``90d``, ``4h``, ``30m``, ``45s``, ``2w``."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Turn the text into a ``timedelta`` longer than zero."""
        if isinstance(value, timedelta):
            return value
        match = _DURATION.fullmatch(str(value).strip())
        if match is None or int(match[1]) == 0:
            self.fail(f"{value!r} is not a duration; write a number and a unit, such as 90d, 4h or 30m", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


def repeated_caller() -> str:
    """Return the options of the caller that were given on the command line, quoted for a shell, for a command to repeat."""
    context = click.get_current_context()
    words: list[str] = []
    for name in ("profile", "profiles", "region", "config"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            values = context.params[name]
            for value in values if isinstance(values, tuple) else (values,):
                words += [f"--{name.removesuffix('s') if name == 'profiles' else name}", shell_word(str(value))]
    return "".join(f" {word}" for word in words)


class AccountId(click.ParamType[str]):
    """A 12-digit AWS account id; ``1111-2222-3333``, as the console shows it, is taken too."""

    name = "account id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Turn the text into 12 digits."""
        account_id = parse_account_id(str(value))
        if account_id is None:
            self.fail(f"{value!r} is not an AWS account id; write its 12 digits", param, ctx)
        return account_id


@dataclass(frozen=True, slots=True)
class GivenAccounts:
    """The ids (12 digits each) that one value of an option names, and the path of the file that holds them, if it is one."""

    ids: tuple[str, ...]
    path: str | None = None


class AccountIds(click.ParamType[GivenAccounts]):
    """One or several account ids between commas, or a file of them (``core/parsing/account_list.py`` says which are read)."""

    name = "account id or file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> GivenAccounts:
        """Turn the text, or the file that it names, into ids."""
        if isinstance(value, GivenAccounts):
            return value
        text = str(value).strip()
        ids = read_given_ids(text)
        if ids is not None:
            return GivenAccounts(ids)
        # The settings are checked before they are used, and a named pipe can be read only once.
        read: dict[str, GivenAccounts] = {} if ctx is None else ctx.meta.setdefault(_READ, {})
        if text in read:
            return read[text]
        if text == "-":
            self.fail("a list of accounts is not read from standard input; name a file or a named pipe", param, ctx)
        if not Path(text).exists():
            zeros = "; a number loses its leading zeros: write all 12 digits in quotes" if text.isdecimal() else ""
            self.fail(f"{value!r} is not an AWS account id (12 digits), and no file of that name exists{zeros}", param, ctx)
        from rootsweep.auditing.sources.files.content import read_head, whole_text  # noqa: PLC0415  few options name a file

        try:
            with opened_input(text) as stream:
                read[text] = GivenAccounts(read_account_ids(whole_text(read_head(stream))), text)
                return read[text]
        except InputRefusedError as error:
            place = text if error.line is None else f"{text}:{error.line}"
            self.fail(f"{place}: {error}; {error.advice}", param, ctx)
        except OSError as error:
            self.fail(f"the file {text} cannot be read ({error.strerror}); give a text file with account ids", param, ctx)


def take_account_ids(_: click.Context, __: click.Parameter, given: tuple[GivenAccounts, ...]) -> tuple[str, ...]:
    """Return the ids that all values of an option name, each once, and say how many accounts each file names."""
    for one in given:
        if one.path is not None:
            click.echo(f"rootsweep: {printable(one.path)} names {len(one.ids)} account{'s'[: len(one.ids) > 1]}", err=True)
    return tuple(dict.fromkeys(account_id for one in given for account_id in one.ids))


class Tag(click.ParamType[tuple[str, str]]):
    """A tag of an account: ``key=value``."""

    name = "tag"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Take key and value apart at the first ``=``."""
        if isinstance(value, tuple):
            key, text = value
            return key, text
        key, equals, text = str(value).partition("=")
        if not key or not equals:
            self.fail(f"{value!r} is not a tag; write key=value", param, ctx)
        return key, text


class UnitId(click.ParamType[str]):
    """The id of an organizational unit, or of the root."""

    name = "organizational unit"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the form (Organizations API reference, ListAccountsForParent, ParentId)."""
        text = str(value).strip()
        if _UNIT.fullmatch(text) is None:
            self.fail(f"{value!r} is not the id of an organizational unit, such as ou-a1b2-c3d4e5f6, or of a root", param, ctx)
        return text


# Types of option values that name a role, or what is reported to assume it.

_ROLE_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_EXTERNAL_ID: Final = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


class ProfileName(click.ParamType[str]):
    """The name of a profile of AWS's configuration files; a shell completes it."""

    name = "profile"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002  click's own
        """Take the name as it is: whether there is such a profile is reported where it is used."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  the same
        """Return the profiles that begin so."""
        from rootsweep.aws.session import profile_names  # noqa: PLC0415  the SDK is slow to import

        return [CompletionItem(name) for name in profile_names() if name.startswith(incomplete)]


class RoleName(click.ParamType[str]):
    """The name of an IAM role, without its path (IAM API reference, CreateRole, RoleName)."""

    name = "role name"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be the name of a role."""
        if _ROLE_NAME.fullmatch(str(value)) is None:
            self.fail(
                f"{value!r} is not the name of a role; write 1 to 64 letters, digits and _+=,.@-, without a path", param, ctx
            )
        return str(value)


class ExternalId(click.ParamType[str]):
    """An external id (STS API reference, AssumeRole, ExternalId)."""

    name = "external id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be an external id."""
        if _EXTERNAL_ID.fullmatch(str(value)) is None:
            self.fail("this is not an external id; write 2 to 1224 letters, digits and _+=,.@:/-", param, ctx)
        return str(value)


# Options that several commands share, added to a command together.

F = TypeVar("F", bound=Callable[..., Any])


def option_group(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Make one decorator of several options, which ``--help`` shows in this order."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


caller_options = option_group(
    click.option("--profile", "-p", type=ProfileName(), metavar="NAME", help="Profile from the AWS configuration files."),
    click.option("--region", envvar="AWS_REGION", metavar="REGION", help="AWS Region for API calls."),
)
"""Which credentials of the caller's a command works by, and where."""
