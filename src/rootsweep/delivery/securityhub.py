"""Findings to AWS Security Hub, each imported from inside its own account, as the default product ARN asks for.

Every finding of the run is imported, whether anything has changed or not: Security Hub deletes what is not updated for 90 days,
and a finding that was imported before is updated, by its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from rootsweep.aws.pacing import within
from rootsweep.aws.publishing import batch_import_findings
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.session_account import Role
from rootsweep.aws.sts import assume_role
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Access
from rootsweep.core.finding import Finding
from rootsweep.core.organization import AccountState
from rootsweep.core.run import Run
from rootsweep.delivery.changes import Changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, SecurityHub, Sent, not_sent
from rootsweep.delivery.sending import Parallel
from rootsweep.reports.formats.asff import asff_finding
from rootsweep.reports.wording import counted, one_line

SECONDS: Final = 900.0
"""How long all accounts together may take."""

_SHOWN: Final = 3
_NO_ROLE: Final = NotSent(
    "no role is named to import findings by, which a root session may not do",
    "name a role that may call securityhub:BatchImportFindings with --role-name",
)
_TOO_LATE: Final = NotSent("it was not done in time", "send it again")


@dataclass(frozen=True, slots=True)
class _Failure:
    account_id: str
    why: NotSent


def deliver(_: SecurityHub, changes: Changes, context: DeliveryContext) -> Outcome:
    """Import every finding of an account that can be entered; what fails for some keeps none of the others."""
    findings = [finding for finding in changes.run.findings if _can_be_entered(finding)]
    tried = Parallel(lambda one: _import(one, changes.run, context), findings, workers=context.workers, seconds=SECONDS)
    outcomes = [(finding, outcome or _TOO_LATE) for finding, outcome in tried.results()]
    failures = [_Failure(finding.account.id, outcome) for finding, outcome in outcomes if isinstance(outcome, NotSent)]
    if not failures:
        return Sent(counted(len(findings), "finding"))
    return _told(failures, len(findings))


def _can_be_entered(finding: Finding) -> bool:
    """Leave out accounts that are suspended or closed, which nobody can call from."""
    return finding.account.state in {None, AccountState.ACTIVE}


def _import(finding: Finding, run: Run, context: DeliveryContext) -> Sent | NotSent:
    sender = context.sender
    partition = finding.account.partition or run.scope.partition or sender.partition
    if partition != sender.partition:
        return NotSent(f"it is in partition {partition}, the caller in {sender.partition}", "send it from there")
    with within(context.pace.seconds):
        entered = _enter(finding.account.id, context)
        if isinstance(entered, NotSent):
            return entered
        known = replace(finding, account=replace(finding.account, partition=partition))
        document = msgspec.to_builtins(asff_finding(known, run, region=entered.access.region))
        outcome = batch_import_findings(entered.session, entered.access, [document])
    if isinstance(outcome, Refusal):
        return not_sent(outcome)
    if outcome.value:
        first = outcome.value[0]
        return NotSent(f"Security Hub failed with {first.code}: {one_line(first.message, 200)}", "see its documentation")
    return Sent("1 finding")


@dataclass(frozen=True, slots=True)
class _Entered:
    session: Session
    access: AccountAccess


def _enter(account_id: str, context: DeliveryContext) -> _Entered | NotSent:
    own = context.own.get(account_id)
    if own is not None:
        return _Entered(own.session, own.access)
    if context.role is None:
        return _NO_ROLE
    sender = context.sender
    role = Role(account_id, sender.partition, context.role.name)
    match assume_role(sender.session, sender.access, role, context.role.external_id):
        case Answer(value=credentials):
            return _Entered(sender.session, AccountAccess(Access.ROLE, sender.access.region, credentials))
        case Refusal(problem=problem, advice=advice):
            return NotSent(problem, advice)


def _told(failures: Sequence[_Failure], findings: int) -> NotSent:
    """Count the failures, and tell the first few of each kind."""
    in_order = sorted(failures, key=lambda one: one.account_id)
    shown = "; ".join(f"account {one.account_id}: {one.why.problem}" for one in in_order[:_SHOWN])
    more = f"; and {len(failures) - _SHOWN:,} more" if len(failures) > _SHOWN else ""
    advice = list(dict.fromkeys(one.why.advice for one in in_order))[:_SHOWN]
    return NotSent(f"{len(failures):,} of {counted(findings, 'finding')} not imported: {shown}{more}", "; ".join(advice))
