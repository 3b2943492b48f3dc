"""The access keys of the root users of named accounts, by their ids, and nothing else of these accounts."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from rootsweep.aws.answers import Answer
from rootsweep.aws.organizations import describe_organization
from rootsweep.aws.sts import Caller
from rootsweep.model.evidence import Access, Origin, Source, Unavailable, UnavailableReason
from rootsweep.model.organization import PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER, Account
from rootsweep.sweep.access_plan import AccessPlan
from rootsweep.sweep.engine import Engine, Observation
from rootsweep.sweep.targets import Target, Way
from rootsweep.sweep.ways import Ways

WORKERS: Final = 32
"""Accounts that are read at once; ids that were found somewhere are of few accounts."""

_WITHOUT_ROOT_SESSIONS: Final = frozenset({PARTITION_WITHOUT_ROOT_CONSOLE, PARTITION_WITHOUT_ROOT_USER})


def read_root_keys(
    ways: Ways, caller: Answer[Caller], account_ids: Collection[str], seconds_each: float
) -> Iterator[Observation]:
    """Read each account in a root session for the audit task, the caller's own by itself.

    The list of keys is read where root itself, or a root session, reads it. A caller that is not root reads its account's
    summary, which can tell that there is no key. The management account is not entered by a root session, which AWS refuses.
    """
    partition = caller.value.partition
    plan = AccessPlan(ways, caller, None, None, _no_root_session(ways, partition))
    management = _management_account(ways, caller, account_ids)
    accounts = (Account(one, partition=partition, is_management_account=one == management) for one in account_ids)
    targets = (_lists_alone(plan.target(account)) for account in accounts)
    return Engine(targets, workers=WORKERS, seconds_each=seconds_each).observations(_pass)


def _management_account(ways: Ways, caller: Answer[Caller], account_ids: Collection[str]) -> str | None:
    """Ask for the management account where another account than the caller's is read; None where AWS does not tell."""
    if all(account_id == caller.value.account_id for account_id in account_ids):
        return None
    answer = describe_organization(ways.session, ways.access)
    return answer.value.management_account_id if isinstance(answer, Answer) else None


def _lists_alone(target: Target) -> Target:
    return replace(target, ways=tuple(_list_alone(way) for way in target.ways))


def _list_alone(way: Way) -> Way:
    wanted = Source.ROOT_ACCESS_KEYS if Source.ROOT_ACCESS_KEYS in way.sources else Source.ACCOUNT_SUMMARY
    return replace(way, sources=(wanted,))


def _no_root_session(ways: Ways, partition: str) -> Unavailable | None:
    if partition not in _WITHOUT_ROOT_SESSIONS:
        return None
    advice = (
        f"call with the credentials of the account itself: partition {partition} has no root sessions that read credentials"
    )
    origin = Origin(Access.ROOT_SESSION, ways.session.clock.now())
    return Unavailable(Source.ROOT_ACCESS_KEYS, UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, advice, origin)


def _pass() -> None:
    """Nobody watches: few accounts are read."""
