"""``rootsweep central-access --format json``: the public contract ``rootsweep.central-access/1``.

Keys may be added, never removed. Times are RFC 3339 in UTC; what is absent is null, never left out.
"""

from typing import Final, Literal, TextIO

import msgspec

from rootsweep.core.answer import Problem
from rootsweep.core.removal.central_access import CentralAccess, remark_on
from rootsweep.reports.contracts.audit_v1 import Time, Tool, indented
from rootsweep.reports.registry import RenderOptions

SCHEMA: Final = "rootsweep.central-access/1"

State = Literal["enabled", "disabled", "unknown"]


class OrganizationEntry(msgspec.Struct, frozen=True):
    """The organization; all but the last two are null where AWS does not tell."""

    id: str | None
    management_account_id: str | None
    feature_set: str | None
    problem: str | None
    advice: str | None


class CallerEntry(msgspec.Struct, frozen=True):
    """Who calls; ``may_enable`` tells whether that is in the management account, null where AWS does not tell."""

    account_id: str
    arn: str
    may_enable: bool | None


class PartEntry(msgspec.Struct, frozen=True):
    """Whether a part is enabled; ``problem`` and ``advice`` say why that is unknown."""

    state: State
    problem: str | None
    advice: str | None


class AdministratorsEntry(msgspec.Struct, frozen=True):
    """The ids of the delegated administrators for IAM; null where AWS does not tell, and why."""

    account_ids: list[str] | None
    problem: str | None
    advice: str | None


class Status(msgspec.Struct, frozen=True):
    """The whole answer; ``usable`` tells whether root credentials management can be used. It says nothing about keys."""

    schema: Literal["rootsweep.central-access/1"]
    tool: Tool
    checked_at: Time
    partition: str
    partition_remark: str | None
    usable: Literal["yes", "no", "unknown"]
    organization: OrganizationEntry
    caller: CallerEntry
    trusted_access: PartEntry
    root_credentials_management: PartEntry
    root_sessions: PartEntry
    delegated_administrators: AdministratorsEntry


def write_central_access(
    seen: CentralAccess,
    tool_version: str,
    stream: TextIO,
    options: RenderOptions,  # noqa: ARG001  JSON has one look
) -> None:
    """Write the contract, indented by two, in ASCII."""
    document = Status(
        schema=SCHEMA,
        tool=Tool("rootsweep", tool_version),
        checked_at=seen.checked_at,
        partition=seen.partition,
        partition_remark=remark_on(seen.partition),
        usable=_usable(seen),
        organization=_organization(seen),
        caller=CallerEntry(seen.caller_account_id, seen.caller_arn, seen.may_enable),
        trusted_access=_part(seen.trusted_access),
        root_credentials_management=_part(seen.root_credentials_management),
        root_sessions=_part(seen.root_sessions),
        delegated_administrators=_administrators(seen.delegated_administrators),
    )
    stream.write(f"{indented(document)}\n")


def _usable(seen: CentralAccess) -> Literal["yes", "no", "unknown"]:
    usable = seen.is_usable
    if usable is None:
        return "unknown"
    return "yes" if usable else "no"


def _organization(seen: CentralAccess) -> OrganizationEntry:
    told = seen.organization
    if isinstance(told, Problem):
        return OrganizationEntry(None, None, None, told.problem, told.advice)
    return OrganizationEntry(told.id, told.management_account_id, told.feature_set, None, None)


def _part(told: bool | Problem) -> PartEntry:  # noqa: FBT001  the value itself
    if isinstance(told, Problem):
        return PartEntry("unknown", told.problem, told.advice)
    return PartEntry("enabled" if told else "disabled", None, None)


def _administrators(told: tuple[str, ...] | Problem) -> AdministratorsEntry:
    if isinstance(told, Problem):
        return AdministratorsEntry(None, told.problem, told.advice)
    return AdministratorsEntry(list(told), None, None)
