"""The main job on the embedded organization: it is started in this process, and audited over HTTP by the real SDK."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session, SessionOptions, open_session
from rootsweep.cli.audit.asked import Asked, Outcome
from rootsweep.cli.audit.listening import Listening
from rootsweep.cli.audit.live_audit import Opened
from rootsweep.cli.audit.organization_audit import RETRY_MODE, sweep
from rootsweep.emulator import Emulator, load_scenario
from rootsweep.model.evidence import Access
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import Run
from rootsweep.reports.sweep_progress import SweepProgress
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import Judging
from rootsweep.sweep.observing import observe
from rootsweep.sweep.own_account import identify, own_account
from rootsweep.sweep.targets import Target
from rootsweep.sweep.ways import Ways
from rootsweep.verdict import JudgingRules

_SECONDS = timedelta(seconds=10)


def audit_embedded_accounts(local_clock: Callable[[], datetime]) -> Run:
    """Audit each account of the scenario ``demo`` with the credentials that it offers.

    No setting of the user's and no network is involved: the endpoint is on this machine, the credentials are made up.
    """
    started_at = local_clock()
    with Emulator(load_scenario("demo")) as organization:
        session = open_session(SessionOptions(endpoint=organization.endpoint), local_clock)
        judging = Judging(JudgingRules(), session.clock.now, GatheredEvidence())
        for name in organization.world.named:
            target = _target(session, organization, name)
            judging.add(target.account, observe(target, side_by_side=True))
        return judging.run(started_at, Scope(ScopeKind.ACCOUNT))


def sweep_embedded_organization(local_clock: Callable[[], datetime], progress: SweepProgress) -> Outcome:
    """Sweep the scenario ``organization`` from its management account, with every kind of trouble in it."""
    with Emulator(load_scenario("organization")) as organization:
        asked = Asked(organization=True, timeout=_SECONDS)
        options = SessionOptions(endpoint=organization.endpoint, retry_mode=RETRY_MODE, connections=asked.workers)
        ways = _ways(open_session(options, local_clock), organization, "management")
        return sweep(Opened(ways, identify(ways.session, ways.access)), asked, GatheredEvidence(), Listening(progress))


def _ways(session: Session, organization: Emulator, name: str) -> Ways:
    key_id, secret, token = organization.credentials(name)
    region = organization.environment(name)["AWS_REGION"]
    access = AccountAccess(Access.OWN, region, SessionCredentials(key_id, secret, token))
    return Ways(session, access, Patience(_SECONDS.total_seconds(), time.monotonic, time.sleep))


def _target(session: Session, organization: Emulator, name: str) -> Target:
    """Do for one account what ``rootsweep audit`` does for the account of the current credentials."""
    ways = _ways(session, organization, name)
    target = own_account(ways, identify(session, ways.access))
    return replace(target, account=replace(target.account, name=name))
