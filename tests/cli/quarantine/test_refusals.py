"""What a quarantine refuses, and whom it asks."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from rootsweep.core.organization import Account
from rootsweep.core.removal.plan import Action, ActionKind, Precondition
from rootsweep.storage.journal import Journal
from rootsweep_emulator.operations.organizations_policies import MOST_ATTACHED
from tests.cli.command_line import CommandLine
from tests.cli.command_line import Outcome as Ended
from tests.cli.quarantine.case import DAY, NAME, PROGRAM, Case, Quarantine, call_as, nothing_is_changed, now


def refused(outcome: Ended, case: Case, words: str) -> None:
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert nothing_is_changed(case)


def test_an_account_without_room_is_refused_alone(case: Case, quarantine: Quarantine) -> None:
    for number in range(MOST_ATTACHED - 1):
        case.organizations.attach_policy(PolicyId=case.create(f"policy-{number}"), TargetId=case.first)
    outcome = quarantine("on")
    assert outcome.code == 5
    assert "as many as AWS allows" in outcome.out
    assert (NAME in case.attached(case.first), NAME in case.attached(case.second)) == (False, True)


def test_the_management_account_is_refused(case: Case, quarantine: Quarantine) -> None:
    case.control.create_root_key(case.management, age=400 * DAY)
    manual = Action(ActionKind.MANUAL_STEP, case.planned(case.management), runbook=("by hand",))
    case.save(replace(case.plan, actions=(manual, *case.plan.actions)))
    outcome = quarantine("on")
    assert outcome.code == 5
    assert f"REFUSED              {case.management}" in outcome.out
    assert "do not bind the management account" in outcome.out
    assert (NAME in case.attached(case.management), NAME in case.attached(case.first)) == (False, True)
    case.save(replace(case.plan, actions=(manual,), held_back=()))
    assert "do not bind the management account" in quarantine("on").out


def test_policies_that_are_not_enabled_are_told(case: Case, quarantine: Quarantine) -> None:
    case.control.set_service_control_policies("management", enabled=False)
    outcome = quarantine("on")
    assert (outcome.code, outcome.out) == (4, "")
    assert "enable-policy-type" in outcome.err
    assert nothing_is_changed(case)
    assert not case.journal.exists()


def test_a_delegated_administrator_needs_a_delegation_policy(
    case: Case, quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_as("security", case.emulator, monkeypatch)
    outcome = quarantine("on")
    assert outcome.code == 4
    assert "delegated administrator for IAM is not enough" in outcome.err
    for action in ("CreatePolicy", "AttachPolicy", "DetachPolicy", "ListPolicies", "DescribePolicy", "ListPoliciesForTarget",
                   "ListTargetsForPolicy", "ListRoots", "TagResource"):  # fmt: skip
        assert f"organizations:{action}" in outcome.err
    assert nothing_is_changed(case)
    named = outcome.err.partition("these actions: ")[2].strip().split(", ")
    case.control.set_delegation_policy("management", "security", *named)
    assert quarantine("on").code == 0
    assert case.is_denied(case.first)
    assert quarantine("lift", "--delete-policy").code == 0
    assert nothing_is_changed(case)


def test_a_policy_that_is_not_rootsweeps_is_not_used(case: Case, quarantine: Quarantine) -> None:
    case.create(NAME)
    outcome = quarantine("on")
    assert (outcome.code, outcome.out) == (4, "")
    assert "lacks the tag" in outcome.err
    case.organizations.tag_resource(ResourceId=case.policy(), Tags=[{"Key": "created-by", "Value": "rootsweep"}])
    outcome = quarantine("on")
    assert outcome.code == 4
    assert "something else" in outcome.err
    assert case.attached(case.first) == ["FullAWSAccess"]


def test_what_does_not_fit_is_refused(case: Case, rootsweep: CommandLine, quarantine: Quarantine) -> None:
    plan = str(case.path)
    refused(rootsweep("quarantine", "on", plan), case, "cannot prompt for confirmation: standard input is not a terminal")
    refused(rootsweep("quarantine", "lift", plan), case, "cannot prompt for confirmation: standard input is not a terminal")
    refused(rootsweep("quarantine", "on", plan, "--confirm", "0" * 64), case, "not the digest of this plan")
    refused(quarantine("on", "--delete-policy"), case, "quarantine lift")
    refused(quarantine("lift", "--role-name", "RootAudit"), case, "quarantine status")
    refused(quarantine("status", "--external-id", "some-id"), case, "goes with --role-name")
    with Journal.open(case.journal, now):
        refused(quarantine("on"), case, "another rootsweep")


def typed(case: Case, what: str, text: str) -> tuple[int, str]:
    """Run the command in a terminal, in which a person types this."""
    terminal, its_end = os.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "quarantine", what, str(case.path)], stdin=its_end, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    os.close(its_end)
    os.write(terminal, f"{text}\n".encode())
    out, _ = process.communicate(timeout=60)
    os.close(terminal)
    return process.returncode, out.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_person_types_the_ids_of_the_accounts(case: Case) -> None:
    key = case.planned(case.first)
    named = replace(key, account=replace(key.account, name="payments-prod"))
    first = Action(ActionKind.DELETE_KEY, named, tuple(Precondition))
    others = [one for one in case.plan.actions if one.key.account.id != case.first]
    case.save(replace(case.plan, actions=(first, *others)))
    code, out = typed(case, "on", case.first)
    assert f"{case.first}  payments-prod" in out
    assert (code, nothing_is_changed(case)) == (2, True)
    assert "nothing was changed" in out
    code, out = typed(case, "on", f"{case.second} {case.first}")
    assert (code, "type their ids" in out) == (0, True)
    assert typed(case, "lift", f"{case.first} {case.second}")[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_person_types_a_phrase_for_many_accounts(case: Case) -> None:
    many = list(case.emulator.world.accounts)[5:10]
    for account in many:
        case.control.create_root_key(account, age=400 * DAY)
    more = [Action(ActionKind.DELETE_KEY, case.planned(account), tuple(Precondition)) for account in many]
    case.save(replace(case.plan, actions=(*case.plan.actions, *more)))
    assert typed(case, "on", " ".join([case.first, case.second, *many]))[0] == 2
    assert typed(case, "on", case.digest)[0] == 2
    assert typed(case, "on", f"quarantine 7 accounts {'0' * 4 if case.digest[:4] != '0000' else '1111'}")[0] == 2
    assert not case.is_denied(many[0])
    code, out = typed(case, "on", f"quarantine 7 accounts {case.digest[:4]}")
    assert (code, case.is_denied(many[0])) == (0, True)
    assert all(account in out for account in many)


def test_govcloud_must_be_understood(case: Case, quarantine: Quarantine) -> None:
    accounts = (replace(case.planned(case.first), account=Account(case.first, partition="aws-us-gov")),)
    actions = tuple(Action(ActionKind.SELF_REMOVE, key, runbook=("by itself",)) for key in accounts)
    case.save(replace(case.plan, partition="aws-us-gov", actions=actions, held_back=()))
    refused(quarantine("on"), case, "iam:DeleteAccessKey")
    assert quarantine("on", "--govcloud-understood").code == 0
    assert case.is_denied(case.first)
    assert quarantine("lift").code == 0


def test_a_plan_without_active_keys_has_nothing_to_quarantine(case: Case, rootsweep: CommandLine) -> None:
    case.save(replace(case.plan, actions=case.plan.actions[1:], held_back=()))
    outcome = rootsweep("quarantine", "on", str(case.path))
    assert (outcome.code, "No account of the plan" in outcome.out) == (0, True)
    assert nothing_is_changed(case)
