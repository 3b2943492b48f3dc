"""The options that say which accounts are audited and how they are reached, and those that open a plan."""

import re
from typing import Final

import click

from rootsweep.auditing.request import DEFAULTS
from rootsweep.cli.options.types import (
    AccountIds,
    Duration,
    ExternalId,
    ProfileName,
    RoleName,
    Tag,
    UnitId,
    option_group,
    take_account_ids,
)

scope_options = option_group(
    click.option("--organization", is_flag=True, help="Every account of the caller's organization."),
    click.option(
        "--account",
        "account_ids",
        type=AccountIds(),
        multiple=True,
        callback=take_account_ids,
        metavar="ID|FILE",
        help="Only these accounts: ids separated by commas, or a file that lists them. Repeatable.",
    ),
    click.option(
        "--ou",
        "units",
        type=UnitId(),
        multiple=True,
        metavar="ID",
        help="Accounts in this organizational unit and below it. Repeatable.",
    ),
    click.option(
        "--tag", "tags", type=Tag(), multiple=True, metavar="KEY=VALUE", help="Accounts of the organization with this tag."
    ),
    click.option(
        "--exclude",
        "excluded_ids",
        type=AccountIds(),
        multiple=True,
        callback=take_account_ids,
        metavar="ID|FILE",
        help="Exclude these accounts: ids separated by commas, or a file that lists them. Repeatable.",
    ),
    click.option(
        "--access",
        type=click.Choice(["auto", "own", "root-session", "role"]),
        help="How to access accounts: root sessions, a role, or only the caller's own account. auto prefers root sessions.",
    ),
    click.option(
        "--role-name", type=RoleName(), metavar="NAME", help="Role to assume in each account to read its credential report."
    ),
    click.option("--external-id", type=ExternalId(), metavar="ID", help="External ID that the role's trust policy requires."),
    click.option(
        "--profile",
        "-p",
        "profiles",
        type=ProfileName(),
        multiple=True,
        metavar="NAME",
        help="Profile from the AWS configuration files.",
    ),
    click.option(
        "--region", envvar="AWS_REGION", metavar="REGION", help="AWS Region for API calls; also selects the partition."
    ),
    click.option(
        "--timeout",
        type=Duration(),
        default=DEFAULTS.timeout,
        metavar="TIME",
        show_default="2m",
        help="Time limit for each account.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        default=DEFAULTS.workers,
        metavar="N",
        show_default=True,
        help="Number of accounts to read at the same time.",
    ),
    click.option("--quiet", "-q", is_flag=True, help="Show no progress."),
)
"""Each gives the field of ``AuditRequest`` that has its name."""


# Types of option values that bound a plan: a share of the accounts, the id of an access key.

_PERCENTAGE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%", re.ASCII)
_WHOLE: Final = 100


class Share(click.ParamType[float]):
    """A percentage above 0% and up to 100%: ``10%``, ``2.5%``."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Turn the text into a number above 0 and up to 1."""
        if isinstance(value, float):
            return value
        match = _PERCENTAGE.fullmatch(str(value).strip())
        if match is None or not 0 < float(match[1]) <= _WHOLE:
            self.fail(f"{value!r} is not a share of the accounts; write a percentage, such as 10%", param, ctx)
        return float(match[1]) / _WHOLE


class LongTermKeyId(click.ParamType[str]):
    """The id of a long-term access key."""

    name = "access key id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be the id of a long-term access key."""
        text = str(value).strip()
        # No audit waits for these: they are of self-removal.
        from rootsweep.core.key_answer import KeyKind  # noqa: PLC0415
        from rootsweep.core.parsing.access_key_id import parse_access_key_id  # noqa: PLC0415

        key = parse_access_key_id(text)
        if key is None or key.kind is not KeyKind.LONG_TERM:
            self.fail(f"{value!r} is not the id of an access key; write AKIA and the 16 characters after it", param, ctx)
        return text
