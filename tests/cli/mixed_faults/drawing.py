"""Organizations and faults drawn by a seed: the same for the same seed, so that whatever fails can be run again."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from rootsweep_emulator import (
    Body,
    Change,
    Dated,
    DenyAccess,
    Effect,
    Emulator,
    Endless,
    Latency,
    Omit,
    Refuse,
    Replace,
    Reset,
    Rule,
    SessionOf,
    Throttle,
    World,
)
from rootsweep_emulator.faults import Faults
from rootsweep_emulator.scenarios.building import (
    DAY,
    PastKey,
    add_user,
    enable_central_access,
    join,
    new_account,
    new_organization,
    set_past,
)
from rootsweep_emulator.state.account import Account, AccountState, Partition, Role
from rootsweep_emulator.state.organization import FEATURES, Feature

ROLE: Final = "RootAudit"
_ROLE_ACTIONS: Final = ("iam:GetAccountSummary", "iam:GenerateCredentialReport", "iam:GetCredentialReport")
_ACTIVE: Final = PastKey(created=700 * DAY, last_used=200 * DAY, region="us-east-1", service="s3")
_INACTIVE: Final = PastKey(created=800 * DAY, deactivated=300 * DAY)
_KEYS: Final = ((_ACTIVE,), (_INACTIVE,), (_INACTIVE, _ACTIVE))
_STATES: Final[tuple[AccountState, ...]] = ("ACTIVE",) * 12 + ("SUSPENDED", "PENDING_CLOSURE", "CLOSED")

_SESSIONS: Final = (("sts", "AssumeRoot"), ("sts", "AssumeRole"))
_CALLS: Final = (
    *_SESSIONS,
    ("sts", "GetCallerIdentity"),
    ("organizations", "DescribeOrganization"),
    ("organizations", "ListAccounts"),
    ("iam", "ListOrganizationsFeatures"),
    ("iam", "GetAccountSummary"),
    ("iam", "ListAccessKeys"),
    ("iam", "GetAccessKeyLastUsed"),
    ("iam", "GenerateCredentialReport"),
    ("iam", "GetCredentialReport"),
)
_WEIGHTS: Final = (3, 2, 1, 1, 3, 1, 4, 4, 1, 2, 3)
_OMISSIONS: Final[tuple[tuple[str, tuple[str | int, ...]], ...]] = (
    ("GetAccountSummary", ("SummaryMap", "AccountAccessKeysPresent")),
    ("GetAccountSummary", ("SummaryMap",)),
    ("ListAccessKeys", ("AccessKeyMetadata",)),
    ("ListAccessKeys", ("AccessKeyMetadata", 0, "AccessKeyId")),
    ("ListAccessKeys", ("AccessKeyMetadata", 0, "Status")),
    ("ListAccessKeys", ("AccessKeyMetadata", 0, "CreateDate")),
    ("ListAccessKeys", ("IsTruncated",)),
    ("GetCredentialReport", ("Content",)),
    ("GetCredentialReport", ("GeneratedTime",)),
    ("AssumeRoot", ("Credentials",)),
    ("AssumeRoot", ("Credentials", "SessionToken")),
    ("AssumeRoot", ("Credentials", "Expiration")),
    ("AssumeRole", ("AssumedRoleUser",)),
    ("AssumeRole", ("Credentials",)),
    ("GetCallerIdentity", ("Account",)),
    ("GetCallerIdentity", ("Arn",)),
    ("DescribeOrganization", ("Organization",)),
    ("DescribeOrganization", ("Organization", "MasterAccountId")),
    ("ListAccounts", ("Accounts",)),
    ("ListAccounts", ("Accounts", 1, "Id")),
    ("ListAccounts", ("Accounts", 2, "State")),
    ("ListOrganizationsFeatures", ("EnabledFeatures",)),
)
_ERRORS: Final = (
    ("InternalFailure", 500),
    ("ServiceUnavailable", 503),
    ("GatewayTimeout", 504),
    ("Throttling", 400),
    ("NotImplemented", 501),
    ("ExpiredToken", 403),
    ("InvalidClientTokenId", 403),
    ("AccessDenied", 403),
    ("Teapot", 418),
)
_DATES: Final = (
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 03 Jan 2050 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Tue, 05 Mar 2019 08:00:00 GMT",
    "yesterday",
    "",
    None,
)
_BODIES: Final = (
    Body(b"<html><head><title>Sign in</title></head></html>"),
    Body(b"<!DOCTYPE html><p>Sign in"),
    Body(b"<html>Bad gateway</html>", 502),
    Body(b"<html>Found</html>", 302, headers=(("Location", "http://127.0.0.1:9/login"),)),
    Body(b"{}", content_type="application/x-amz-json-1.1"),
    Body(b"[]", content_type="application/x-amz-json-1.1"),
    Body(b"null", content_type="application/x-amz-json-1.1"),
    Body(b'{"Accounts": [{"Id"', content_type="application/x-amz-json-1.1", declared_length=4000),
    Body(b"<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMeta", content_type="text/xml", declared_length=900),
    Body(b"<ListAccessKeysResponse/>", content_type="text/xml"),
    Body(b"<ListAccessKeysResponse><ListAccessKeysResult/></ListAccessKeysResponse>", content_type="text/xml"),
    Body(b"<GetAccountSummaryResponse><GetAccountSummaryResult/></GetAccountSummaryResponse>", content_type="text/xml"),
    Body(b"", content_type="text/xml"),
)


@dataclass(repr=False)
class Drawn:
    """An organization with faults, and what is to be known of both.

    Attributes:
        partition: of all accounts.
        management: the id of the management account.
        members: the ids of the member accounts.
        rules: the faults.
        changed: the ids of the accounts in which something has happened since the faults came into force.
    """

    world: World
    partition: Partition
    management: str
    members: list[str]
    rules: list[Rule] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    @property
    def is_govcloud(self) -> bool:
        return self.partition == "aws-us-gov"


def draw_organization(draw: random.Random, *, share: float | None = None, partition: Partition | None = None) -> Drawn:
    """Draw an organization: a management account and members with active, inactive and no keys, in any state.

    ``share`` is that of the accounts with keys; it and the partition are drawn where they are None.
    """
    drawn_partition: Partition = draw.choice(("aws", "aws", "aws", "aws-us-gov"))
    partition = partition or drawn_partition
    world = World(seed=draw.randrange(10**6))
    world.faults = Faults(world.seed)
    ids = [str(number) for number in draw.sample(range(10**11, 10**12), draw.randint(3, 24))]
    management = _account(world, ids[0], "management", partition)
    add_user(world, management, "auditor", ("*",))
    world.named["management"] = (management.id, "user/auditor")
    organization = new_organization(world, management)
    role = Role(ROLE, (management.id,), _ROLE_ACTIONS)
    for number, account_id in enumerate(ids[1:], start=1):
        account = _account(world, account_id, f"member-{number:02}", partition)
        account.roles = (role,) if draw.random() < 0.9 else ()
        account.state = draw.choice(_STATES)
        join(organization, account)
    share = draw.choice((0.0, 0.1, 0.5)) if share is None else share
    for account in world.accounts.values():
        keys = draw.choice(_KEYS) if draw.random() < share else ()
        set_past(world, account, keys, draw.choice((None, None, 1800.0, 3 * 3600.0)))
    offered: tuple[Feature, ...] = FEATURES if partition == "aws" else ("RootSessions",)
    enable_central_access(world, organization, frozenset(offered), ())
    return Drawn(world, partition, management.id, ids[1:])


def _account(world: World, account_id: str, name: str, partition: Partition) -> Account:
    account = new_account(account_id, name, partition, world.clock.now() - 900 * DAY)
    account.report_seconds = 0.0
    world.accounts[account_id] = account
    return account


def draw_rules(draw: random.Random, drawn: Drawn, emulator: Emulator) -> None:
    """Draw one to six faults of any kind, on any call of an audit, for one account or all, and put them in force."""
    kinds: tuple[Callable[..., Rule], ...] = (
        _session_of,
        _session_of,
        _lie,
        _lie,
        _omission,
        _endless,
        _dated,
        _body,
        _body,
        _refusal,
        _refusal,
        _trouble,
        _trouble,
        _change,
    )
    for _ in range(draw.randint(1, 6)):
        rule = draw.choice(kinds)(draw, drawn, emulator)
        drawn.rules.append(rule)
        emulator.control.add_fault(rule)


def draw_removal_rules(draw: random.Random, drawn: Drawn, emulator: Emulator) -> None:
    """Draw faults on the calls of a removal, with one list at most that is empty by mistake, and put them in force."""
    calls = [("iam", "DeleteAccessKey"), ("iam", "ListAccessKeys"), ("iam", "GetAccountSummary"), ("sts", "AssumeRoot")]
    for _ in range(draw.randint(1, 4)):
        rule = draw.choice((_session_of, _endless, _dated, _body, _body, _refusal, _refusal, _trouble))(draw, drawn, emulator)
        if rule.operation is not None and not isinstance(rule.effect, SessionOf | Endless):
            service, operation = draw.choice(calls)
            rule = replace(rule, service=service, operation=operation)
        if isinstance(rule.effect, Body):
            rule = replace(rule, effect=replace(rule.effect, acted=draw.random() < 0.5))
        if isinstance(rule.effect, Refuse) and (rule.effect.status or 0) < 500:
            # An error of AWS's own with such a status says that nothing was done.
            rule = replace(rule, effect=replace(rule.effect, acted=False))
        drawn.rules.append(rule)
    if draw.random() < 0.5:
        empty = _rule(draw, drawn, Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys")
        drawn.rules.append(replace(empty, skip=draw.randint(0, 8), times=1))
    for rule in drawn.rules:
        emulator.control.add_fault(rule)


def _rule(draw: random.Random, drawn: Drawn, effect: Effect, service: str | None, operation: str | None) -> Rule:
    """Aim an effect at calls; where it is not for all of them, at some account, after some, for some time or now and then."""
    return Rule(
        effect,
        service,
        operation,
        account=_any_account(draw, drawn) if draw.random() < 0.5 else None,
        skip=draw.choice((0, 0, 0, 1, 2, 5)),
        times=draw.choice((None, None, None, 1, 1, 2, 5)),
        probability=draw.choice((1.0, 1.0, 1.0, 0.6, 0.3)),
    )


def _any_account(draw: random.Random, drawn: Drawn) -> str:
    return draw.choice((drawn.management, *drawn.members))


def _any_call(draw: random.Random) -> tuple[str, str]:
    return draw.choices(_CALLS, _WEIGHTS)[0]


def _service(operation: str) -> str:
    return next(service for service, name in _CALLS if name == operation)


def _session_of(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    effect = SessionOf(_any_account(draw, drawn), old_key_id=draw.random() < 0.5, arn_tells=draw.random() < 0.5)
    return _rule(draw, drawn, effect, *draw.choice(_SESSIONS))


def _lie(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    """Let one source say what is not so."""
    others = drawn.world.accounts[_any_account(draw, drawn)]
    lies: tuple[tuple[str, tuple[str | int, ...], Any], ...] = (
        ("ListAccessKeys", ("AccessKeyMetadata",), []),
        ("ListAccessKeys", ("AccessKeyMetadata",), []),
        ("ListAccessKeys", ("IsTruncated",), True),
        ("GetAccountSummary", ("SummaryMap", "AccountAccessKeysPresent"), draw.choice((0, 0, 0, 1, 2))),
        ("GetCredentialReport", ("Content",), b"" if others.report is None else others.report.content),
        ("ListAccounts", ("Accounts",), []),
        ("ListAccounts", ("Accounts", 1, "Id"), draw.choice(("", "12345", "nobody"))),
    )
    operation, path, value = draw.choice(lies)
    return _rule(draw, drawn, Replace(path, value), _service(operation), operation)


def _omission(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    operation, path = draw.choice(_OMISSIONS)
    return _rule(draw, drawn, Omit(path), _service(operation), operation)


def _endless(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    call = draw.choice((("organizations", "ListAccounts"), ("iam", "ListAccessKeys")))
    return _rule(draw, drawn, Endless(draw.choice((1, 2, 3, 10**6))), *call)


def _dated(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    call: tuple[str | None, str | None] = (None, None) if draw.random() < 0.3 else _any_call(draw)
    return _rule(draw, drawn, Dated(draw.choice(_DATES)), *call)


def _body(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    return _rule(draw, drawn, draw.choice(_BODIES), *_any_call(draw))


def _refusal(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    code, status = draw.choice(_ERRORS)
    return _rule(draw, drawn, Refuse(code, "no", status, acted=draw.random() < 0.5), *_any_call(draw))


def _trouble(draw: random.Random, drawn: Drawn, _: Emulator) -> Rule:
    effect = draw.choice(
        (
            Reset(),
            Reset(acted=True),
            Latency(0.3),
            Latency(4.0),
            DenyAccess(),
            DenyAccess(by_service_control_policy=True),
            Throttle(rate=4.0, burst=2),
            Throttle(rate=0.01, burst=3, shared=True),
        )
    )
    return _rule(draw, drawn, effect, *_any_call(draw))


def _change(draw: random.Random, drawn: Drawn, emulator: Emulator) -> Rule:
    """Let something happen to an account while it, or another, is read."""
    account = _any_account(draw, drawn)
    change = draw.choice((_create_key, _delete_keys, _deactivate_keys, _suspend))
    happen = partial(_happen, drawn, account, partial(change, emulator, account))
    rule = _rule(draw, drawn, Change(happen), *_any_call(draw))
    return replace(rule, times=1)


def _happen(drawn: Drawn, account: str, change: Callable[[], None]) -> None:
    drawn.changed.add(account)
    change()


def _create_key(emulator: Emulator, account: str) -> None:
    if len(emulator.control.root_keys(account)) < 2:
        emulator.control.create_root_key(account)


def _delete_keys(emulator: Emulator, account: str) -> None:
    for key in emulator.control.root_keys(account):
        emulator.control.delete_root_key(account, key.id)


def _deactivate_keys(emulator: Emulator, account: str) -> None:
    for key in emulator.control.root_keys(account):
        emulator.control.set_root_key_status(account, key.id, "Inactive")


def _suspend(emulator: Emulator, account: str) -> None:
    emulator.control.set_account_state(account, "SUSPENDED")
