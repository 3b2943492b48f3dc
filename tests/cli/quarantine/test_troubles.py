"""A quarantine in trouble: lost replies, late lists, denials, and a process that is killed."""

import pytest

from rootsweep.core.removal.journal import Intent
from rootsweep.storage.journal import Journal, inspect_journal
from rootsweep_emulator import Change, DenyAccess, Effect, Refuse, Replace, Reset, Rule
from tests.cli.command_line import CommandLine
from tests.cli.processes import EVERY_FEW_CALLS, code_of, start
from tests.cli.quarantine.case import Case, Quarantine, nothing_is_changed, now


@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "DetachPolicy", "DeletePolicy"])
@pytest.mark.parametrize("effect", [Reset(), Reset(acted=True), Refuse("ConcurrentModificationException", status=400)], ids=str)
def test_troubles_that_pass_change_nothing(case: Case, quarantine: Quarantine, operation: str, effect: Effect) -> None:
    case.control.add_fault(Rule(effect, "organizations", operation, times=1))
    assert quarantine("on").code == 0
    assert (case.is_denied(case.first), case.is_denied(case.second)) == (True, True)
    assert quarantine("lift", "--delete-policy").code == 0
    assert nothing_is_changed(case)
    assert case.attached(case.second) == ["FullAWSAccess"]


@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "DetachPolicy", "DeletePolicy"])
def test_replies_that_are_lost_for_good_are_found_out_by_asking(case: Case, quarantine: Quarantine, operation: str) -> None:
    case.control.add_fault(Rule(Reset(acted=True), "organizations", operation))
    assert (quarantine("on").code, quarantine("lift", "--delete-policy").code) == (0, 0)
    assert nothing_is_changed(case)


def test_changes_that_never_arrive_are_not_taken_for_made(case: Case, quarantine: Quarantine) -> None:
    handle = case.control.add_fault(Rule(Reset(), "organizations", "AttachPolicy", account=None))
    outcome = quarantine("on", "--timeout", "1s")
    assert (outcome.code, set(case.outcomes().values())) == (5, {"not_attached"})
    case.control.remove_fault(handle)
    assert quarantine("on").code == 0
    handle = case.control.add_fault(Rule(Reset(), "organizations", "DetachPolicy"))
    outcome = quarantine("lift", "--timeout", "1s")
    assert (outcome.code, set(case.outcomes("lift").values())) == (5, {"not_lifted"})
    case.control.remove_fault(handle)
    assert quarantine("lift").code == 0
    assert not case.is_denied(case.first)


def test_a_list_that_shows_changes_late_is_asked_again(case: Case, quarantine: Quarantine) -> None:
    """The list that follows the attachment is answered as if it had not happened."""
    (organization,) = case.emulator.world.organizations.values()
    attachments = organization.service_control.attachments
    kept: dict[str, tuple[str, ...]] = {}

    def hide() -> None:
        kept.update(attachments)
        attachments.clear()

    case.control.add_fault(Rule(Change(hide), "organizations", "ListPoliciesForTarget", skip=1, times=1))
    case.control.add_fault(
        Rule(Change(lambda: attachments.update(kept)), "organizations", "ListPoliciesForTarget", skip=2, times=1)
    )
    assert quarantine("on").code == 0
    assert set(case.outcomes().values()) == {"quarantined"}


def test_a_denial_stops_its_account_and_is_told(case: Case, quarantine: Quarantine) -> None:
    case.control.add_fault(Rule(DenyAccess(), "organizations", "AttachPolicy", times=1))
    outcome = quarantine("on")
    assert outcome.code == 5
    assert "organizations:AttachPolicy" in outcome.out
    assert case.outcomes() == {min(case.first, case.second): "refused", max(case.first, case.second): "quarantined"}
    assert quarantine("on").code == 0


@EVERY_FEW_CALLS
@pytest.mark.parametrize(
    ("killed", "then"),
    [
        ("on", "on"),
        ("lift", "lift"),
        pytest.param("on", "lift", marks=pytest.mark.soak),
        pytest.param("lift", "on", marks=pytest.mark.soak),
    ],
)
def test_killed_between_any_two_calls_the_next_run_ends_the_work(
    case: Case, quarantine: Quarantine, killed: str, then: str, stride: int
) -> None:
    """The process is killed when its n-th call arrives, which the server then carries out or not; then another is run."""
    calls = 1
    while True:
        if killed == "lift":
            assert quarantine("on").code == 0
        arguments = ["quarantine", killed, str(case.path), "--confirm", case.digest, "--timeout", "5s"]
        further = ["--delete-policy"] if killed == "lift" else []
        process = start(*arguments, *further)
        handle = case.control.add_fault(Rule(Change(process.kill), skip=calls - 1, times=1))
        code = code_of(process)
        case.control.remove_fault(handle)
        assert quarantine(then).code == 0, f"killed at call {calls}"
        assert case.is_denied(case.first) is case.is_denied(case.second) is (then == "on")
        assert quarantine("lift", "--delete-policy").code == 0
        assert (case.attached(case.first), case.attached(case.second)) == (["FullAWSAccess"], ["FullAWSAccess"])
        assert case.policy() is None
        read = inspect_journal(case.journal)
        assert (read.verification.intact, read.unfinished) == (True, ())
        if code == 0:
            break
        calls += stride
    assert calls > 8


