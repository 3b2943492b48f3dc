"""What to run next: which commands, and that each repeats the scope of the audit word for word."""

import shlex
from dataclasses import replace

from rootsweep.core.evidence import Access, AccessKey, AccountSummary, KeyStatus, NoLastUse, Observed, Origin, RootAccessKeys
from rootsweep.core.finding import Finding
from rootsweep.core.judging.assess import find
from rootsweep.core.judging.verdict import JudgingRules
from rootsweep.core.organization import Account
from rootsweep.core.run import CoverageGap, Run
from rootsweep.reports.next_commands import next_commands
from tests.reports.example_runs import NOW, UNREAD_ACCOUNTS, run

KEY = AccessKey("AKIAQNZGKIQY56JQ7WML", KeyStatus.ACTIVE, NOW, NoLastUse.UNKNOWN)
SCOPE = ("--organization", "--exclude", "111122223333,222233334444", "--tag", "team=data & ai", "--profile", "it's mine")


def finding(*keys: AccessKey, access: Access = Access.ROOT_SESSION, account: Account | None = None) -> Finding:
    origin = Origin(access, NOW, "iam:ListAccessKeys")
    evidence = (Observed(RootAccessKeys(keys), origin), Observed(AccountSummary(bool(keys)), origin))
    return find(account or Account("333344445555", partition="aws"), evidence, JudgingRules(), NOW)


def commands(of: Run, *scope: str) -> list[list[str]]:
    return [shlex.split(one.command) for one in next_commands(of, scope)]


def test_keys_that_root_sessions_listed_lead_to_a_plan_of_the_same_scope() -> None:
    found = commands(run(finding(KEY)), *SCOPE)
    assert found[0] == ["rootsweep", "plan", *SCOPE]
    assert found[-1] == ["rootsweep", "audit", *SCOPE, "--output", "report.html"]


def test_a_plan_takes_no_saved_evidence_and_the_audit_does() -> None:
    found = commands(run(finding(KEY)), "--organization", "--from", "old reports", "--region", "eu-west-1")
    assert found[0] == ["rootsweep", "plan", "--organization", "--region", "eu-west-1"]
    assert found[-1][3:5] == ["--from", "old reports"]


def test_what_no_session_enters_leads_to_self_removal() -> None:
    management = replace(finding(KEY, access=Access.OWN), account=Account("111122223333", is_management_account=True))
    govcloud = finding(KEY, access=Access.ROOT, account=Account("222233334444", partition="aws-us-gov"))
    found = next_commands(run(management, govcloud), ())
    assert [one.command for one in found] == ["rootsweep self-remove", "rootsweep audit --output report.html"]
    assert "111122223333, 222233334444" in found[0].purpose


def test_a_report_that_no_root_session_reads_leads_to_a_role_unless_one_is_named() -> None:
    assert ["rootsweep", "permissions", "--access", "role"] in commands(run(finding()), "--organization")
    assert ["rootsweep", "permissions", "--access", "role"] not in commands(run(finding()), "--role-name", "Audit")


def test_gaps_lead_to_what_opens_them() -> None:
    of = replace(UNREAD_ACCOUNTS, coverage_gaps=(CoverageGap("centralized_root_access_off", "Off.", (), ("1" * 12,)),))
    assert ["rootsweep", "central-access"] in commands(of)
    of = replace(of, coverage_gaps=(CoverageGap("access_denied", "Denied.", (), ("1" * 12,)),))
    assert ["rootsweep", "permissions"] in commands(of)


def test_what_reaches_no_account_repeats_the_caller_and_the_role() -> None:
    caller = ("--profile", "it's mine", "--region", "us-gov-west-1", "--config", "a b.toml")
    of = replace(
        run(finding(KEY, access=Access.ROOT)),
        coverage_gaps=(
            CoverageGap("centralized_root_access_off", "Off.", (), ("1" * 12,)),
            CoverageGap("access_denied", "Denied.", (), ("1" * 12,)),
        ),
    )
    of = replace(of, scope=replace(of.scope, partition="aws-us-gov"))
    found = commands(of, "--organization", "--role-name", "Root Audit", "--external-id", "x y", *caller)
    assert ["rootsweep", "self-remove", *caller] in found
    assert ["rootsweep", "central-access", *caller] in found
    role = ["--access", "role", "--role-name", "Root Audit", "--external-id", "x y", "--config", "a b.toml"]
    assert ["rootsweep", "permissions", *role, "--partition", "aws-us-gov"] in found


def test_self_removal_does_not_repeat_a_profile_that_is_not_root() -> None:
    management = replace(finding(KEY, access=Access.OWN), account=Account("111122223333", is_management_account=True))
    assert commands(run(management), "--profile", "audit", "--region", "us-east-1")[0] == [
        "rootsweep",
        "self-remove",
        "--region",
        "us-east-1",
    ]


def test_nothing_leads_to_nothing() -> None:
    assert next_commands(run(), ("--organization",)) == ()
