"""``rootsweep audit --organization`` over real HTTP: every account has its row, whatever goes wrong."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rootsweep_emulator import (
    Change,
    Dated,
    DenyAccess,
    Effect,
    Emulator,
    Latency,
    Refuse,
    Reset,
    Rule,
    ServiceControlDeny,
    SessionOf,
    Shares,
    Throttle,
    World,
    generate,
    load_scenario,
)
from tests.auditing.sources.files import saved_files
from tests.cli.command_line import CommandLine, Outcome

JSON = ("audit", "--format", "json", "--quiet")
SWEEP = (*JSON, "--organization", "--timeout", "20s")
KEYS = Shares(active_key=0.1, inactive_key=0.1, two_keys=0.05)
Row = dict[str, Any]
Accounts = dict[str, Row]


@pytest.fixture(name="keyed")
def organization_with_keys() -> Iterator[Emulator]:
    """Give an organization of 60 accounts, a quarter of which have root keys."""
    with Emulator(generate(60, shares=KEYS)) as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def impatient_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    # It waits less between the tries than the mode that a sweep chooses by itself, which the soak is left with.
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")


@pytest.fixture(name="sweep")
def sweep_of_an_organization(rootsweep: CommandLine, call_as: Callable[[Emulator, str], None]) -> Callable[..., Outcome]:
    def sweep(emulator: Emulator, *arguments: str, caller: str = "management") -> Outcome:
        call_as(emulator, caller)
        emulator.control.make_report(caller)
        return rootsweep(*SWEEP, *arguments)

    return sweep


Sweep = Callable[..., Outcome]


def rows_of(outcome: Outcome) -> Accounts:
    rows = outcome.audit["accounts"]
    by_id = {row["account_id"]: row for row in rows}
    assert len(by_id) == len(rows), "an account has two rows"
    return by_id


def reasons_of(row: Row) -> list[str]:
    return [reason["code"] for reason in row["reasons"]]


def assert_true(emulator: Emulator, outcome: Outcome) -> Accounts:
    """Check that no row is lost or doubled, that COMPLIANT is true and rests on what was read, and so is NON_COMPLIANT."""
    rows = rows_of(outcome)
    accounts = {account.id: account for account in emulator.world.accounts.values()}
    if outcome.audit["scope"]["complete"] or outcome.code == 130:
        assert rows.keys() == accounts.keys()
    else:
        assert rows.keys() < accounts.keys()
        assert outcome.code == 3
    for account_id, row in rows.items():
        has_key = bool(accounts[account_id].root.keys.truth)
        told = [piece for piece in row["evidence"] if piece["source"] != "caller_identity"]
        observed = [piece for piece in told if piece["status"] == "observed"]
        assert row["name"] == accounts[account_id].name
        if row["verdict"] == "COMPLIANT":
            assert not has_key
            assert observed
        if row["verdict"] == "NON_COMPLIANT":
            assert has_key
    assert outcome.audit["summary"]["accounts"] == len(rows)
    return rows


def verdicts(rows: Accounts) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows.values():
        counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    return counts


def members(emulator: Emulator) -> list[str]:
    return list(emulator.world.accounts)[2:]


def test_every_account_is_judged_by_root_sessions_and_the_own_one_by_itself(keyed: Emulator, sweep: Sweep) -> None:
    outcome = sweep(keyed)
    rows = assert_true(keyed, outcome)
    assert outcome.code == 1
    assert verdicts(rows) == {"COMPLIANT": 45, "NON_COMPLIANT": 15}
    organization = next(iter(keyed.world.organizations))
    assert outcome.audit["scope"] == {
        "kind": "organization",
        "partition": "aws",
        "organization_id": organization,
        "complete": True,
        "incomplete_because": None,
    }
    management = rows[keyed.world.account("management").id]
    assert {piece["access"] for piece in management["evidence"]} == {"own"}
    for member in members(keyed):
        assert {piece["access"] for piece in rows[member]["evidence"]} == {"root-session"}
        shown = {key["id"] for key in rows[member]["keys"]}
        assert shown == {key.id for key in keyed.control.root_keys(member)}
    assert keyed.control.calls("sts", "AssumeRoot") == 59
    assert keyed.control.calls("sts", "AssumeRole") == 0


def test_a_clean_organization_exits_0(organization: Emulator, sweep: Sweep) -> None:
    outcome = sweep(organization)
    assert (outcome.code, outcome.err) == (0, "")
    assert verdicts(assert_true(organization, outcome)) == {"COMPLIANT": 45}


def test_empty_pages_are_not_the_last(organization: Emulator, sweep: Sweep) -> None:
    organization.control.set_empty_pages("management", every=1)
    assert verdicts(assert_true(organization, sweep(organization))) == {"COMPLIANT": 45}
    assert organization.control.calls("organizations", "ListAccounts") == 6


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"])
def test_accounts_that_are_not_active_are_rows(organization: Emulator, sweep: Sweep, state: Any) -> None:
    member = members(organization)[0]
    organization.control.set_account_state(member, state)
    outcome = sweep(organization)
    row = assert_true(organization, outcome)[member]
    assert (row["verdict"], row["state"], reasons_of(row)) == ("NOT_APPLICABLE", state, [f"account_{state.lower()}"])
    assert (outcome.code, outcome.audit["summary"]["proven"], outcome.audit["summary"]["applicable"]) == (0, 44, 44)
    attempts = 0 if state == "CLOSED" else 1
    assert organization.control.calls("sts", "AssumeRoot", member) == attempts


EVERYWHERE: dict[str, list[Rule]] = {
    "resets": [Rule(Reset(), probability=0.05), Rule(Reset(acted=True), probability=0.05)],
    "failures": [Rule(Refuse("InternalFailure", status=500), probability=0.08)],
    "unavailable": [Rule(Refuse("ServiceUnavailable", status=503), probability=0.08)],
    "slow": [Rule(Latency(0.15))],
    "throttled": [Rule(Throttle(rate=60, burst=5), "sts"), Rule(Throttle(rate=8, burst=2), "organizations")],
    "throttled at random": [Rule(Refuse("Throttling", "Rate exceeded"), probability=0.1)],
}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_troubles_that_pass_change_no_verdict(keyed: Emulator, sweep: Sweep, name: str) -> None:
    for rule in EVERYWHERE[name]:
        keyed.control.add_fault(rule)
    outcome = sweep(keyed)
    assert verdicts(assert_true(keyed, outcome)) == {"COMPLIANT": 45, "NON_COMPLIANT": 15}
    assert outcome.audit["scope"]["complete"] is True


ONE_ACCOUNT: dict[str, tuple[Effect, str | None, str]] = {
    "denied session": (DenyAccess(), "AssumeRoot", "root_session_refused"),
    "denied by policy": (DenyAccess(by_service_control_policy=True), None, "denied_by_service_control_policy"),
    "unreachable": (Reset(), None, "unreachable"),
    "failing": (Refuse("InternalFailure", status=500), None, "service_failure"),
    "throttled for ever": (Refuse("Throttling", "Rate exceeded"), None, "throttled"),
    "dead": (Latency(30.0), None, "timed_out"),
    "expired for ever": (Refuse("ExpiredToken"), "ListAccessKeys", "credentials_expired"),
}


@pytest.mark.parametrize("name", ONE_ACCOUNT)
def test_one_bad_account_is_insufficient_data_and_holds_up_nobody(organization: Emulator, sweep: Sweep, name: str) -> None:
    effect, operation, reason = ONE_ACCOUNT[name]
    member = members(organization)[3]
    organization.control.add_fault(Rule(effect, operation=operation, account=member))
    if operation == "ListAccessKeys":
        organization.control.add_fault(Rule(DenyAccess(), "iam", "GetAccountSummary", account=member))
    began = time.monotonic()
    outcome = sweep(organization, "--timeout", "3s")
    assert time.monotonic() - began < 15
    row = assert_true(organization, outcome)[member]
    assert (outcome.code, row["verdict"]) == (3, "INSUFFICIENT_DATA")
    assert reason in reasons_of(row)
    assert outcome.audit["summary"]["proven"] == 44


def test_a_call_that_is_denied_leaves_the_verdict_to_the_other(organization: Emulator, sweep: Sweep) -> None:
    first, second = members(organization)[:2]
    organization.control.add_fault(Rule(DenyAccess(), "iam", "ListAccessKeys", account=first))
    organization.control.add_fault(Rule(DenyAccess(), "iam", "GetAccountSummary", account=second))
    outcome = sweep(organization)
    rows = assert_true(organization, outcome)
    assert outcome.code == 0
    for account in (first, second):
        assert [warning["code"] for warning in rows[account]["warnings"]] == ["source_unavailable"]


def test_an_expired_root_session_is_opened_anew(organization: Emulator, sweep: Sweep) -> None:
    member = members(organization)[0]
    organization.control.add_fault(Rule(Refuse("ExpiredToken"), "iam", account=member, times=1))
    assert verdicts(assert_true(organization, sweep(organization))) == {"COMPLIANT": 45}
    assert organization.control.calls("sts", "AssumeRoot", member) == 2


OTHER_SESSIONS = [SessionOf("workload-00002"), SessionOf("workload-00002", old_key_id=True, arn_tells=False)]


@pytest.mark.parametrize("effect", OTHER_SESSIONS)
@pytest.mark.parametrize("access", [(), ("--access", "role", "--role-name", "RootAudit"), ("--role-name", "RootAudit")])
def test_the_silence_of_another_account_proves_nothing(
    organization: Emulator, sweep: Sweep, effect: SessionOf, access: tuple[str, ...]
) -> None:
    other = organization.world.account(effect.account).id
    swapped = [account_id for account_id in members(organization) if account_id != other][:3]
    organization.control.create_root_key(swapped[0])
    for account_id in swapped:
        organization.control.add_fault(Rule(effect, "sts", account=account_id))
    outcome = sweep(organization, *access)
    rows = assert_true(organization, outcome)
    assert outcome.code == 3
    unread = {account_id for account_id, row in rows.items() if "session_of_another_account" in reasons_of(row)}
    assert unread == set(swapped)
    for account_id in swapped:
        assert rows[account_id]["verdict"] == "INSUFFICIENT_DATA"
        assert all(piece["status"] == "unavailable" for piece in rows[account_id]["evidence"])
    assert ("unusable_answer", sorted(swapped)) in [(group["code"], group["accounts"]) for group in outcome.audit["gap"]]
    assert organization.control.calls("iam", account=other) == organization.control.calls(
        "iam", account=members(organization)[5]
    )


def test_a_session_of_another_account_hides_no_report(organization: Emulator, sweep: Sweep, tmp_path: Path) -> None:
    member = members(organization)[0]
    row = saved_files.root(access_key_1_active="true", access_key_1_last_rotated="2020-01-01T00:00:00+00:00")
    report = saved_files.lines([saved_files.HEADER, row]).replace(saved_files.ACCOUNT, member)
    (tmp_path / "report.csv").write_text(report, encoding="utf-8")
    organization.control.add_fault(Rule(OTHER_SESSIONS[0], "sts", account=member))
    outcome = sweep(organization, "--from", str(tmp_path / "report.csv"))
    row_of_member = rows_of(outcome)[member]
    assert (outcome.code, row_of_member["verdict"], reasons_of(row_of_member)) == (1, "NON_COMPLIANT", ["active_root_key"])
    assert [one["code"] for one in row_of_member["warnings"]] == ["report_time_unknown", "source_unavailable"]


def test_a_session_that_replaces_an_expired_one_is_checked_too(organization: Emulator, sweep: Sweep) -> None:
    member = members(organization)[0]
    organization.control.create_root_key(member)
    organization.control.add_fault(Rule(Refuse("ExpiredToken"), "iam", account=member, times=1))
    organization.control.add_fault(Rule(OTHER_SESSIONS[0], "sts", "AssumeRoot", member, skip=1))
    rows = assert_true(organization, sweep(organization))
    assert rows[member]["verdict"] == "NON_COMPLIANT", "the first session still read the account summary"
    reasons = {piece["source"]: piece["reason"] for piece in rows[member]["evidence"]}
    assert reasons == {"root_access_keys": "session_of_another_account", "account_summary": None}


def test_a_policy_that_breaks_root_sessions(organization: Emulator, sweep: Sweep) -> None:
    broken = members(organization)[:5]
    for member in broken:
        organization.control.set_service_control_denies(member, ServiceControlDeny())
    spared = members(organization)[5]
    organization.control.set_service_control_denies(spared, ServiceControlDeny(exempts_root_sessions=True))
    outcome = sweep(organization)
    rows = assert_true(organization, outcome)
    assert {reason for member in broken for reason in reasons_of(rows[member])} == {"denied_by_service_control_policy"}
    assert '"Null": {"aws:AssumedRoot": "true"}' in rows[broken[0]]["next_step"]
    assert rows[spared]["verdict"] == "COMPLIANT"
    (group,) = outcome.audit["gap"]
    assert sorted(group["accounts"]) == sorted(broken)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda control: control.set_features("management"), "enable-organizations-root-credentials-management"),
        (
            lambda control: control.set_features("management", "RootSessions"),
            "enable-organizations-root-credentials-management",
        ),
        (lambda control: control.set_trusted_access("management", enabled=False), "enable-aws-service-access"),
    ],
)
def test_without_centralized_root_access_nothing_is_proven_and_the_remedy_is_named(
    organization: Emulator, sweep: Sweep, change: Callable[[Any], None], words: str
) -> None:
    change(organization.control)
    outcome = sweep(organization)
    rows = assert_true(organization, outcome)
    assert (outcome.code, verdicts(rows)) == (3, {"COMPLIANT": 1, "INSUFFICIENT_DATA": 44})
    assert organization.control.calls("sts", "AssumeRoot") == 0
    row = rows[members(organization)[0]]
    assert reasons_of(row) == ["centralized_root_access_off"]
    assert words in row["next_step"]


def test_without_centralized_root_access_a_role_does_it(organization: Emulator, sweep: Sweep) -> None:
    organization.control.set_features("management")
    outcome = sweep(organization, "--role-name", "RootAudit")
    rows = assert_true(organization, outcome)
    without_role = organization.world.account("security").id
    assert verdicts(rows) == {"COMPLIANT": 44, "INSUFFICIENT_DATA": 1}
    assert reasons_of(rows[without_role]) == ["role_not_assumable"]


def test_a_role_adds_the_report_to_root_sessions_and_stands_in_for_them(organization: Emulator, sweep: Sweep) -> None:
    broken = members(organization)[0]
    organization.control.set_service_control_denies(broken, ServiceControlDeny())
    outcome = sweep(organization, "--role-name", "RootAudit")
    rows = assert_true(organization, outcome)
    by_root = rows[members(organization)[1]]
    assert by_root["procedures"] == {"account_summary": "PASS", "credential_report": "PASS"}
    assert sorted(piece["access"] for piece in by_root["evidence"]) == ["role", "root-session", "root-session"]
    by_role = rows[broken]
    assert by_role["verdict"] == "COMPLIANT"
    assert {piece["access"] for piece in by_role["evidence"] if piece["status"] == "observed"} == {"role"}


def test_role_access_alone_opens_no_root_session(organization: Emulator, sweep: Sweep) -> None:
    outcome = sweep(organization, "--access", "role", "--role-name", "RootAudit")
    assert_true(organization, outcome)
    assert organization.control.calls("sts", "AssumeRoot") == 0
    assert organization.control.calls("sts", "AssumeRole") == 44


def test_a_report_that_never_completes_leaves_the_verdict_to_the_summary(organization: Emulator, sweep: Sweep) -> None:
    member = members(organization)[0]
    organization.control.set_report_seconds(member, float("inf"))
    organization.world.account(member).report = None
    outcome = sweep(organization, "--access", "role", "--role-name", "RootAudit", "--timeout", "2s")
    row = assert_true(organization, outcome)[member]
    assert (row["verdict"], row["procedures"]["credential_report"]) == ("COMPLIANT", "UNKNOWN")


def test_an_external_id_that_the_role_asks_for(organization: Emulator, sweep: Sweep) -> None:
    for member in members(organization):
        account = organization.world.account(member)
        account.roles = tuple(replace(role, external_id="audit-2026") for role in account.roles)
    role = ("--access", "role", "--role-name", "RootAudit")
    assert verdicts(rows_of(sweep(organization, *role)))["INSUFFICIENT_DATA"] == 44
    outcome = sweep(organization, *role, "--external-id", "audit-2026")
    assert verdicts(rows_of(outcome)) == {"COMPLIANT": 44, "INSUFFICIENT_DATA": 1}


def test_from_the_delegated_administrator_the_management_account_needs_another_way(
    organization: Emulator, sweep: Sweep, rootsweep: CommandLine
) -> None:
    outcome = sweep(organization, caller="security")
    rows = assert_true(organization, outcome)
    management = organization.world.account("management").id
    assert (outcome.code, verdicts(rows)) == (3, {"COMPLIANT": 44, "INSUFFICIENT_DATA": 1})
    assert reasons_of(rows[management]) == ["management_account"]
    assert "--from" in rows[management]["next_step"]
    summary = rootsweep.save(f"summary-{management}.json", '{"SummaryMap": {"AccountAccessKeysPresent": 0}}')
    outcome = sweep(organization, "--from", summary, caller="security")
    assert (outcome.code, verdicts(rows_of(outcome))) == (0, {"COMPLIANT": 45})


def test_saved_evidence_outside_the_scope_is_left_out_aloud(
    organization: Emulator, sweep: Sweep, rootsweep: CommandLine
) -> None:
    inside, outside = members(organization)[:2]
    summary = '{"SummaryMap": {"AccountAccessKeysPresent": 1}}'
    saved = [rootsweep.save(f"summary-{account}.json", summary) for account in (outside, "999988887777")]
    outcome = sweep(organization, "--exclude", outside, "--from", *saved)
    rows = rows_of(outcome)
    assert outcome.code == 0
    assert inside in rows
    assert not {outside, "999988887777"} & rows.keys()
    assert "left out evidence of 2 accounts" in outcome.err
    assert "999988887777" in outcome.err.split("shows a root access key of")[1]
    assert [(one["account_id"], one["shows_key"]) for one in outcome.audit["left_out"]] == [
        (outside, True),
        ("999988887777", True),
    ]


def test_a_delegate_that_is_removed_midway(organization: Emulator, sweep: Sweep) -> None:
    organization.control.set_consistency_lag(0.2)

    def remove() -> None:
        organization.control.set_delegated_administrators("management")

    organization.control.add_fault(Rule(Change(remove), "sts", "AssumeRoot", skip=10, times=1))
    organization.control.add_fault(Rule(Latency(0.15), "sts"))
    outcome = sweep(organization, "--workers", "4", caller="security")
    rows = assert_true(organization, outcome)
    assert outcome.code == 3
    refused = [row for row in rows.values() if reasons_of(row) == ["root_session_refused"]]
    assert refused
    assert verdicts(rows)["COMPLIANT"] >= 10


def test_an_account_that_is_suspended_midway(organization: Emulator, sweep: Sweep) -> None:
    member = members(organization)[0]
    suspend = Change(lambda: organization.control.set_account_state(member, "SUSPENDED"))
    organization.control.add_fault(Rule(suspend, "iam", "ListAccessKeys", account=member, times=1))
    organization.control.add_fault(Rule(Refuse("InvalidClientTokenId", status=403), "iam", account=member))
    row = assert_true(organization, sweep(organization))[member]
    assert (row["verdict"], set(reasons_of(row))) == ("INSUFFICIENT_DATA", {"credentials_invalid"})


def test_a_clock_that_jumps_midway(organization: Emulator, sweep: Sweep) -> None:
    jump = Change(lambda: organization.control.skew(3600))
    organization.control.add_fault(Rule(jump, "sts", "AssumeRoot", skip=5, times=1))
    organization.control.add_fault(Rule(Latency(0.05)))
    outcome = sweep(organization, "--workers", "2")
    rows = assert_true(organization, outcome)
    assert outcome.code == 3
    assert "clock_off" in {code for row in rows.values() for code in reasons_of(row)}


@pytest.mark.parametrize("effect", [Refuse("InternalFailure", status=500), DenyAccess(), Reset()])
def test_a_listing_that_breaks_midway_is_never_clean(sweep: Sweep, effect: Effect) -> None:
    with Emulator(generate(200, shares=Shares())) as emulator:
        emulator.control.add_fault(Rule(effect, "organizations", "ListAccounts", skip=6))
        outcome = sweep(emulator)
        rows = rows_of(outcome)
        assert (outcome.code, len(rows)) == (3, 120)
        assert verdicts(rows) == {"COMPLIANT": 120}
        assert outcome.audit["scope"]["complete"] is False
        assert "ListAccounts" in outcome.audit["scope"]["incomplete_because"]


def test_who_may_list_nothing_cannot_run(organization: Emulator, sweep: Sweep) -> None:
    organization.control.add_fault(Rule(DenyAccess(), "organizations", "ListAccounts"))
    outcome = sweep(organization)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "organizations:ListAccounts" in outcome.err


def test_a_member_account_learns_who_may_list_accounts(
    organization: Emulator, member: str, sweep: Sweep, rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(organization)
    key = organization.control.root_console_session(member)
    for variable, value in zip(("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"), key, strict=True):
        monkeypatch.setenv(f"AWS_{variable}", str(value))
    outcome = rootsweep(*SWEEP)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "organizations:ListAccounts to the management account and to delegated administrators alone" in outcome.err
    assert outcome.err.rstrip().endswith("; call from one of them")


def test_a_delegated_administrator_that_lacks_the_permission_learns_both(organization: Emulator, sweep: Sweep) -> None:
    organization.control.add_fault(Rule(DenyAccess(), "organizations", "ListAccounts"))
    outcome = sweep(organization, caller="security")
    assert outcome.code == 4
    assert "call from one of them, and allow organizations:ListAccounts on * to " in outcome.err


def test_an_account_without_an_organization_cannot_sweep_one(demo: Emulator, sweep: Sweep) -> None:
    demo.control.set_role_actions("clean", "none", "*")
    outcome = sweep(demo, caller="clean")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
    assert "organizations:DescribeOrganization" in outcome.err or "in no organization" in outcome.err


def test_units_with_all_below_them(organization: Emulator, sweep: Sweep) -> None:
    (tree,) = organization.world.organizations.values()
    workloads = next(unit.id for unit in tree.units.values() if unit.name == "Workloads")
    below = {unit.id for unit in tree.units.values() if unit.parent_id == workloads}
    expected = {account.id for account in tree.accounts if account.parent_id in below}
    assert rows_of(sweep(organization, "--ou", workloads)).keys() == expected
    both = rows_of(sweep(organization, "--ou", workloads, "--ou", tree.root_id))
    assert both.keys() == {account.id for account in tree.accounts}


def test_accounts_under_the_names_of_their_units(organization: Emulator, sweep: Sweep, rootsweep: CommandLine) -> None:
    (tree,) = organization.world.organizations.values()
    run = str(rootsweep.folder / "run.json")
    outcome = sweep(organization, "--output", run, "--format", "table", "--group-by", "ou")
    headings = dict(re.findall(r"^(Root[^:]*) \(((?:ou|r)-[^)]*)\): \d+ of (?:\d+)", outcome.out, re.MULTILINE))
    assert set(headings.values()) == {account.parent_id for account in tree.accounts}
    below = next(unit for unit in tree.units.values() if unit.parent_id in tree.units)
    assert f"Root / {tree.units[below.parent_id].name} / {below.name}" in headings
    assert rootsweep("report", run, "--group-by", "ou").out == outcome.out.partition("\nNext:\n")[0]
    assert organization.control.calls("organizations", "ListOrganizationalUnitsForParent") <= 1 + len(tree.units)


def test_units_whose_names_are_refused_are_shown_by_their_ids(organization: Emulator, sweep: Sweep) -> None:
    organization.control.add_fault(Rule(DenyAccess(), "organizations", "ListOrganizationalUnitsForParent"))
    outcome = sweep(organization, "--output", os.devnull, "--format", "table", "--summary-only", "--group-by", "ou")
    assert "organizational units are shown by their ids" in outcome.err
    assert re.search(r"^Root / ou-\S+ / ou-\S+: ", outcome.out, re.MULTILINE)
    assert outcome.code == 0


def test_names_of_units_are_not_asked_for_in_vain(organization: Emulator, sweep: Sweep) -> None:
    rows = rows_of(sweep(organization))
    assert all(row["path"].startswith("o-") and row["path"].endswith("/") for row in rows.values())
    assert organization.control.calls("organizations", "ListOrganizationalUnitsForParent") == 0


def test_tags_exclusions_and_named_accounts(organization: Emulator, sweep: Sweep, rootsweep: CommandLine) -> None:
    production = {
        account.id for account in organization.world.accounts.values() if ("environment", "production") in account.tags
    }
    assert production
    assert rows_of(sweep(organization, "--tag", "environment=production")).keys() == production
    left_out = min(production)
    rows = rows_of(sweep(organization, "--tag", "environment=production", "--exclude", left_out))
    assert rows.keys() == production - {left_out}
    named = rootsweep.save("accounts.txt", f"# those of the auditor\n{left_out}, production\n\n123456789012\n")
    outcome = sweep(organization, "--account", named)
    rows = rows_of(outcome)
    assert {account: row["verdict"] for account, row in rows.items()} == {
        left_out: "COMPLIANT",
        "123456789012": "INSUFFICIENT_DATA",
    }
    assert reasons_of(rows["123456789012"]) == ["not_in_organization"]
    assert rows[left_out]["name"].startswith("workload-")
    assert outcome.code == 3


def test_a_scope_without_accounts_is_an_error(organization: Emulator, sweep: Sweep) -> None:
    outcome = sweep(organization, "--tag", "environment=moon")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "no account fits the scope" in outcome.err


def test_named_accounts_by_role_without_any_listing(
    organization: Emulator, call_as: Callable[[Emulator, str], None], rootsweep: CommandLine
) -> None:
    organization.control.add_fault(Rule(DenyAccess(), "organizations"))
    organization.control.add_fault(Rule(DenyAccess(), "iam", "ListOrganizationsFeatures"))
    call_as(organization, "management")
    first, second = members(organization)[1:3]
    outcome = rootsweep(*JSON, "--account", first, "--account", second, "--access", "role", "--role-name", "RootAudit")
    assert (outcome.code, outcome.verdicts) == (0, {first: "COMPLIANT", second: "COMPLIANT"})
    assert outcome.audit["scope"]["kind"] == "account"
    outcome = rootsweep(*JSON, "--account", first, "--access", "root-session")
    assert (outcome.code, outcome.verdicts) == (0, {first: "COMPLIANT"})


PARTITION = """
[[account]]
id = "111122223333"
name = "management"
partition = "{partition}"
caller = "user/auditor"
report = "1h"
[[account.user]]
name = "auditor"
[[account]]
id = "222233334444"
name = "member"
partition = "{partition}"
report = "1h"
[[account.role]]
name = "RootAudit"
trusts = ["111122223333"]
[[account.root_key]]
created = "400d"
[organization]
management = "management"
features = ["RootSessions"]
"""


@pytest.fixture(name="partition_of")
def organization_of_a_partition(tmp_path: Path) -> Callable[[str], World]:
    def partition_of(partition: str) -> World:
        path = tmp_path / "partition.toml"
        path.write_text(PARTITION.format(partition=partition), encoding="utf-8")
        return load_scenario(path)

    return partition_of


def test_govcloud_is_read_by_a_role_of_its_own_partition(sweep: Sweep, partition_of: Callable[[str], World]) -> None:
    with Emulator(partition_of("aws-us-gov")) as emulator:
        rows = rows_of(sweep(emulator))
        assert {row["verdict"] for row in rows.values()} == {"COMPLIANT", "INSUFFICIENT_DATA"}
        assert "--role-name" in rows["222233334444"]["next_step"]
        outcome = sweep(emulator, "--role-name", "RootAudit")
        rows = rows_of(outcome)
        assert (outcome.code, reasons_of(rows["222233334444"])) == (1, ["active_root_key"])
        assert "--region us-gov-west-1" in rows["222233334444"]["next_step"]
        assert emulator.control.calls("sts", "AssumeRoot") == 0
        refused = sweep(emulator, "--access", "root-session")
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("old_key_id", [False, True])
@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_sessions_of_another_account_prove_nothing_in_any_partition(
    sweep: Sweep, partition_of: Callable[[str], World], partition: str, old_key_id: bool
) -> None:
    with Emulator(partition_of(partition)) as emulator:
        emulator.control.add_fault(Rule(SessionOf("management", old_key_id), "sts", "AssumeRole"))
        row = rows_of(sweep(emulator, "--role-name", "RootAudit"))["222233334444"]
        assert {piece["reason"] for piece in row["evidence"]} == {"session_of_another_account"}
        assert row["verdict"] == {"aws-us-gov": "INSUFFICIENT_DATA", "aws-cn": "NOT_APPLICABLE"}[partition]


def test_china_has_no_root_user_unless_evidence_shows_its_key(sweep: Sweep, partition_of: Callable[[str], World]) -> None:
    with Emulator(partition_of("aws-cn")) as emulator:
        outcome = sweep(emulator)
        assert {row["verdict"] for row in rows_of(outcome).values()} == {"NOT_APPLICABLE"}
        rows = rows_of(sweep(emulator, "--role-name", "RootAudit"))
        assert rows["222233334444"]["verdict"] == "NON_COMPLIANT"


def test_credentials_that_run_out_are_renewed_in_the_midst_of_a_sweep(
    organization: Emulator,
    call_as: Callable[[Emulator, str], None],
    rootsweep: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_as(organization, "management")
    organization.control.make_report("management")
    give = f"echo '{soon_expiring(organization, 'management')}'"
    call_by_process(rootsweep, monkeypatch, f"echo given >> {rootsweep.folder}/given\n{give}\n")
    outcome = rootsweep(*SWEEP)
    assert (outcome.code, verdicts(rows_of(outcome))) == (0, {"COMPLIANT": 45})
    assert len((rootsweep.folder / "given").read_text().splitlines()) > 40


def test_credentials_that_are_renewed_for_another_account_sign_nothing_more(
    organization: Emulator,
    call_as: Callable[[Emulator, str], None],
    rootsweep: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_as(organization, "management")
    organization.control.make_report("management")
    first, second = (soon_expiring(organization, name) for name in ("management", "security"))
    given = f"{rootsweep.folder}/given"
    give = f"if [ $(wc -l < {given}) -lt 30 ]; then echo '{first}'; else echo '{second}'; fi"
    call_by_process(rootsweep, monkeypatch, f"echo given >> {given}\n{give}\n")
    outcome = rootsweep(*SWEEP)
    rows = assert_true(organization, outcome)
    unread = [row for row in rows.values() if row["verdict"] == "INSUFFICIENT_DATA"]
    assert outcome.code == 3
    assert len(unread) > 5
    assert {reason for row in unread for reason in reasons_of(row)} == {"credentials_invalid"}
    assert "sign in to one account" in unread[0]["reasons"][0]["message"]


def soon_expiring(emulator: Emulator, caller: str) -> str:
    """Give what a credential process says, whose credentials the SDK renews for each call."""
    key_id, secret, _ = emulator.credentials(caller)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    answer = {"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret, "SessionToken": "", "Expiration": soon}
    return json.dumps(answer)


def call_by_process(rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable)
    process = rootsweep.save("process.sh", script)
    monkeypatch.setenv("AWS_CONFIG_FILE", rootsweep.save("config", f"[default]\ncredential_process = sh {process}\n"))


def test_several_profiles(
    demo: Emulator, call_as: Callable[[Emulator, str], None], rootsweep: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as(demo, "clean")
    lines = []
    for name in ("clean", "active", "inactive"):
        key_id, secret, _ = demo.credentials(name)
        lines += [f"[{name}]", f"aws_access_key_id = {key_id}", f"aws_secret_access_key = {secret}"]
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", rootsweep.save("credentials", "\n".join(lines)))
    profiles = [argument for name in ("clean", "active", "inactive") for argument in ("--profile", name)]
    outcome = rootsweep(*JSON, *profiles)
    assert (outcome.code, sorted(outcome.verdicts.values())) == (1, ["COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"])
    outcome = rootsweep(*JSON, "--profile", "clean", "--profile", "missing")
    assert (outcome.code, list(outcome.verdicts.values())) == (3, ["COMPLIANT"])
    assert "profile missing" in outcome.err
    assert outcome.audit["scope"]["complete"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ou", "ou-a1b2-c3d4e5f6"], "add --organization"),
        (["--organization", "--ou", "Workloads"], "not the id of an organizational unit"),
        (["--organization", "--tag", "environment"], "write key=value"),
        (["--organization", "--access", "own"], "reaches the account of the credentials alone"),
        (["--access", "role", "--account", "111122223333"], "add --role-name"),
        (["--role-name", "RootAudit"], "it is not clear which accounts to enter"),
        (["--external-id", "xy"], "goes with --role-name"),
        (["--exclude", "111122223333"], "add --organization"),
        (["--resume"], "go with a sweep"),
        (["--organization", "--profile", "a", "--profile", "b"], "give one --profile"),
        (["--account", "accounts.csv"], "no file of that name exists"),
    ],
)
def test_options_that_make_no_sense_together(rootsweep: CommandLine, arguments: list[str], words: str) -> None:
    outcome = rootsweep(*JSON, *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


def test_account_files_that_cannot_be_used(rootsweep: CommandLine) -> None:
    for text, words in (
        ("", "accounts.txt: this list names no account"),
        ("111122223333\nnobody\n", "accounts.txt:2: this is not an account id"),
        ("111122223333 444455556666 dev\n", "accounts.txt:1: this line holds several account ids"),
        ("12345678901\n", "accounts.txt:1: 12345678901 is a number and no account id"),
        ("\x00\xff", "accounts.txt:1: this line holds NUL bytes"),
    ):
        outcome = rootsweep(*JSON, "--role-name", "RootAudit", "--account", rootsweep.save("accounts.txt", text))
        assert (outcome.code, outcome.out) == (2, "")
        assert words in outcome.err


def test_interrupting_shows_what_was_proven_until_then(
    organization: Emulator, call_as: Callable[[Emulator, str], None]
) -> None:
    call_as(organization, "management")
    organization.control.make_report("management")
    for member in members(organization)[:10]:
        organization.control.add_fault(Rule(Latency(60.0), "iam", account=member))
    code = "import rootsweep.cli; rootsweep.cli.main()"
    command = [sys.executable, "-c", code, *SWEEP[:-2], "--timeout", "2m"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while organization.control.calls("iam", "GetAccountSummary") < 35:  # what is not held back
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(2)
        began = time.monotonic()
        out, errors = process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    outcome = Outcome(process.returncode, out, errors)
    rows = assert_true(organization, outcome)
    assert verdicts(rows) == {"COMPLIANT": 35, "INSUFFICIENT_DATA": 10}
    assert {code for row in rows.values() for code in reasons_of(row)} == {"no_root_key", "interrupted"}
    assert outcome.audit["scope"]["complete"] is False
    assert errors.splitlines()[-1].startswith("  rootsweep audit --organization")
    assert errors.splitlines()[-1].endswith(" --resume")


@pytest.mark.parametrize("accounts", [300, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])])
def test_soak_with_a_twentieth_of_all_calls_failing(sweep: Sweep, accounts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account whose calls can succeed within their tries has the right verdict, the rest INSUFFICIENT_DATA."""
    monkeypatch.delenv("AWS_RETRY_MODE")
    with Emulator(generate(accounts, shares=KEYS)) as emulator:
        for effect in (
            Reset(),
            Reset(acted=True),
            Refuse("InternalFailure", status=500),
            Refuse("Throttling", "Rate exceeded"),
        ):
            emulator.control.add_fault(Rule(effect, probability=0.0125))
        dead = members(emulator)[::50]
        for member in dead:
            emulator.control.add_fault(Rule(Refuse("InternalFailure", status=500), account=member))
        outcome = sweep(emulator, "--timeout", "30s")
        rows = assert_true(emulator, outcome)
        unread = {account for account, row in rows.items() if row["verdict"] == "INSUFFICIENT_DATA"}
        assert unread == set(dead)
        assert outcome.audit["scope"]["complete"] is True


