"""Which exceptions stand for a finding; pure.

An exception is bound to one key as it was. It is void as soon as the account has a key that no exception names, as a key that
was inactive is active again, or as its day has come; and it stands for nothing where its key is not seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from rootsweep.core.evidence import KeyStatus
from rootsweep.core.finding import (
    ExceptionRule,
    ExceptionState,
    Finding,
    KeyRow,
    Message,
    ReviewedException,
    Verdict,
    WarningCode,
)

_WARNINGS: Final = {
    ExceptionState.EXPIRED: (
        WarningCode.EXCEPTION_EXPIRED,
        "The exception for {key}, for which {owner} answered, expired on {day}.",
    ),
    ExceptionState.ANOTHER_KEY: (
        WarningCode.EXCEPTION_VOID_ANOTHER_KEY,
        "The exception for {key} is void, because the account has a key that no exception names; {owner} answers for one.",
    ),
    ExceptionState.ACTIVE_AGAIN: (
        WarningCode.EXCEPTION_VOID_ACTIVE_AGAIN,
        "The exception for {key} is void, because the key was inactive when it was granted; {owner} answers for no active key.",
    ),
    ExceptionState.KEY_NOT_SEEN: (
        WarningCode.EXCEPTION_KEY_NOT_SEEN,
        "The exception for {key} does not stand, because the evidence does not show that key; {owner} answers for no other.",
    ),
}


def except_finding(finding: Finding, rules: Iterable[ExceptionRule], now: datetime) -> Finding:
    """Return a non-compliance the exception that stands for it at ``now``, or warnings that tell why those there are do not.

    Of several that stand together, one for each key, the first to expire is shown.
    """
    of_account = [rule for rule in rules if rule.account_id == finding.account.id]
    if not of_account or finding.verdict is not Verdict.NON_COMPLIANT:
        return finding
    states = [(rule, state_of(rule, finding, of_account, now)) for rule in of_account]
    in_force = [rule.granted for rule, state in states if state is ExceptionState.IN_FORCE]
    if in_force:
        return replace(finding, exception=min(in_force, key=lambda granted: granted.expires_at))
    warnings = tuple(_warning(rule, state) for rule, state in states)
    return replace(finding, warnings=(*finding.warnings, *warnings))


def state_of(rule: ExceptionRule, finding: Finding, of_account: Sequence[ExceptionRule], now: datetime) -> ExceptionState:
    """Return what has become of an exception; ``of_account`` are all exceptions for its account, this one among them."""
    if now > rule.granted.expires_at:
        return ExceptionState.EXPIRED
    own = [row for row in finding.keys if _names(rule, row)]
    if not own:
        gone = finding.verdict is Verdict.COMPLIANT
        return ExceptionState.NO_LONGER_NEEDED if gone else ExceptionState.KEY_NOT_SEEN
    if not all(_is_as_granted(rule, row) for row in own):
        return ExceptionState.ACTIVE_AGAIN
    valid = [other for other in of_account if now <= other.granted.expires_at]
    every_key_is_named = all(any(_names(other, row) and _is_as_granted(other, row) for other in valid) for row in finding.keys)
    has_more = any(warning.code == WarningCode.FURTHER_KEYS_REPORTED for warning in finding.warnings)
    return ExceptionState.IN_FORCE if every_key_is_named and not has_more else ExceptionState.ANOTHER_KEY


def review(rules: Sequence[ExceptionRule], findings: Iterable[Finding] | None, now: datetime) -> tuple[ReviewedException, ...]:
    """Report every exception what has become of it by the findings of a run; without findings, whether it has expired.

    An account that the run has no finding on was not seen.
    """
    by_account = None if findings is None else {finding.account.id: finding for finding in findings}
    return tuple(
        ReviewedException(rule, _reviewed_state(rule, rules, by_account, now), (rule.granted.expires_at - now).days)
        for rule in rules
    )


def name_of_key(rule: ExceptionRule) -> str:
    """Name the key as the exception does."""
    if rule.key_id is not None:
        return rule.key_id
    return f"the key that was created or last changed {rule.last_rotated_at:%Y-%m-%dT%H:%M:%SZ}"


def _reviewed_state(
    rule: ExceptionRule, rules: Sequence[ExceptionRule], findings: Mapping[str, Finding] | None, now: datetime
) -> ExceptionState:
    finding = None if findings is None else findings.get(rule.account_id)
    if finding is not None:
        return state_of(rule, finding, [other for other in rules if other.account_id == rule.account_id], now)
    if now > rule.granted.expires_at:
        return ExceptionState.EXPIRED
    return ExceptionState.IN_FORCE if findings is None else ExceptionState.KEY_NOT_SEEN


def _names(rule: ExceptionRule, row: KeyRow) -> bool:
    """Return whether a key is the rule's: by its id, or by its date where either has no id."""
    if rule.key_id is not None and row.id is not None:
        return rule.key_id == row.id
    since = row.last_rotated_at or row.created_at
    return since is not None and rule.last_rotated_at is not None and since.replace(microsecond=0) == rule.last_rotated_at


def _is_as_granted(rule: ExceptionRule, row: KeyRow) -> bool:
    return rule.status is KeyStatus.ACTIVE or row.status is KeyStatus.INACTIVE


def _warning(rule: ExceptionRule, state: ExceptionState) -> Message:
    code, text = _WARNINGS[state]
    day = f"{rule.granted.expires_at:%Y-%m-%d}"
    return Message(code.value, text.format(key=name_of_key(rule), owner=rule.granted.owner, day=day))
