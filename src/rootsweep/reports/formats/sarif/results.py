"""The result of an account."""

from hashlib import sha256
from typing import Final, assert_never

from rootsweep.controls import ROOT_ACCESS_KEY, Reference
from rootsweep.model.exception import GrantedException
from rootsweep.model.finding import Finding, Verdict
from rootsweep.reports.formats.sarif.locations import arn_of, locations_of
from rootsweep.reports.formats.sarif.rule import shown
from rootsweep.reports.formats.sarif.structs import (
    Fingerprints,
    KeyProperties,
    Kind,
    Message,
    ProceduresProperties,
    Result,
    ResultProperties,
    Suppression,
    SuppressionProperties,
)
from rootsweep.reports.plain_text import printable

_OF_CONCERN: Final = frozenset({Verdict.NON_COMPLIANT, Verdict.INSUFFICIENT_DATA})


def is_of_concern(finding: Finding) -> bool:
    """Tell whether an account is to be raised as an alert."""
    return finding.verdict in _OF_CONCERN


def result_of(finding: Finding, reference: Reference) -> Result:
    """Convert a finding; its level is "none" where its kind is not "fail" (section 3.27.10)."""
    kind = _kind(finding.verdict)
    first, *others = locations_of(finding)
    return Result(
        rule_id=ROOT_ACCESS_KEY.id,
        rule_index=0,
        kind=kind,
        level="error" if kind == "fail" else "none",
        message=message(_text(finding, reference)),
        locations=[first],
        partial_fingerprints=_fingerprints(finding),
        properties=_properties(finding),
        related_locations=others,
        suppressions=[_suppression(finding.exception)] if finding.exception else [],
    )


def message(text: str) -> Message:
    """Give a text in which nothing is a placeholder (section 3.11.5) or a link (section 3.11.6)."""
    return Message(printable(text).replace("{", "{{").replace("}", "}}").replace("](", "] ("))


def _kind(verdict: Verdict) -> Kind:
    match verdict:
        case Verdict.COMPLIANT:
            return "pass"
        case Verdict.NON_COMPLIANT:
            return "fail"
        case Verdict.INSUFFICIENT_DATA:
            return "open"
        case Verdict.NOT_APPLICABLE:
            return "notApplicable"
        case _:
            assert_never(verdict)


def _text(finding: Finding, reference: Reference) -> str:
    """Begin with what matters most: where room is short GitHub shows the first sentence alone."""
    account = finding.account
    name = f" ({account.name})" if account.name else ""
    excepted = ", excepted" if finding.exception else ""
    sentences = [f"{account.id}{name} is {finding.verdict.value}{excepted}: {' '.join(one.message for one in finding.reasons)}"]
    if finding.exception:
        sentences.append(_exception_text(finding.exception))
    if finding.next_step:
        sentences.append(f"Next step: {finding.next_step}")
    sentences += [f"Note: {one.message}" for one in finding.warnings]
    return " ".join([*sentences, f"Control: {shown(reference)}."])


def _exception_text(granted: GrantedException) -> str:
    ticket = f", {granted.ticket}" if granted.ticket else ""
    return f"Excepted by {granted.owner} until {granted.expires_at:%Y-%m-%d %H:%M} UTC{ticket}: {granted.reason}"


def _fingerprints(finding: Finding) -> Fingerprints:
    """Derive the identity from what never changes: the control, and the root user that it is about."""
    identity = f"{ROOT_ACCESS_KEY.id} {arn_of(finding.account)}"
    return Fingerprints(f"{sha256(identity.encode()).hexdigest()[:16]}:1", identity)


def _suppression(granted: GrantedException) -> Suppression:
    return Suppression(
        kind="external",
        status="accepted",
        justification=granted.reason,
        properties=SuppressionProperties(granted.owner, granted.expires_at, granted.ticket),
    )


def _properties(finding: Finding) -> ResultProperties:
    account = finding.account
    return ResultProperties(
        account_id=account.id,
        verdict=finding.verdict.value,
        reasons=list(finding.reason_codes),
        warnings=list(finding.warning_codes),
        keys=[KeyProperties(row.status.value, row.id, row.slot) for row in finding.keys],
        procedures=ProceduresProperties(finding.procedures.account_summary.value, finding.procedures.credential_report.value),
        name=account.name,
        partition=account.partition,
        state=account.state.value if account.state else None,
        is_management_account=account.is_management_account,
        severity=finding.severity.value if finding.severity else None,
        as_of=finding.as_of,
        next_step=finding.next_step,
    )
