"""The options that say which accounts are audited and how they are reached, for every command that audits."""

import click

from rootsweep.cli.audit.asked import DEFAULTS
from rootsweep.cli.option_groups import option_group
from rootsweep.cli.parameters import AccountIds, Duration, Tag, UnitId, take_account_ids
from rootsweep.cli.role_parameters import ExternalId, RoleName

scope_options = option_group(
    click.option("--organization", is_flag=True, help="Every account of the organization of the credentials."),
    click.option(
        "--account",
        "account_ids",
        type=AccountIds(),
        multiple=True,
        callback=take_account_ids,
        metavar="ID|FILE",
        help="These accounts: ids between commas, or a file that lists them. Repeatable.",
    ),
    click.option(
        "--ou", "units", type=UnitId(), multiple=True, metavar="ID", help="A unit of the organization, and all below it."
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
        help="Leave these accounts out: ids between commas, or a file that lists them. Repeatable.",
    ),
    click.option(
        "--access",
        type=click.Choice(["auto", "own", "root-session", "role"]),
        help="How to enter accounts: by root sessions, by a role, or the caller's own alone. auto prefers root sessions.",
    ),
    click.option(
        "--role-name", type=RoleName(), metavar="NAME", help="The role to assume in each account; it reads the report."
    ),
    click.option(
        "--external-id", type=ExternalId(), metavar="ID", help="The external id that the role's trust policy asks for."
    ),
    click.option("--profile", "profiles", multiple=True, metavar="NAME", help="A profile of AWS's configuration files."),
    click.option("--region", envvar="AWS_REGION", metavar="REGION", help="The AWS Region to ask; it also tells the partition."),
    click.option(
        "--timeout",
        type=Duration(),
        default=DEFAULTS.timeout,
        metavar="TIME",
        show_default="2m",
        help="How long one account may take.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 1024),
        default=DEFAULTS.workers,
        metavar="N",
        show_default=True,
        help="Accounts to read at once.",
    ),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)
"""Each gives the field of ``Asked`` that has its name."""
