"""Closing the gap: which group an account that could not be read belongs to, and what its lines do when they are copied."""

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootsweep.auditing.sources.files import read_evidence
from rootsweep.core.coverage.gaps import coverage_gaps
from rootsweep.core.evidence import (
    Access,
    AccountSummary,
    CredentialReport,
    Denial,
    Evidence,
    Observed,
    Origin,
    ReportSlot,
    SlotState,
    Source,
    Unavailable,
    UnavailableReason,
)
from rootsweep.core.finding import Finding, Verdict
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Account, AccountState
from rootsweep.core.run import OWNER_COMMAND, CoverageGap, RejectedInput, RemedyCode
from rootsweep_emulator import Emulator
from tests.markdown_page import MarkdownPage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AWS = Path(sys.executable).with_name("aws")
BASH = shutil.which("bash") or "bash"
PROJECT = Path(__file__).parents[3]
NO_KEY = (ReportSlot(1, SlotState.NO_KEY, active=False), ReportSlot(2, SlotState.NO_KEY, active=False))
UNREAD = (ReportSlot(1, SlotState.UNREAD, active=None),)
MEMBER = Account("111122223333", partition="aws")
OTHER = Account("444455556666", partition="aws")
MANAGEMENT = Account("999900001111", partition="aws", is_management_account=True)
GOVCLOUD = Account("222233334444", partition="aws-us-gov")


def unavailable(
    reason: UnavailableReason,
    api_call: str | None = "iam:GetAccountSummary",
    access: Access = Access.ROLE,
    denial: Denial | None = None,
    error_code: str | None = None,
) -> Unavailable:
    return Unavailable(Source.ACCOUNT_SUMMARY, reason, "do it", Origin(access, NOW, api_call), error_code, denial)


def role_in(account: Account, role: str) -> Denial:
    """Give the denial of AssumeRole on a role; ``{}`` in its name is the account's id."""
    resource = f"arn:{account.partition}:iam::{account.id}:role/{role.format(account.id)}"
    return Denial("arn:aws:iam::999900001111:user/auditor", "sts:AssumeRole", resource)


def session_of(role: str, action: str) -> Denial:
    """Give the denial of an action to a session of a role."""
    return Denial(f"arn:aws:sts::{MEMBER.id}:assumed-role/{role}/rootsweep-audit", action, "*")


def report(
    *slots: ReportSlot, age: timedelta = timedelta(), access: Access = Access.FILES, seen: datetime | None = None
) -> Observed:
    return Observed(CredentialReport(NOW - age, slots), Origin(access, seen))


def finding(account: Account, *evidence: Evidence, rules: JudgingRules = JudgingRules()) -> Finding:  # noqa: B008
    return find(account, evidence, rules, NOW)


def group_of(account: Account, *evidence: Evidence, rules: JudgingRules = JudgingRules()) -> CoverageGap:  # noqa: B008
    (group,) = coverage_gaps([finding(account, *evidence, rules=rules)])
    assert group.accounts == (account.id,)
    return group


OF_ITS_OWN = {
    UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF,
    UnavailableReason.ROOT_SESSION_REFUSED,
    UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY,
    UnavailableReason.MANAGEMENT_ACCOUNT,
    UnavailableReason.ROLE_NOT_ASSUMABLE,
    UnavailableReason.ACCESS_DENIED,
    UnavailableReason.NOT_IN_ORGANIZATION,
    UnavailableReason.CLOCK_OFF,
    UnavailableReason.UNREACHABLE,
    UnavailableReason.UNUSABLE_ANSWER,
}
SHARED = {
    UnavailableReason.FIELD_ABSENT: RemedyCode.NEW_REPORT_NEEDED,
    UnavailableReason.CREDENTIALS_EXPIRED: RemedyCode.CREDENTIALS_UNUSABLE,
    UnavailableReason.CREDENTIALS_INVALID: RemedyCode.CREDENTIALS_UNUSABLE,
    UnavailableReason.KEY_OF_ANOTHER_ACCOUNT: RemedyCode.UNUSABLE_ANSWER,
    UnavailableReason.SESSION_OF_ANOTHER_ACCOUNT: RemedyCode.UNUSABLE_ANSWER,
    UnavailableReason.THROTTLED: RemedyCode.AUDIT_AGAIN,
    UnavailableReason.TIMED_OUT: RemedyCode.AUDIT_AGAIN,
    UnavailableReason.REPORT_NOT_READY: RemedyCode.AUDIT_AGAIN,
    UnavailableReason.REPORT_LIMIT_EXCEEDED: RemedyCode.AUDIT_AGAIN,
    UnavailableReason.SERVICE_FAILURE: RemedyCode.AUDIT_AGAIN,
    UnavailableReason.INTERRUPTED: RemedyCode.AUDIT_AGAIN,
}