WITHOUT = Replace(("Policies",), [])


def test_lists_without_the_policy_do_not_outweigh_its_targets(case: Case, quarantine: Quarantine) -> None:
    """Nothing is detached, the reply is lost, and no list of the accounts shows the policy."""
    assert quarantine("on").code == 0
    rules = [
        Rule(WITHOUT, "organizations", "ListPoliciesForTarget"),
        Rule(Refuse("GatewayTimeout", status=504), "organizations", "DetachPolicy"),
    ]
    faults = [case.control.add_fault(rule) for rule in rules]
    outcome = quarantine("lift", "--timeout", "1s")
    assert (outcome.code, set(case.outcomes("lift").values())) == (5, {"not_lifted"})
    for fault in faults:
        case.control.remove_fault(fault)
    assert quarantine("lift").code == 0
    assert not case.is_denied(case.first)


@pytest.mark.parametrize("plan", ["this", "another"])
def test_one_list_without_the_policy_does_not_end_a_lift_that_was_cut_off(
    case: Case, quarantine: Quarantine, plan: str
) -> None:
    assert quarantine("on").code == 0
    digest = case.digest if plan == "this" else "sha256:another"
    with Journal.open(case.journal, now) as journal:
        journal.append(Intent(digest, min(case.first, case.second), None, "lift"))
    case.control.add_fault(Rule(WITHOUT, "organizations", "ListPoliciesForTarget", times=1))
    case.control.add_fault(Rule(WITHOUT, "organizations", "ListPoliciesForTarget", skip=1, times=1))
    assert quarantine("lift").code == 0
    assert (case.is_denied(case.first), case.is_denied(case.second)) == (False, False)
    read = inspect_journal(case.journal)
    assert (read.verification.intact, read.unfinished) == (True, ())


@pytest.mark.parametrize(
    "effect",
    [Refuse("GatewayTimeout", status=504, acted=True), Refuse("ServiceException", status=400, acted=True)],
    ids=str,
)
@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "DetachPolicy", "DeletePolicy"])
def test_an_error_of_aws_after_acting_is_found_out_by_asking(
    case: Case, quarantine: Quarantine, operation: str, effect: Effect
) -> None:
    case.control.add_fault(Rule(effect, "organizations", operation))
    assert (quarantine("on").code, quarantine("lift", "--delete-policy").code) == (0, 0)
    assert nothing_is_changed(case)


def test_apply_names_the_accounts_that_are_still_quarantined(
    case: Case, quarantine: Quarantine, rootsweep: CommandLine
) -> None:
    """Until they are lifted; an account that the policy was refused to is not one of them."""

    def apply(*arguments: str) -> str:
        outcome = rootsweep("apply", str(case.path), "--confirm", case.digest, "--timeout", "5s", *arguments)
        assert outcome.code == 0
        return outcome.out

    refused, quarantined = sorted([case.first, case.second])
    case.control.add_fault(Rule(DenyAccess(), "organizations", "AttachPolicy", times=1))
    assert quarantine("on").code == 5
    for arguments in [(), ("--journal", str(case.journal.with_name("other.jsonl")))]:
        out = apply(*arguments)
        assert f"1 account is still quarantined, by {case.journal}: {quarantined}.\n" in out
        assert f"rootsweep quarantine lift {case.path}\n" in out
        assert refused not in out.partition("still quarantined")[2]
    assert quarantine("lift").code == 0
    assert "quarantined" not in apply()


def test_a_journal_that_is_lost_midway_ends_it_and_says_what_was_done(case: Case, quarantine: Quarantine) -> None:
    case.control.add_fault(Rule(Change(case.journal.unlink), "organizations", "AttachPolicy", times=1))
    outcome = quarantine("on")
    assert (outcome.code, case.control.calls("organizations", "AttachPolicy")) == (5, 1)
    assert "1 of 2 accounts are quarantined" in outcome.out
    assert "removed or changed" in outcome.err


def test_a_journal_that_is_lost_with_the_policy_ends_a_lift_as_incomplete(case: Case, quarantine: Quarantine) -> None:
    assert quarantine("on").code == 0
    case.control.add_fault(Rule(Change(case.journal.unlink), "organizations", "DeletePolicy", times=1))
    outcome = quarantine("lift", "--delete-policy")
    assert (outcome.code, outcome.out.count("LIFTED")) == (5, 2)
    assert "removed or changed" in outcome.err
    assert nothing_is_changed(case)
