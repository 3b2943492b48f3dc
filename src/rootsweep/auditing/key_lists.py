"""The root access keys of named accounts, by their ids, and nothing else of these accounts."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from rootsweep.auditing.access import AccessPlan, AccessRoute, AccessRoutes, Target
from rootsweep.auditing.engine import Engine, Observation
from rootsweep.auditing.request import CallerOptions
from rootsweep.auditing.workflow import open_caller_session
from rootsweep.aws.organizations import describe_organization
from rootsweep.aws.sts import Caller
from rootsweep.core.answer import Answer
from rootsweep.core.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.core.judging.known_root_keys import from_live_evidence, not_reached
from rootsweep.core.key_answer import AskedKey, KeyKind, KnownRootKeys
from rootsweep.core.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER, Account

WORKERS: Final = 32
"""Accounts that are read at once; ids that were found somewhere are of few accounts."""

_WITHOUT_ROOT_SESSIONS: Final = frozenset({PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER})


def read_root_keys(
    routes: AccessRoutes, caller: Answer[Caller], account_ids: Collection[str], seconds_each: float
) -> Iterator[Observation]:
    """Read each account in a root session for the audit task, the caller's own by itself.

    The list of keys is read where root itself, or a root session, reads it. A caller that is not root reads its account's
    summary, which can tell that there is no key. The management account is not entered by a root session, which AWS refuses.
    """
    partition = caller.value.partition
    plan = AccessPlan(routes, caller, None, None, _no_root_session(routes, partition))
    management = _management_account(routes, caller, account_ids)
    accounts = (Account(one, partition=partition, is_management_account=one == management) for one in account_ids)
    targets = (_lists_alone(plan.target(account)) for account in accounts)
    return Engine(targets, workers=WORKERS, seconds_each=seconds_each).observations(_pass)


def _management_account(routes: AccessRoutes, caller: Answer[Caller], account_ids: Collection[str]) -> str | None:
    """Ask for the management account where another account than the caller's is read; None where AWS does not tell."""
    if all(account_id == caller.value.account_id for account_id in account_ids):
        return None
    answer = describe_organization(routes.session, routes.access)
    return answer.value.management_account_id if isinstance(answer, Answer) else None


def _lists_alone(target: Target) -> Target:
    return replace(target, routes=tuple(_list_alone(route) for route in target.routes))


def _list_alone(route: AccessRoute) -> AccessRoute:
    wanted = Source.ROOT_ACCESS_KEYS if Source.ROOT_ACCESS_KEYS in route.sources else Source.ACCOUNT_SUMMARY
    return replace(route, sources=(wanted,))


def _no_root_session(routes: AccessRoutes, partition: str) -> Unavailable | None:
    if partition not in _WITHOUT_ROOT_SESSIONS:
        return None
    advice = (
        f"call with the credentials of the account itself: partition {partition} has no root sessions that read credentials"
    )
    origin = Origin(Access.ROOT_SESSION, routes.session.clock.now())
    return Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, origin)


def _pass() -> None:
    """Nobody watches: few accounts are read."""


# What AWS tells of the root keys of the accounts of access key ids; imported only when AWS is asked, for its SDK is slow.

_LONGEST_TRY = 30.0


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How AWS is asked: ``access`` is ROOT_SESSION, or OWN for the account of the credentials alone."""

    access: Access
    caller: CallerOptions


def ask_aws(
    keys: Collection[AskedKey], asked: LiveOptions, local_clock: Callable[[], datetime]
) -> tuple[tuple[KnownRootKeys, ...], datetime]:
    """Read the root keys of each account that a long-term id holds, and give the time by AWS's clock after that.

    With OWN an id that holds no account is looked for in that of the credentials. Raises ``UsageError`` for settings that make
    no sense, ``CannotRunError`` when AWS does not tell who calls.
    """
    seconds = asked.caller.timeout.total_seconds()
    caller_session = open_caller_session(asked.caller, local_clock, workers=WORKERS)
    own, is_own_alone = caller_session.caller.value.account_id, asked.access is Access.OWN
    held = [key.account_id for key in keys if key.kind is KeyKind.LONG_TERM]
    accounts = dict.fromkeys(account_id or own for account_id in held if account_id or is_own_alone)
    entered = [account_id for account_id in accounts if account_id == own or not is_own_alone]
    seen = [not_reached(account_id, own) for account_id in accounts if account_id not in entered]
    observations = read_root_keys(caller_session.routes, caller_session.caller, entered, seconds)
    seen += [from_live_evidence(one.account.id, one.evidence) for one in observations]
    return tuple(seen), caller_session.routes.session.clock.now()