@pytest.mark.parametrize("reason", UnavailableReason)
def test_every_reason_has_its_group(reason: UnavailableReason) -> None:
    expected = reason.value if reason in OF_ITS_OWN else SHARED[reason].value
    assert group_of(MEMBER, unavailable(reason)).code == expected


def test_every_code_is_documented() -> None:
    documented = [cell.strip("`") for cell in MarkdownPage.read(PROJECT / "docs" / "gap.md").table_column("code")]
    assert documented == [code.value for code in RemedyCode]


def test_the_page_shows_what_an_owner_pastes() -> None:
    assert "\n".join(OWNER_COMMAND) in (PROJECT / "docs" / "gap.md").read_text(encoding="utf-8")


def test_an_account_of_which_nothing_was_given_needs_its_owner() -> None:
    group = group_of(MEMBER)
    assert (group.code, group.how) == ("no_evidence", OWNER_COMMAND)


@pytest.mark.parametrize(
    ("evidence", "rules", "code"),
    [
        (report(*NO_KEY, age=timedelta(days=99)), JudgingRules(max_age=timedelta(days=1)), "new_report_needed"),
        (report(*UNREAD), JudgingRules(), "new_report_needed"),
        (replace(report(), fact=CredentialReport(None, NO_KEY)), JudgingRules(max_age=timedelta(days=1)), "new_report_needed"),
        (report(*NO_KEY, age=timedelta(hours=5), access=Access.ROLE, seen=NOW), JudgingRules(), "audit_again"),
    ],
)  # fmt: skip
def test_a_report_that_proves_nothing_is_saved_anew_or_waited_for(evidence: Observed, rules: JudgingRules, code: str) -> None:
    assert group_of(MEMBER, evidence, rules=rules).code == code


@pytest.mark.parametrize(
    ("reason", "api_call", "access"),
    [
        (UnavailableReason.ROOT_SESSION_REFUSED, "sts:AssumeRoot", Access.ROOT_SESSION),
        (UnavailableReason.ROLE_NOT_ASSUMABLE, "sts:AssumeRole", Access.ROLE),
        (UnavailableReason.MANAGEMENT_ACCOUNT, None, Access.ROOT_SESSION),
        (UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, "iam:ListOrganizationsFeatures", Access.OWN),
    ],
)
def test_the_management_account_is_a_group_of_its_own(reason: UnavailableReason, api_call: str | None, access: Access) -> None:
    group = group_of(MANAGEMENT, unavailable(reason, api_call, access))
    assert group.code == "management_account"
    assert "--from" in group.remedy
    assert any(line.startswith("rootsweep audit --profile") for line in group.how)


def test_the_management_account_that_was_entered_is_opened_like_any_other() -> None:
    denied = unavailable(UnavailableReason.ACCESS_DENIED, access=Access.OWN)
    assert group_of(MANAGEMENT, denied).code == "access_denied"


@pytest.mark.parametrize("reason", [UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF, UnavailableReason.ROOT_SESSION_REFUSED])
def test_govcloud_has_no_root_sessions_to_enable(reason: UnavailableReason) -> None:
    known = unavailable(UnavailableReason.ROLE_NOT_ASSUMABLE, "sts:AssumeRole", denial=role_in(GOVCLOUD, "Audit"))
    assert group_of(GOVCLOUD, unavailable(reason)).code == "role_not_assumable"
    assert "role Audit" in group_of(GOVCLOUD, unavailable(reason), known).remedy


