"""Findings in AWS Security Hub: imported from inside each account, updated by the next run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rootsweep.core.finding import Finding, GrantedException
from rootsweep.core.organization import AccountState
from rootsweep.core.run import Run
from rootsweep.delivery.changes import first_changes
from rootsweep.delivery.context import DeliveryContext
from rootsweep.delivery.destination import NotSent, Outcome, SecurityHub, Sent
from rootsweep.delivery.securityhub import deliver
from rootsweep_emulator import DenyAccess, Emulator, Refuse, Reset, Rule, SessionOf, Shares, Throttle, generate
from tests.delivery.made import means_of
from tests.receivers import RECEIVERS, Receiving
from tests.receivers.state import receivers_of
from tests.reports.example_runs import ACTIVE, DENIED, EMPTY, EMPTY_2, NOW, finding, report, run

REGION = "us-east-1"
ROLE = "RootAudit"


def accounts_of(emulator: Emulator) -> list[Any]:
    """Give the accounts but for the delegated administrator, which has no role."""
    return [account for account in emulator.world.accounts.values() if account.name != "security"]


def ids_of(emulator: Emulator) -> list[str]:
    return [account.id for account in accounts_of(emulator)]


@pytest.fixture(name="hubs")
def organization_with_hubs() -> Iterator[Emulator]:
    with Emulator(generate(31, shares=Shares()), RECEIVERS) as emulator:
        receiving = Receiving(emulator.world)
        receiving.permit("management", "securityhub:BatchImportFindings")
        for account in accounts_of(emulator):
            receiving.enable_security_hub(account.id, REGION)
            emulator.control.set_role_actions(account.id, ROLE, "securityhub:BatchImportFindings")
        yield emulator


def run_of(emulator: Emulator, *evidence: Any) -> Run:
    return run(*(finding(account.id, *evidence, name=account.name) for account in accounts_of(emulator)))


def with_key(emulator: Emulator) -> Run:
    return run_of(emulator, report(ACTIVE, EMPTY_2))


def later(its_run: Run, **hours: float) -> Run:
    return replace(its_run, finished_at=its_run.finished_at + timedelta(**hours))


def send(its_run: Run, context: DeliveryContext) -> Outcome:
    return deliver(SecurityHub(), first_changes(its_run), context)


def findings_of(emulator: Emulator, account_id: str) -> list[dict[str, Any]]:
    return Receiving(emulator.world).findings(account_id, REGION)


def test_each_finding_is_imported_from_inside_its_account(hubs: Emulator) -> None:
    assert send(with_key(hubs), means_of(hubs, role=ROLE)) == Sent("30 findings")
    for account_id in ids_of(hubs):
        (found,) = findings_of(hubs, account_id)
        assert found["AwsAccountId"] == account_id
        assert found["ProductArn"] == f"arn:aws:securityhub:{REGION}:{account_id}:product/{account_id}/default"
        assert (found["Compliance"]["Status"], found["Workflow"]["Status"]) == ("FAILED", "NEW")
        assert hubs.control.calls("securityhub", "BatchImportFindings", account_id) == 1
    assert hubs.control.calls("sts", "AssumeRole") == 29


def test_a_later_run_updates_and_doubles_nothing(hubs: Emulator) -> None:
    context = means_of(hubs, role=ROLE)
    send(with_key(hubs), context)
    assert send(later(run_of(hubs, report(EMPTY, EMPTY_2)), hours=1), context) == Sent("30 findings")
    for account_id in ids_of(hubs):
        (found,) = findings_of(hubs, account_id)
        assert found["Compliance"]["Status"] == "PASSED"
        assert found["FindingProviderFields"]["Severity"]["Label"] == "INFORMATIONAL"


def test_findings_without_news_are_refreshed(hubs: Emulator) -> None:
    context = means_of(hubs, role=ROLE)
    clean = run_of(hubs, report(EMPTY, EMPTY_2))
    assert first_changes(clean).items == ()
    send(clean, context)
    send(later(clean, hours=24 * 30), context)
    for account_id in ids_of(hubs):
        assert findings_of(hubs, account_id)[0]["UpdatedAt"].startswith("2026-12-24")


def test_an_excepted_finding_is_suppressed(hubs: Emulator) -> None:
    granted = GrantedException("owner", "reason", "T-1", NOW + timedelta(days=1))
    its_run = with_key(hubs)
    its_run = replace(its_run, findings=tuple(replace(one, exception=granted) for one in its_run.findings))
    assert isinstance(send(its_run, means_of(hubs, role=ROLE)), Sent)
    for account_id in ids_of(hubs):
        (found,) = findings_of(hubs, account_id)
        assert (found["Compliance"]["Status"], found["Workflow"]["Status"]) == ("FAILED", "SUPPRESSED")


def test_nothing_is_imported_in_a_session_of_another_account(hubs: Emulator) -> None:
    first, second = ids_of(hubs)[5:7]
    hubs.control.add_fault(Rule(SessionOf(second), "sts", "AssumeRole", first))
    outcome = send(with_key(hubs), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert f"account {first}: sts:AssumeRole for account {first} returned a session of" in outcome.problem
    assert findings_of(hubs, first) == []
    assert hubs.control.calls("securityhub", "BatchImportFindings", second) == 1


def test_what_the_role_may_not_do_is_counted_and_told(hubs: Emulator) -> None:
    members = ids_of(hubs)[5:12]
    for member in members:
        hubs.control.set_role_actions(member, ROLE, "iam:GetAccountSummary")
    outcome = send(with_key(hubs), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert outcome.problem.startswith("7 of 30 findings not imported: account ")
    assert outcome.problem.endswith("; and 4 more")
    assert "securityhub:BatchImportFindings" in outcome.problem + outcome.advice
    for account_id in ids_of(hubs):
        assert bool(findings_of(hubs, account_id)) is (account_id not in members)


def test_without_a_role_the_own_account_alone_is_reached(hubs: Emulator) -> None:
    outcome = send(with_key(hubs), means_of(hubs))
    assert isinstance(outcome, NotSent)
    assert outcome.problem.startswith("29 of 30 findings not imported")
    assert "--role-name" in outcome.advice
    assert findings_of(hubs, hubs.world.account("management").id)


def test_a_single_account_needs_no_role(hubs: Emulator) -> None:
    own = finding(hubs.world.account("management").id, report(ACTIVE, EMPTY_2))
    unknown = replace(own, account=replace(own.account, partition=None))
    assert send(run(unknown), means_of(hubs)) == Sent("1 finding")


def one_of(emulator: Emulator) -> str:
    return ids_of(emulator)[7]


def test_a_region_without_security_hub_is_told(hubs: Emulator) -> None:
    del receivers_of(hubs.world).hubs[one_of(hubs), REGION]
    outcome = send(with_key(hubs), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert outcome.problem == (
        f"1 of 30 findings not imported: account {one_of(hubs)}: Security Hub is not enabled in the account and Region"
    )


def test_a_finding_that_fails_is_told(hubs: Emulator) -> None:
    finding_id = f"rootsweep/aws/{one_of(hubs)}/root-access-key"
    Receiving(hubs.world).fail_finding(one_of(hubs), REGION, finding_id, "InternalException")
    outcome = send(with_key(hubs), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert outcome.problem.startswith(f"1 of 30 findings not imported: account {one_of(hubs)}: Security Hub failed with Intern")


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Reset(acted=True), probability=0.2),
        Rule(Refuse("InternalFailure", status=500), probability=0.2),
        Rule(Throttle(rate=20, burst=2), "sts"),
        Rule(Refuse("Throttling", "Rate exceeded"), "securityhub", probability=0.2),
    ],
    ids=lambda rule: type(rule.effect).__name__,
)
def test_troubles_that_pass_lose_no_finding(hubs: Emulator, rule: Rule) -> None:
    hubs.control.add_fault(rule)
    context = means_of(hubs, role=ROLE, pace=replace(means_of(hubs).pace, seconds=30.0))
    assert send(with_key(hubs), context) == Sent("30 findings")
    assert all(len(findings_of(hubs, account_id)) == 1 for account_id in ids_of(hubs))


def test_an_account_that_stays_closed_to_us_harms_no_other(hubs: Emulator) -> None:
    hubs.control.add_fault(Rule(DenyAccess(), "sts", "AssumeRole", account=one_of(hubs)))
    outcome = send(with_key(hubs), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert outcome.problem.startswith("1 of 30 findings")
    assert "may not assume" in outcome.problem


def state_of(one: Finding, state: AccountState) -> Finding:
    return replace(one, account=replace(one.account, state=state))


def test_accounts_that_nobody_can_enter_and_other_partitions(hubs: Emulator) -> None:
    first, second, third = with_key(hubs).findings[:3]
    elsewhere = replace(third, account=replace(third.account, partition="aws-us-gov"))
    outcome = send(run(first, state_of(second, AccountState.CLOSED), elsewhere), means_of(hubs, role=ROLE))
    assert isinstance(outcome, NotSent)
    assert outcome.problem.startswith(
        f"1 of 2 findings not imported: account {third.account.id}: it is in partition aws-us-gov"
    )


def test_an_account_that_could_not_be_judged_is_a_warning(hubs: Emulator) -> None:
    send(run_of(hubs, DENIED), means_of(hubs, role=ROLE))
    assert findings_of(hubs, one_of(hubs))[0]["Compliance"]["Status"] == "WARNING"
