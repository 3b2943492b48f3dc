"""An exception stands for its key as it was granted, and for nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.core.evidence import KeyStatus, NoLastUse
from rootsweep.core.finding import (
    ExceptionRule,
    ExceptionState,
    Finding,
    GrantedException,
    KeyRow,
    Message,
    ProcedureResult,
    Procedures,
    Verdict,
    WarningCode,
)
from rootsweep.core.judging.exceptions import except_finding, review
from rootsweep.core.organization import Account

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SINCE = datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)
FIRST, SECOND = "AKIAQNZGKIQY56JQ7WML", "AKIAQNZGKIQY56JQ7WMM"
ACTIVE, INACTIVE, UNKNOWN = KeyStatus.ACTIVE, KeyStatus.INACTIVE, KeyStatus.UNKNOWN


def key(key_id: str | None, status: KeyStatus = ACTIVE, since: datetime | None = SINCE) -> KeyRow:
    return KeyRow(key_id, None if key_id else 1, status, since if key_id else None, since, NoLastUse.UNKNOWN)


def finding(*keys: KeyRow, verdict: Verdict = Verdict.NON_COMPLIANT, warnings: tuple[str, ...] = ()) -> Finding:
    procedures = Procedures(ProcedureResult.UNKNOWN, ProcedureResult.UNKNOWN)
    told = tuple(Message(code, "") for code in warnings)
    return Finding(Account("111122223333"), verdict, None, NOW, (), told, keys, procedures, (), None)


def rule(
    key_id: str | None = FIRST, status: KeyStatus = ACTIVE, days: int = 30, since: datetime | None = None
) -> ExceptionRule:
    granted = GrantedException("ana@example.com", "why", "SEC-1", NOW + timedelta(days=days))
    return ExceptionRule("111122223333", key_id, since, status, granted)


def codes(found: Finding) -> list[str]:
    return [warning.code for warning in found.warnings]


@pytest.mark.parametrize(
    ("found", "rules"),
    [
        (finding(key(FIRST)), [rule()]),
        (finding(key(FIRST, INACTIVE)), [rule()]),
        (finding(key(FIRST, INACTIVE)), [rule(status=INACTIVE)]),
        (finding(key(None)), [rule(None, since=SINCE)]),
        (finding(key(FIRST)), [rule(None, since=SINCE)]),
        (finding(key(None)), [rule(since=SINCE)]),
        (finding(key(FIRST), key(SECOND, INACTIVE)), [rule(), rule(SECOND, INACTIVE)]),
        (finding(key(FIRST, since=SINCE.replace(microsecond=5))), [rule(None, since=SINCE)]),
    ],
)
def test_it_stands(found: Finding, rules: list[ExceptionRule]) -> None:
    excepted = except_finding(found, rules, NOW)
    assert excepted == replace(found, exception=rules[0].granted)
    assert {one.state for one in review(rules, [found], NOW)} == {ExceptionState.IN_FORCE}


@pytest.mark.parametrize(
    ("found", "rules", "code"),
    [
        (finding(key(FIRST)), [rule(days=-1)], WarningCode.EXCEPTION_EXPIRED),
        (finding(key(FIRST)), [rule(status=INACTIVE)], WarningCode.EXCEPTION_VOID_ACTIVE_AGAIN),
        (finding(key(FIRST, UNKNOWN)), [rule(status=INACTIVE)], WarningCode.EXCEPTION_VOID_ACTIVE_AGAIN),
        (finding(key(FIRST), key(SECOND)), [rule()], WarningCode.EXCEPTION_VOID_ANOTHER_KEY),
        (finding(key(FIRST), key(SECOND, INACTIVE)), [rule()], WarningCode.EXCEPTION_VOID_ANOTHER_KEY),
        (finding(key(FIRST), key(None, since=SINCE + timedelta(days=1))), [rule()], WarningCode.EXCEPTION_VOID_ANOTHER_KEY),
        (
            finding(key(FIRST), warnings=(WarningCode.FURTHER_KEYS_REPORTED,)),
            [rule()],
            WarningCode.EXCEPTION_VOID_ANOTHER_KEY,
        ),
        (finding(key(SECOND)), [rule()], WarningCode.EXCEPTION_KEY_NOT_SEEN),
        (finding(key(SECOND)), [rule(since=SINCE)], WarningCode.EXCEPTION_KEY_NOT_SEEN),
        (finding(key(None)), [rule()], WarningCode.EXCEPTION_KEY_NOT_SEEN),
        (finding(key(None, since=None)), [rule(None, since=SINCE)], WarningCode.EXCEPTION_KEY_NOT_SEEN),
        (finding(), [rule()], WarningCode.EXCEPTION_KEY_NOT_SEEN),
    ],
)
def test_it_is_void_and_the_finding_says_why(found: Finding, rules: list[ExceptionRule], code: WarningCode) -> None:
    told = except_finding(found, rules, NOW)
    assert told.exception is None
    assert codes(told)[len(found.warnings) :] == [code]
    assert "ana@example.com" in told.warnings[-1].message


def test_one_of_two_keys_whose_exception_is_void_voids_both() -> None:
    found = finding(key(FIRST), key(SECOND))
    told = except_finding(found, [rule(), rule(SECOND, INACTIVE)], NOW)
    assert told.exception is None
    assert codes(told) == [WarningCode.EXCEPTION_VOID_ANOTHER_KEY, WarningCode.EXCEPTION_VOID_ACTIVE_AGAIN]
    assert except_finding(found, [rule(), rule(SECOND, days=-1)], NOW).exception is None


def test_the_first_to_expire_is_shown() -> None:
    rules = [rule(days=90), rule(SECOND, days=3)]
    excepted = except_finding(finding(key(FIRST), key(SECOND)), rules, NOW)
    assert excepted.exception == rules[1].granted


def test_it_stands_until_its_last_second() -> None:
    granted = rule()
    last = granted.granted.expires_at
    assert except_finding(finding(key(FIRST)), [granted], last).exception is not None
    assert except_finding(finding(key(FIRST)), [granted], last + timedelta(seconds=1)).exception is None


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.NON_COMPLIANT])
def test_only_a_non_compliance_can_be_excepted(verdict: Verdict) -> None:
    found = finding(key(FIRST), verdict=verdict)
    assert except_finding(found, [rule()], NOW) == found


def test_other_accounts_are_left_alone() -> None:
    found = finding(key(FIRST))
    assert except_finding(found, [replace(rule(), account_id="444455556666")], NOW) == found


def test_a_review_tells_what_is_no_longer_needed_and_what_was_not_seen() -> None:
    gone = finding(verdict=Verdict.COMPLIANT)
    unread = finding(verdict=Verdict.INSUFFICIENT_DATA)
    assert [one.state for one in review([rule()], [gone], NOW)] == [ExceptionState.NO_LONGER_NEEDED]
    assert [one.state for one in review([rule()], [unread], NOW)] == [ExceptionState.KEY_NOT_SEEN]
    assert [one.state for one in review([rule()], [], NOW)] == [ExceptionState.KEY_NOT_SEEN]
    assert [(one.state, one.days_left) for one in review([rule(), rule(SECOND, days=-2)], None, NOW)] == [
        (ExceptionState.IN_FORCE, 30),
        (ExceptionState.EXPIRED, -2),
    ]


KEYS = st.lists(
    st.builds(
        key, st.sampled_from([FIRST, SECOND, None]), st.sampled_from(list(KeyStatus)), st.sampled_from([SINCE, NOW, None])
    ),
    max_size=3,
)
RULES = st.lists(
    st.builds(
        rule,
        st.sampled_from([FIRST, SECOND, None]),
        st.sampled_from([ACTIVE, INACTIVE]),
        st.integers(-2, 2),
        st.sampled_from([SINCE, NOW, None]),
    ).filter(lambda made: made.key_id is not None or made.last_rotated_at is not None),
    max_size=3,
)


@given(KEYS, RULES)
def test_no_key_is_excepted_for_which_nobody_answers_today(keys: list[KeyRow], rules: list[ExceptionRule]) -> None:
    excepted = except_finding(finding(*keys), rules, NOW)
    if excepted.exception is None:
        return
    assert keys
    for row in keys:
        answers = [
            one
            for one in rules
            if one.granted.expires_at >= NOW
            and (row.status is INACTIVE or one.status is ACTIVE)
            and (one.key_id == row.id if one.key_id and row.id else one.last_rotated_at == row.last_rotated_at is not None)
        ]
        assert answers
    assert (excepted.verdict, excepted.keys, excepted.warnings) == (Verdict.NON_COMPLIANT, tuple(keys), ())