def test_a_caller_outside_the_administrators_is_told_to_change_place() -> None:
    not_administrator = unavailable(
        UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF,
        "iam:ListOrganizationsFeatures",
        Access.OWN,
        error_code="AccountNotManagementOrDelegatedAdministratorException",
    )
    group = group_of(MEMBER, not_administrator)
    assert group.code == "root_session_refused"
    assert "register-delegated-administrator" in group.how[0]


def policy_denial(access: Access, api_call: str, denial: Denial | None = None) -> Unavailable:
    return unavailable(UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY, api_call, access, denial)


def test_service_control_policies_are_grouped_by_whom_they_deny() -> None:
    root = [
        group_of(MEMBER, policy_denial(Access.ROOT_SESSION, call)) for call in ("iam:ListAccessKeys", "iam:GetAccountSummary")
    ]
    role = [
        group_of(MEMBER, policy_denial(Access.ROLE, call, session_of("RootAudit", call)))
        for call in ("iam:GetCredentialReport", "iam:GetAccountSummary")
    ]
    caller = group_of(MEMBER, policy_denial(Access.ROOT_SESSION, "sts:AssumeRoot"))
    own = group_of(MEMBER, policy_denial(Access.OWN, "iam:GetAccountSummary"))
    assert root[0] == root[1]
    assert role[0] == role[1]
    assert {one.code for one in (*root, *role, caller, own)} == {"denied_by_service_control_policy"}
    assert len({one.how for one in (*root, *role, caller)}) == 3
    assert '"Null": {"aws:AssumedRoot": "true"}' in "\n".join(root[0].how)
    assert '"arn:*:iam::*:role/RootAudit"' in "\n".join(role[0].how)
    assert "sts:AssumeRoot" in caller.remedy
    assert "iam:GetAccountSummary" in own.remedy


def test_a_role_is_exempted_below_whatever_path() -> None:
    denied = policy_denial(Access.ROLE, "iam:GetAccountSummary", session_of("Audit.", "iam:GetAccountSummary"))
    condition = json.loads("{" + "".join(group_of(MEMBER, denied).how) + "}")["Condition"]
    patterns = condition["ArnNotLike"]["aws:PrincipalArn"]
    role = f"arn:aws:iam::{MEMBER.id}:role/"
    exempt = [any(fnmatchcase(role + name, one) for one in patterns) for name in ("Audit.", "a/b/Audit.", "NoAudit.", "Audit")]
    assert exempt == [True, True, False, False]


def missing_role(account: Account, role: str) -> Finding:
    return finding(account, unavailable(UnavailableReason.ROLE_NOT_ASSUMABLE, "sts:AssumeRole", denial=role_in(account, role)))


@pytest.mark.parametrize("role", ["RootAudit", "audit/deep/RootAudit", "audit-{}", "Audit."])
def test_accounts_without_the_same_role_are_one_group(role: str) -> None:
    (group,) = coverage_gaps([missing_role(one, role) for one in (OTHER, MEMBER)])
    assert group.accounts == (MEMBER.id, OTHER.id)
    assert f"role {role.format('ACCOUNT_ID')} is missing" in group.remedy


def test_a_role_with_a_path_is_made_with_it() -> None:
    (group,) = coverage_gaps([missing_role(MEMBER, "audit/deep/RootAudit")])
    assert shlex.split("\n".join(group.how).replace("\\\n", ""))[:7] == [
        "aws", "iam", "create-role", "--role-name", "RootAudit", "--path", "/audit/deep/"
    ]  # fmt: skip


def test_denials_are_grouped_by_action() -> None:
    calls = ("iam:GetAccountSummary", "iam:GetCredentialReport")
    groups = [group_of(MEMBER, unavailable(UnavailableReason.ACCESS_DENIED, call)) for call in calls]
    assert [call in group.remedy for call, group in zip(calls, groups, strict=True)] == [True, True]
    assert json.loads("\n".join(groups[1].how))["Action"] == ["iam:GenerateCredentialReport", "iam:GetCredentialReport"]


