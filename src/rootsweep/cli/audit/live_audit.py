"""The audit of the accounts of given credentials; imported only when AWS is asked, for its SDK is slow to import."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session, SessionOptions, open_session
from rootsweep.aws.sts import Caller
from rootsweep.cli.audit.asked import Asked
from rootsweep.errors import CannotRunError, UsageError
from rootsweep.model.evidence import Access
from rootsweep.model.finding import Finding
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import Run
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import Judging
from rootsweep.sweep.observing import observe
from rootsweep.sweep.own_account import identify, own_account
from rootsweep.sweep.targets import Target
from rootsweep.sweep.ways import Ways


@dataclass(frozen=True, slots=True)
class Opened:
    """A caller that AWS knows, and the ways that it can open."""

    ways: Ways
    caller: Answer[Caller]


def audit_own_accounts(
    asked: Asked,
    gathered: GatheredEvidence,
    local_clock: Callable[[], datetime],
    tell: Callable[[str], None],
    on_finding: Callable[[Finding], None] | None = None,
) -> Run:
    """Judge the account of the current credentials, or of each profile, together with what was saved.

    ``on_finding`` is told every finding as soon as there is one. A profile among several that cannot be used is told, and makes
    the scope incomplete. Raises ``UsageError`` for settings that make no sense or an account that was not asked for,
    ``CannotRunError`` when AWS does not tell who calls.
    """
    began = time.monotonic()
    sessions: list[Session] = []
    targets: dict[str, Target] = {}
    failed: list[str] = []
    for profile in asked.profiles or (None,):
        try:
            session, target = _own_target(asked, profile, local_clock)
        except (CannotRunError, UsageError) as error:
            if len(asked.profiles) < 2:  # noqa: PLR2004  one profile that fails leaves nothing to audit
                raise
            tell(f"profile {profile}: {error}; {error.advice}")
            failed.append(str(profile))
            continue
        sessions.append(session)
        targets.setdefault(target.account.id, target)
    if not sessions:
        raise CannotRunError("none of the profiles can be used", "see the sentences above")
    clock = sessions[0].clock
    judging = Judging(asked.rules, clock.now, gathered, on_finding)
    for target in targets.values():
        judging.add(target.account, observe(target, side_by_side=True))
    started_at = clock.now() - timedelta(seconds=time.monotonic() - began)
    because = f"profiles that cannot be used: {', '.join(failed)}" if failed else None
    scope = Scope(ScopeKind.ACCOUNT, complete=not failed, incomplete_because=because)
    return judging.run(started_at, scope)


def _own_target(asked: Asked, profile: str | None, local_clock: Callable[[], datetime]) -> tuple[Session, Target]:
    opened = open_ways(SessionOptions(profile=profile, region=asked.region), asked.timeout, local_clock)
    account_id = opened.caller.value.account_id
    if asked.account_ids and account_id not in asked.account_ids:
        raise UsageError(
            f"the credentials are of account {account_id}, which --account does not name",
            "name it too, choose other credentials with --profile, or enter other accounts with --role-name",
        )
    return opened.ways.session, own_account(opened.ways, opened.caller)


def open_ways(options: SessionOptions, timeout: timedelta, local_clock: Callable[[], datetime]) -> Opened:
    """Open a session of the SDK and find out who calls; raises as ``open_session`` and ``identify`` do."""
    session = open_session(options, local_clock)
    access = AccountAccess(Access.OWN, session.region)
    caller = identify(session, access)
    return Opened(Ways(session, access, Patience(timeout.total_seconds(), time.monotonic, time.sleep)), caller)
