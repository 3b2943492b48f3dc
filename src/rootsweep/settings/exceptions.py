"""The tables ``[[exceptions]]`` of ``rootsweep.toml``, as structs of their own, and what makes a good one."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import ExceptionRule, GrantedException
from rootsweep.core.parsing.access_key_id import account_of_access_key
from rootsweep.errors import UsageError
from rootsweep.settings.file import SettingsFile

TABLE: Final = "exceptions"
LONGEST: Final = timedelta(days=366)
"""A year, leap years too."""

_ADVICE: Final = "see docs/exceptions.md"
_WHERE: Final = re.compile(r"(?P<problem>.*?)(?: - at `\$(?P<keys>[^`]*)`)?", re.DOTALL)
_UNKNOWN_FIELD: Final = re.compile(r"unknown field `(\w+)`")
_PART: Final = re.compile(r"\[(\d+)\]|\.(\w+)")

Words = Annotated[str, msgspec.Meta(pattern=r"\S")]


class ExceptionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An exception for one key of one account, as it was granted."""

    account: Annotated[str, msgspec.Meta(pattern=r"^\d{12}$", description="The 12 digits of the account.")]
    key_id: Annotated[
        Annotated[str, msgspec.Meta(pattern=r"^[A-Z2-7]{16,128}$")] | None,
        msgspec.Meta(description="The access key id; left out where it is not known."),
    ] = None
    last_rotated: Annotated[
        datetime | None,
        msgspec.Meta(description="access_key_N_last_rotated of the credential report, for a key whose id is not known."),
    ] = None
    status: Annotated[
        Literal["active", "inactive"],
        msgspec.Meta(description="What the key was when the exception was granted: inactive may not become active again."),
    ]
    owner: Annotated[Words, msgspec.Meta(description="Who is responsible for it.")]
    reason: Annotated[Words, msgspec.Meta(description="Why the key has to stay.")]
    ticket: Annotated[Words, msgspec.Meta(description="Ticket of the decision.")]
    expires: Annotated[date, msgspec.Meta(description="The last day, in UTC, on which it stands: at most a year from now.")]


def exceptions_schema() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the JSON Schema of the array of these tables, and the definitions that it refers to in ``$defs``."""
    (array,), definitions = msgspec.json.schema_components([list[ExceptionTable]], ref_template="#/$defs/{name}")
    return array, definitions


def exception_rules(settings: SettingsFile, now: datetime) -> tuple[ExceptionRule, ...]:
    """Return the exceptions of a file; raises ``UsageError`` with line and key for one that is not whole or is invalid."""
    if TABLE not in settings.tables:
        return ()
    try:
        tables = msgspec.convert(settings.tables[TABLE], list[ExceptionTable])
    except msgspec.ValidationError as error:
        raise _invalid(settings, str(error)) from error
    rules: list[ExceptionRule] = []
    for number, table in enumerate(tables):
        for key, problem in _problems(table, now):
            raise settings.error((TABLE, number, key), problem, _ADVICE)
        rule = _rule(table)
        if any(_is_same_key(rule, other) for other in rules):
            raise settings.error((TABLE, number), "another exception names the same key", "leave one of them")
        rules.append(rule)
    return tuple(rules)


def _problems(table: ExceptionTable, now: datetime) -> Iterator[tuple[str, str]]:
    if table.key_id is None and table.last_rotated is None:
        yield "account", "an exception needs the key_id, or last_rotated where the id is not known"
    if table.key_id is not None and account_of_access_key(table.key_id) not in {None, table.account}:
        yield "key_id", f"this key belongs to account {account_of_access_key(table.key_id)}, not to account {table.account}"
    if table.last_rotated is not None and table.last_rotated.tzinfo is None:
        yield "last_rotated", "the time has no zone: write it as the credential report does, such as 2021-05-17T14:03:27Z"
    if _end_of(table.expires) - now > LONGEST:
        yield "expires", "an exception may last at most one year; choose an earlier date"


def _rule(table: ExceptionTable) -> ExceptionRule:
    since = table.last_rotated
    return ExceptionRule(
        account_id=table.account,
        key_id=table.key_id,
        last_rotated_at=None if since is None else since.astimezone(UTC).replace(microsecond=0),
        status=KeyStatus[table.status.upper()],
        granted=GrantedException(table.owner, table.reason, table.ticket, _end_of(table.expires)),
    )


def _is_same_key(one: ExceptionRule, other: ExceptionRule) -> bool:
    same_id = one.key_id is not None and one.key_id == other.key_id
    same_date = one.last_rotated_at is not None and one.last_rotated_at == other.last_rotated_at
    return one.account_id == other.account_id and (same_id or same_date)


def _end_of(day: date) -> datetime:
    """Return the last second on which an exception stands, so that it is written as that day."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def _invalid(settings: SettingsFile, message: str) -> UsageError:
    """Turn msgspec's message, which ends with the way to the value, into one that names line and key."""
    match = _WHERE.fullmatch(message)
    parts = _PART.findall(match["keys"] or "") if match else []
    keys = tuple(int(number) if number else name for number, name in parts)
    problem = match["problem"] if match else message
    unknown = _UNKNOWN_FIELD.search(problem)
    keys += (unknown[1],) if unknown else ()
    return settings.error((TABLE, *keys), problem, _ADVICE)