def test_of_two_denied_actions_the_one_that_suffices_is_allowed() -> None:
    denied = [
        unavailable(UnavailableReason.ACCESS_DENIED, call)
        for call in ("iam:GenerateCredentialReport", "iam:GetAccountSummary", "iam:GetCredentialReport")
    ]
    assert "iam:GetAccountSummary" in group_of(MEMBER, *denied).remedy


EFFORT = [
    unavailable(UnavailableReason.CENTRALIZED_ROOT_ACCESS_OFF),
    unavailable(UnavailableReason.ROOT_SESSION_REFUSED),
    unavailable(UnavailableReason.DENIED_BY_SERVICE_CONTROL_POLICY),
    unavailable(UnavailableReason.MANAGEMENT_ACCOUNT),
    unavailable(UnavailableReason.ROLE_NOT_ASSUMABLE),
    unavailable(UnavailableReason.ACCESS_DENIED),
    unavailable(UnavailableReason.NOT_IN_ORGANIZATION),
    unavailable(UnavailableReason.FIELD_ABSENT),
    unavailable(UnavailableReason.CREDENTIALS_EXPIRED),
    unavailable(UnavailableReason.CLOCK_OFF),
    unavailable(UnavailableReason.UNREACHABLE),
    unavailable(UnavailableReason.UNUSABLE_ANSWER),
    unavailable(UnavailableReason.THROTTLED),
]


@pytest.mark.parametrize("first", range(len(EFFORT)))
def test_the_change_of_least_effort_is_chosen(first: int) -> None:
    assert group_of(MEMBER, *reversed(EFFORT[first:])) == group_of(MEMBER, EFFORT[first])


DENIALS = st.none() | st.builds(
    Denial,
    st.sampled_from([None, "*", "arn:aws:sts::{}:assumed-role/B-{}/session", "arn:aws:iam::{}:root", "arn:aws:sts::{}:x"]),
    st.sampled_from(["iam:GetAccountSummary", "sts:AssumeRole"]),
    st.sampled_from([None, "*", "arn:aws:iam::{}:role/A", "arn:aws:iam::{}:role/a/b/C-{}", ":role/,"]),
)
CALLS = st.sampled_from([None, "iam:GetAccountSummary", "iam:GetCredentialReport", "sts:AssumeRole", "sts:AssumeRoot"])
PIECES = st.one_of(
    st.builds(unavailable, st.sampled_from(UnavailableReason), CALLS, st.sampled_from(Access), DENIALS),
    st.sampled_from([report(*NO_KEY), report(*UNREAD), report(*NO_KEY, age=timedelta(hours=9), access=Access.ROLE, seen=NOW)]),
    st.builds(lambda present: Observed(AccountSummary(present), Origin(Access.OWN, NOW)), st.booleans()),
)
ACCOUNTS = st.builds(
    Account,
    id=st.integers(10**11, 10**11 + 30).map(str),
    partition=st.sampled_from([None, "aws", "aws-us-gov", "aws-cn"]),
    state=st.sampled_from([None, *AccountState]),
    is_management_account=st.booleans(),
)


@st.composite
def found_findings(draw: st.DrawFn) -> list[Finding]:
    accounts = draw(st.lists(ACCOUNTS, max_size=25, unique_by=lambda account: account.id))
    return [finding(account, *its_pieces(account.id, draw(st.lists(PIECES, max_size=4)))) for account in accounts]


def its_pieces(account_id: str, pieces: Iterable[Evidence]) -> list[Evidence]:
    return [
        replace(one, denial=its_denial(account_id, one.denial)) if isinstance(one, Unavailable) and one.denial else one
        for one in pieces
    ]


def its_denial(account_id: str, denial: Denial) -> Denial:
    principal, resource = (text and text.replace("{}", account_id) for text in (denial.principal, denial.resource))
    return Denial(principal, denial.action, resource)


