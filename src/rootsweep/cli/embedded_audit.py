"""The main job on the embedded organization: it is started in this process, and audited over HTTP by the real SDK."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.credentials import SessionCredentials
from rootsweep.aws.patience import Patience
from rootsweep.aws.session import Session, SessionOptions, open_session
from rootsweep.emulator import Emulator, load_scenario
from rootsweep.model.evidence import Access
from rootsweep.model.organization import Scope, ScopeKind
from rootsweep.model.run import Run
from rootsweep.sweep.gathered import GatheredEvidence
from rootsweep.sweep.judging import judge_gathered
from rootsweep.sweep.observing import observe
from rootsweep.sweep.own_account import identify, own_account
from rootsweep.sweep.targets import Target
from rootsweep.verdict import JudgingRules

_REPORT_SECONDS = 30.0


def audit_embedded_accounts(local_clock: Callable[[], datetime]) -> Run:
    """Audit each account of the scenario ``demo`` with the credentials that it offers.

    No setting of the user's and no network is involved: the endpoint is on this machine, the credentials are made up.
    """
    started_at = local_clock()
    gathered = GatheredEvidence()
    with Emulator(load_scenario("demo")) as organization:
        session = open_session(SessionOptions(endpoint=organization.endpoint), local_clock)
        for name in organization.world.named:
            target = _target(session, organization, name)
            gathered.add(target.account, observe(target, side_by_side=True))
        return judge_gathered(gathered, JudgingRules(), session.clock.now, started_at, Scope(ScopeKind.ACCOUNT))


def _target(session: Session, organization: Emulator, name: str) -> Target:
    """Do for one account what ``rootsweep audit`` does for the account of the current credentials."""
    key_id, secret, token = organization.credentials(name)
    region = organization.environment(name)["AWS_REGION"]
    access = AccountAccess(Access.OWN, region, SessionCredentials(key_id, secret, token))
    target = own_account(session, access, identify(session, access), Patience(_REPORT_SECONDS, time.monotonic, time.sleep))
    return replace(target, account=replace(target.account, name=name))
