"""The audit of the account of the current credentials; imported only when AWS is asked, for its SDK is slow to import."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import SessionOptions, open_session
from rootsweep.errors import UsageError
from rootsweep.model.evidence import Access
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import Run
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import judge_gathered
from rootsweep.sweep.observing import observe
from rootsweep.sweep.own_account import identify, own_account
from rootsweep.verdict import JudgingRules


@dataclass(frozen=True, slots=True)
class LiveAudit:
    """What to ask AWS for: by which profile and Region, of which accounts (all when empty), waiting how long for a report."""

    profile: str | None
    region: str | None
    accounts: Collection[str]
    timeout: timedelta


def audit_own_account(
    asked: LiveAudit, gathered: GatheredEvidence, rules: JudgingRules, local_clock: Callable[[], datetime]
) -> Run:
    """Add the caller's account to what was gathered, and judge all of it.

    Raises ``UsageError`` for settings that make no sense or an account that was not asked for, ``CannotRunError`` when AWS does
    not tell who calls.
    """
    began = time.monotonic()
    session = open_session(SessionOptions(profile=asked.profile, region=asked.region), local_clock)
    access = AccountAccess(Access.OWN, session.region)
    caller = identify(session, access)
    if asked.accounts and caller.value.account_id not in asked.accounts:
        raise UsageError(
            f"the credentials are of account {caller.value.account_id}, which --account does not name",
            "name it too, or choose other credentials with --profile",
        )
    patience = Patience(asked.timeout.total_seconds(), time.monotonic, time.sleep)
    target = own_account(session, access, caller, patience)
    gathered.add(target.account, observe(target, side_by_side=True))
    started_at = session.clock.now() - timedelta(seconds=time.monotonic() - began)
    scope = Scope(ScopeKind.ACCOUNT, partition=target.account.partition)
    return judge_gathered(gathered, rules, session.clock.now, started_at, scope)