@given(found_findings())
def test_no_words_of_an_advice_change_a_group(findings: list[Finding]) -> None:
    reworded = [
        replace(one, evidence=tuple(replace(p, advice="x") if isinstance(p, Unavailable) else p for p in one.evidence))
        for one in findings
    ]
    assert coverage_gaps(reworded) == coverage_gaps(findings)


@given(found_findings())
def test_every_unread_account_is_in_one_group_and_no_other_account_is(findings: list[Finding]) -> None:
    grouped = [account_id for group in coverage_gaps(findings) for account_id in group.accounts]
    assert sorted(grouped) == sorted(one.account.id for one in findings if one.verdict is Verdict.INSUFFICIENT_DATA)


@given(found_findings())
def test_the_largest_group_comes_first_and_no_two_are_alike(findings: list[Finding]) -> None:
    groups = coverage_gaps(findings)
    assert [(-len(one.accounts), one.code) for one in groups] == sorted((-len(one.accounts), one.code) for one in groups)
    assert len({(one.code, one.remedy, one.how) for one in groups}) == len(groups)
    assert all(list(one.accounts) == sorted(one.accounts) for one in groups)
    assert {one.code for one in groups} <= {code.value for code in RemedyCode}


@given(st.data())
def test_the_order_of_findings_and_of_their_evidence_does_not_matter(data: st.DataObject) -> None:
    findings = data.draw(found_findings())
    turned = [replace(one, evidence=one.evidence[::-1], reasons=one.reasons[::-1]) for one in findings]
    assert coverage_gaps(data.draw(st.permutations(turned))) == coverage_gaps(findings)


@given(found_findings())
def test_what_a_group_says_names_no_account_and_fits(findings: list[Finding]) -> None:
    for group in coverage_gaps(findings):
        text = "\n".join((group.remedy, *group.how))
        assert [account_id for account_id in group.accounts if account_id in text] == []
        assert [line for line in group.how if len(line) > 74] == []
        assert group.remedy.endswith(".")


EVERY_GROUP = coverage_gaps(
    [
        finding(Account(f"{300000000000 + number}", partition="aws"), piece)
        for number, piece in enumerate(
            [
                *EFFORT,
                *(policy_denial(access, "iam:GetAccountSummary") for access in Access),
                unavailable(UnavailableReason.ROLE_NOT_ASSUMABLE, denial=role_in(MEMBER, "a/OrganizationAccountAccessRole")),
            ]
        )
    ]
)


@pytest.mark.parametrize("group", EVERY_GROUP, ids=lambda group: group.code)
def test_lines_to_copy_are_sound(group: CoverageGap) -> None:
    text = "\n".join(group.how)
    if text.startswith("{"):
        assert set(json.loads(text)) >= {"Effect", "Action", "Resource"}
    elif text.startswith('"Condition"'):
        assert set(json.loads(f"{{{text}}}")["Condition"]) == {"ArnNotLike"}
    else:
        assert subprocess.run([BASH, "-n", "-c", text], check=False, capture_output=True).stderr == b""
        words = shlex.split(text.replace("\\\n", ""))
        assert all(json.loads(word)["Version"] == "2012-10-17" for word in words if word.startswith("{"))


def test_what_an_owner_pastes_saves_a_report_that_is_read_back(demo: Emulator, tmp_path: Path) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "aws"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(AWS))} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {"PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(tmp_path)} | demo.environment("clean")
    done = subprocess.run(
        [BASH, "-c", "\n".join(OWNER_COMMAND)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    account_id = demo.world.account("clean").id
    saved = tmp_path / f"rootsweep-{account_id}.json"
    (piece,) = read_evidence([str(saved)], account_ids=(), stdin=io.BytesIO())
    assert not isinstance(piece, RejectedInput)
    assert piece.account.id == account_id
    assert isinstance(piece.evidence, Observed)
    assert isinstance(piece.evidence.fact, CredentialReport)
    assert piece.evidence.fact.generated_at is not None
