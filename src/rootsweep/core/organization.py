"""Accounts, their states and the scope of an audit, in the words of AWS Organizations."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PARTITION_WITHOUT_ROOT_USER: Final = "aws-cn"
"""AWS in China has no root user (IAM User Guide of the Amazon Web Services China Regions, "Feature availability")."""

PARTITION_WITHOUT_ROOT_CONSOLE: Final = "aws-us-gov"
"""In AWS GovCloud (US) root cannot sign in to the console (AWS GovCloud User Guide, "Account root user")."""


HOME_REGIONS: Final = {
    "aws": "us-east-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}
"""Each partition and the Region of its IAM (botocore's ``partitions.json`` and the endpoint ruleset of IAM)."""


class AccountState(StrEnum):
    """``Account.State`` (AWS Organizations API reference, Account)."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Account:
    """One AWS account in scope.

    ``id`` is the 12-digit account id. ``name``, ``partition`` (``aws``, ``aws-us-gov``, ...) and ``state`` are None where
    nothing that was read tells them. ``path`` names the root and the organizational units that hold the account, as the
    condition key aws:PrincipalOrgPath does: ``o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/``.
    """

    id: str
    name: str | None = None
    partition: str | None = None
    state: AccountState | None = None
    is_management_account: bool = False
    path: str | None = None


@dataclass(frozen=True, slots=True)
class OrganizationalUnit:
    """A unit, or the root, of an organization: its id and its name."""

    id: str
    name: str


class ScopeKind(StrEnum):
    """What an audit was asked to cover."""

    ACCOUNT = "account"
    ORGANIZATION = "organization"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an audit covers.

    ``complete`` is False when the accounts in it could not all be listed, and ``incomplete_because`` says why.
    """

    kind: ScopeKind
    partition: str | None = None
    organization_id: str | None = None
    complete: bool = True
    incomplete_because: str | None = None
