"""Findings: the keys, warnings, messages and next steps that a person reads."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from rootsweep.core.evidence import (
    Access,
    AccessKey,
    AccountSummary,
    CallerIdentity,
    CredentialReport,
    Evidence,
    Fact,
    KeyStatus,
    LastUsed,
    NoLastUse,
    Observed,
    Origin,
    ReportSlot,
    RootAccessKeys,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding, Judgement, ProcedureResult, Procedures, ReasonCode, Verdict, WarningCode
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.messages import Subject, reason_messages
from rootsweep.core.judging.resolution import resolve
from rootsweep.core.judging.verdict import InactiveKeys, JudgingRules
from rootsweep.core.organization import Account, AccountState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CREATED = datetime(2021, 5, 17, 14, 3, 27, tzinfo=UTC)
ACCOUNT = Account("111122223333", partition="aws")
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", KeyStatus.ACTIVE, CREATED, LastUsed(NOW - timedelta(days=3), "us-east-1", "iam"))
ACTIVE_SLOT = ReportSlot(1, SlotState.ACTIVE, active=True, last_rotated_at=CREATED, last_use=NoLastUse.NEVER_RECORDED)
EMPTY_SLOT = ReportSlot(2, SlotState.NO_KEY, active=False)


def observed(fact: Fact, at: datetime | None = NOW) -> Observed:
    return Observed(fact, Origin(Access.ROOT, observed_at=at))


def report(*slots: ReportSlot, at: datetime | None = NOW) -> Observed:
    return Observed(CredentialReport(at, slots), Origin(Access.FILES))


def found(*evidence: Evidence, account: Account = ACCOUNT, rules: JudgingRules = JudgingRules()) -> Finding:  # noqa: B008
    return find(account, evidence, rules, NOW)


def codes(finding: Finding) -> list[str]:
    return [warning.code for warning in finding.warnings]


def test_listed_keys_are_the_keys_and_a_slot_enriches_the_one_it_dates() -> None:
    other = replace(KEY, id="AKIAI44QH8DHBEXAMPLE", created_at=CREATED + timedelta(days=1))
    finding = found(observed(RootAccessKeys((KEY, other))), report(ACTIVE_SLOT, EMPTY_SLOT))
    assert [(key.id, key.slot, key.last_rotated_at) for key in finding.keys] == [
        ("AKIAI44QH8DHBEXAMPLE", None, None),
        ("AKIAIOSFODNN7EXAMPLE", 1, CREATED),
    ]


def test_without_a_key_list_the_slots_are_the_keys() -> None:
    finding = found(report(ACTIVE_SLOT, EMPTY_SLOT))
    assert [(key.id, key.slot, key.status, key.last_rotated_at) for key in finding.keys] == [
        (None, 1, KeyStatus.ACTIVE, CREATED)
    ]


def test_the_callers_own_key_names_the_only_active_slot() -> None:
    finding = found(observed(CallerIdentity(KEY.id)), report(ACTIVE_SLOT, EMPTY_SLOT))
    assert [(key.id, key.slot) for key in finding.keys] == [(KEY.id, 1)]


def test_the_callers_own_key_is_a_key_even_when_no_list_shows_it() -> None:
    finding = found(observed(CallerIdentity(KEY.id)), observed(RootAccessKeys(())))
    assert [(key.id, key.status) for key in finding.keys] == [(KEY.id, KeyStatus.ACTIVE)]
    assert WarningCode.CALLER_KEY_NOT_SHOWN_ELSEWHERE in codes(finding)


def test_a_key_that_is_gone_is_not_shown() -> None:
    finding = found(observed(RootAccessKeys(())), report(ACTIVE_SLOT, EMPTY_SLOT, at=NOW - timedelta(hours=2)))
    assert (finding.verdict, finding.keys, finding.next_step) == (Verdict.COMPLIANT, (), None)
    assert [reason.code for reason in finding.reasons] == ["no_root_key", "key_deleted_since_report"]


def test_an_active_key_of_unreadable_date_stays_and_is_warned_of() -> None:
    slot = replace(ACTIVE_SLOT, last_rotated_at=None, unreadable=("access_key_1_last_rotated",))
    finding = found(report(slot, EMPTY_SLOT))
    assert finding.keys[0].status is KeyStatus.ACTIVE
    assert codes(finding) == ["key_date_unreadable"]
    assert "access_key_1_last_rotated" in finding.warnings[0].message


@pytest.mark.parametrize(
    ("evidence", "account", "code"),
    [
        ([report(ReportSlot(1, SlotState.UNREAD, active=None), EMPTY_SLOT)], ACCOUNT, "slot_unread"),
        ([report(ReportSlot(3, SlotState.UNREAD, active=None))], ACCOUNT, "further_keys_reported"),
        ([report(EMPTY_SLOT, at=None)], ACCOUNT, "report_time_unknown"),
        ([report(EMPTY_SLOT, at=NOW + timedelta(days=2))], ACCOUNT, "report_time_in_future"),
        ([report(EMPTY_SLOT), report(EMPTY_SLOT, at=NOW - timedelta(days=30))], ACCOUNT, "older_evidence_set_aside"),
        ([observed(AccountSummary(access_keys_present=False), None)], ACCOUNT, "answer_time_unknown"),
        ([report(ACTIVE_SLOT)], replace(ACCOUNT, state=AccountState.CLOSED), "evidence_of_closed_account"),
    ],
)
def test_warnings(evidence: list[Evidence], account: Account, code: str) -> None:
    finding = found(*evidence, account=account)
    assert codes(finding) == [code]
    assert ACCOUNT.id in finding.warnings[0].message


def test_a_source_that_failed_speaks_by_its_advice() -> None:
    advice = "permit iam:GetAccountSummary"
    origin = Origin(Access.OWN, api_call="iam:GetAccountSummary")
    refused = Unavailable(Source.ACCOUNT_SUMMARY, UnavailableReason.ACCESS_DENIED, advice, origin, "AccessDenied")
    finding = found(refused)
    assert [reason.code for reason in finding.reasons] == ["access_denied"]
    assert all(part in finding.reasons[0].message for part in (ACCOUNT.id, "iam:GetAccountSummary", "AccessDenied", advice))
    assert finding.next_step == f"P{advice[1:]}."


@pytest.mark.parametrize(("code", "with_keys"), list(product(ReasonCode, [True, False])))
def test_every_reason_names_the_account_and_what_to_do(code: ReasonCode, with_keys: bool) -> None:
    finding = found(report(ACTIVE_SLOT, EMPTY_SLOT))
    seen = resolve([report(ACTIVE_SLOT, EMPTY_SLOT)], NOW)
    subject = Subject(ACCOUNT, finding.keys if with_keys else (), NOW, seen, JudgingRules(), NOW)
    unknown = Procedures(ProcedureResult.UNKNOWN, ProcedureResult.UNKNOWN)
    judgement = Judgement(Verdict.NON_COMPLIANT, (code,), (), None, NOW, unknown)
    (message,) = reason_messages(judgement, subject)
    assert message.code == code.value
    assert ACCOUNT.id in message.message
    assert "{" not in message.message
    speaks_of_a_key = code.value.startswith(("active", "inactive", "root_key", "key_created", "sources"))
    assert ("2021-05-17" in message.message) == (speaks_of_a_key and with_keys)
    assert re.search(r"\b([Dd]elete|Audit|Wait|Generate|Save|Download|Add|Nothing to do)\b", message.message)


NEXT_STEPS = {
    "active": ([report(ACTIVE_SLOT, EMPTY_SLOT)], ["deactivate", "cannot be recovered", "delete"]),
    "inactive": (
        [report(replace(ACTIVE_SLOT, state=SlotState.INACTIVE, active=False), EMPTY_SLOT)],
        ["AccountAccessKeysPresent counts inactive keys", "cannot be recovered", "Delete"],
    ),
    "present only": ([observed(AccountSummary(access_keys_present=True))], ["Security credentials", "cannot be recovered"]),
    "disagree": (
        [observed(AccountSummary(access_keys_present=True), None), report(EMPTY_SLOT)],
        ["aws iam generate-credential-report", "aws iam get-account-summary"],
    ),
    "unread": ([report(ReportSlot(1, SlotState.UNREAD, active=None))], ["aws iam get-credential-report", "--from"]),
}


@pytest.mark.parametrize("name", NEXT_STEPS)
def test_next_step(name: str) -> None:
    evidence, words = NEXT_STEPS[name]
    step = found(*evidence).next_step
    assert step is not None
    assert [word for word in words if word not in step] == []


def test_in_govcloud_the_root_key_removes_itself_by_api() -> None:
    step = found(report(ACTIVE_SLOT), account=replace(ACCOUNT, partition="aws-us-gov")).next_step
    assert step is not None
    assert "aws iam delete-access-key" in step
    assert "us-gov-west-1" in step
    assert "sign in" not in step.lower()


@pytest.mark.parametrize("choice", InactiveKeys)
def test_an_inactive_key_in_govcloud_is_removed_by_api_too(choice: InactiveKeys) -> None:
    slot = replace(ACTIVE_SLOT, state=SlotState.INACTIVE, active=False)
    account = replace(ACCOUNT, partition="aws-us-gov")
    step = found(report(slot, EMPTY_SLOT), account=account, rules=JudgingRules(choice)).next_step
    assert step is not None
    assert "us-gov-west-1" in step
    assert "AccountAccessKeysPresent counts inactive keys" in step
    assert "sign in" not in step.lower()


def test_an_allowed_inactive_key_is_still_shown_with_its_removal() -> None:
    slot = replace(ACTIVE_SLOT, state=SlotState.INACTIVE, active=False)
    finding = found(report(slot, EMPTY_SLOT), rules=JudgingRules(InactiveKeys.ALLOW))
    assert finding.verdict is Verdict.COMPLIANT
    assert [key.status for key in finding.keys] == [KeyStatus.INACTIVE]
    assert finding.next_step is not None


def test_the_order_of_evidence_does_not_show() -> None:
    pieces = [report(ACTIVE_SLOT), observed(AccountSummary(access_keys_present=True)), report(EMPTY_SLOT, at=None)]
    assert found(*pieces) == found(*reversed(pieces))