FAR_OFF = [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Sat, 01 Jan 2050 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 GMT",
]


@pytest.mark.parametrize("date", [*FAR_OFF, "yesterday", None])
def test_a_date_that_is_far_off_proves_nothing_and_harms_nothing(
    organization: Emulator, sweep: Sweep, date: str | None
) -> None:
    key_id = organization.control.create_root_key("workload-00001")
    member = organization.world.account("workload-00001").id
    organization.control.add_fault(Rule(Dated(date)))
    outcome = sweep(organization)
    rows = rows_of(outcome)
    assert outcome.code == 1
    assert {row["verdict"] for account, row in rows.items() if account != member} == {"COMPLIANT"}
    assert [key["id"] for key in rows[member]["keys"]] == [key_id]
    assert all("answer_time_unknown" in [one["code"] for one in row["warnings"]] for row in rows.values())
    assert rows[member]["as_of"] is None
    ended = datetime.fromisoformat(outcome.audit["finished_at"])
    assert abs(ended - datetime.now(UTC)) < timedelta(minutes=10)


@pytest.mark.parametrize("date", FAR_OFF)
def test_a_far_off_date_makes_no_report_fresh_and_no_key_deleted(organization: Emulator, sweep: Sweep, date: str) -> None:
    member = organization.world.account("workload-00001").id
    key_id = organization.control.create_root_key(member)
    organization.control.make_report(member)
    organization.control.delete_root_key(member, key_id)
    organization.control.add_fault(Rule(Dated(date), account=member))
    (by_both,) = rows_of(sweep(organization, "--account", member, "--role-name", "RootAudit")).values()
    assert (by_both["verdict"], reasons_of(by_both)) == ("NON_COMPLIANT", ["sources_disagree"])
    organization.control.make_report(member)
    for operation in ("GetAccountSummary", "ListAccessKeys"):
        organization.control.add_fault(Rule(DenyAccess(), "iam", operation, account=member))
    (by_report,) = rows_of(sweep(organization, "--account", member, "--role-name", "RootAudit")).values()
    assert (by_report["verdict"], reasons_of(by_report)) == ("INSUFFICIENT_DATA", ["report_time_unknown"])
