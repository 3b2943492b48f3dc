"""No single list of AWS Organizations is believed: what it leaves out may be there, and may be somebody else's."""

import pytest

from rootsweep.storage.journal import inspect_journal
from rootsweep_emulator import Refuse, Replace, Rule
from tests.cli.quarantine.case import NAME, Case, Quarantine, nothing_is_changed

NO_POLICIES = Replace(("Policies",), [])
NO_TARGETS = Replace(("Targets",), [])


def test_what_one_list_leaves_out_stays_somebody_elses(case: Case, quarantine: Quarantine) -> None:
    """The policy was attached by another journal; AWS refuses to attach it twice."""
    assert quarantine("on").code == 0
    other = str(case.journal.with_name("other.jsonl"))
    case.control.add_fault(Rule(NO_POLICIES, "organizations", "ListPoliciesForTarget", times=1))
    outcome = quarantine("on", "--journal", other)
    assert (outcome.code, outcome.out.count("ALREADY_ATTACHED")) == (0, 2)
    outcome = quarantine("lift", "--journal", other)
    assert (outcome.code, outcome.out.count("LEFT_ALONE"), case.is_denied(case.first)) == (0, 2, True)
    assert quarantine("lift").code == 0
    assert not case.is_denied(case.first)


@pytest.mark.parametrize("times", [1, None])
def test_an_organization_that_lists_no_policy_does_not_end_a_quarantine(
    case: Case, quarantine: Quarantine, times: int | None
) -> None:
    assert quarantine("on").code == 0
    other = str(case.journal.with_name("other.jsonl"))
    handle = case.control.add_fault(Rule(NO_POLICIES, "organizations", "ListPolicies", times=times))
    outcome = quarantine("lift", "--journal", other, "--timeout", "1s")
    assert (outcome.code, outcome.out.count("NOT_VERIFIED")) == (5, 2)
    if times is None:
        outcome = quarantine("lift", "--timeout", "1s")
        assert (outcome.code, outcome.out.count("NOT_VERIFIED")) == (5, 2)
    case.control.remove_fault(handle)
    assert quarantine("lift").code == 0
    assert (case.is_denied(case.first), inspect_journal(case.journal).unfinished) == (False, ())


def test_an_account_that_one_list_leaves_out_is_not_called_free(case: Case, quarantine: Quarantine) -> None:
    assert quarantine("on").code == 0
    other = str(case.journal.with_name("other.jsonl"))
    case.control.add_fault(Rule(NO_POLICIES, "organizations", "ListPoliciesForTarget"))
    outcome = quarantine("lift", "--journal", other)
    assert (outcome.code, outcome.out.count("NOT_IN_JOURNAL")) == (5, 2)


def test_status_does_not_believe_an_empty_list_of_targets(case: Case, quarantine: Quarantine) -> None:
    assert quarantine("on").code == 0
    for operation, effect in [("ListTargetsForPolicy", NO_TARGETS), ("ListPolicies", NO_POLICIES)]:
        handle = case.control.add_fault(Rule(effect, "organizations", operation))
        outcome = quarantine("status")
        assert (outcome.out.count("NOT_QUARANTINED"), outcome.out.count("QUARANTINED")) == (0, 2)
        case.control.remove_fault(handle)


def test_an_empty_list_of_targets_deletes_no_policy_that_is_attached(case: Case, quarantine: Quarantine) -> None:
    assert quarantine("on").code == 0
    policy = str(case.policy())
    case.organizations.attach_policy(PolicyId=policy, TargetId=case.unused)
    case.control.add_fault(Rule(NO_TARGETS, "organizations", "ListTargetsForPolicy"))
    outcome = quarantine("lift", "--delete-policy")
    assert outcome.code == 5
    assert "still attached" in outcome.out
    assert (case.policy(), case.attached(case.unused)) == (policy, ["FullAWSAccess", NAME])


def test_a_policy_is_deleted_only_once_aws_does_not_know_it(case: Case, quarantine: Quarantine) -> None:
    assert quarantine("on").code == 0
    faults = [
        case.control.add_fault(Rule(Refuse("GatewayTimeout", status=504), "organizations", "DeletePolicy")),
        case.control.add_fault(Rule(NO_POLICIES, "organizations", "ListPolicies", skip=1)),
    ]
    outcome = quarantine("lift", "--delete-policy", "--timeout", "1s")
    assert outcome.code == 5
    assert "was deleted" not in case.journal.read_text("utf-8")
    for fault in faults:
        case.control.remove_fault(fault)
    assert case.policy() is not None
    assert quarantine("lift", "--delete-policy").code == 0
    assert nothing_is_changed(case)
