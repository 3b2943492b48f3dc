"""``rootsweep apply`` where AWS's word cannot be taken: answers that are lost, or late, and lists that leave a key out."""

import pytest

from rootsweep.storage.journal import inspect_journal
from rootsweep_emulator import Body, Effect, Refuse, Replace, Rule
from tests.cli.command_line import CommandLine
from tests.cli.removal.case import Apply, Case


@pytest.mark.parametrize(
    "effect",
    [
        Refuse("GatewayTimeout", status=504, acted=True),
        Refuse("ServiceException", status=400, acted=True),
        Body(b"<html>Gateway Timeout</html>", status=504, acted=True),
        Body(b"", status=302, acted=True),
        Body(b"<html><br></html>", acted=True),
    ],
    ids=str,
)
def test_a_deletion_that_a_gateway_answers_is_found_out_by_asking(case: Case, apply: Apply, effect: Effect) -> None:
    case.control.add_fault(Rule(effect, "iam", "DeleteAccessKey", account=case.second))
    outcome = apply()
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (0, "deleted")
    assert case.left == {case.kept_id}


def test_an_error_of_aws_that_did_nothing_deletes_nothing(case: Case, apply: Apply) -> None:
    case.control.add_fault(Rule(Refuse("GatewayTimeout", status=504), "iam", "DeleteAccessKey", account=case.second))
    outcome = apply("--timeout", "1s")
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "not_deleted")
    assert case.left == {case.kept_id, *case.keys[case.second]}


def test_one_list_without_the_key_is_not_believed(case: Case, apply: Apply) -> None:
    handle = case.control.add_fault(
        Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", account=case.second, times=1)
    )
    outcome = apply("--timeout", "1s")
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "not_deleted")
    assert "ALREADY_GONE" not in outcome.out
    assert "2 of 3 keys deleted" in outcome.out
    case.control.remove_fault(handle)
    assert apply().code == 0
    assert case.left == {case.kept_id}


def test_lists_without_the_key_do_not_outweigh_the_summary(case: Case, apply: Apply) -> None:
    handle = case.control.add_fault(Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", account=case.second))
    outcome = apply("--timeout", "1s")
    assert (outcome.code, case.outcomes()[case.keys[case.second][0]]) == (5, "not_verified")
    case.control.remove_fault(handle)
    assert apply().code == 0
    assert (case.left, inspect_journal(case.journal).verification.intact) == ({case.kept_id}, True)


def test_a_key_that_was_gone_is_looked_at_on_every_run_and_never_counted_as_deleted(case: Case, apply: Apply) -> None:
    key = case.keys[case.second][0]
    case.control.delete_root_key(case.second, key)
    for _ in range(2):
        case.control.reset_calls()
        outcome = apply()
        assert (outcome.code, case.outcomes()[key]) == (0, "already_gone")
        assert "2 of 3 keys deleted, 1 gone before" in outcome.out
        assert case.control.calls("iam", "GetAccountSummary", account=case.second) == 1
    case.control.add_fault(Rule(Replace(("SummaryMap", "AccountAccessKeysPresent"), 1), "iam", "GetAccountSummary"))
    outcome = apply("--timeout", "1s")
    assert (outcome.code, case.outcomes()[key]) == (5, "not_verified")


def test_a_rehearsal_does_not_believe_one_list_either(case: Case, rootsweep: CommandLine) -> None:
    rule = Rule(Replace(("AccessKeyMetadata",), []), "iam", "ListAccessKeys", account=case.second, times=1)
    case.control.add_fault(rule)
    outcome = rootsweep("rehearse", str(case.path))
    assert (outcome.code, "ALREADY_GONE" in outcome.out) == (5, False)
    assert "NOT_VERIFIED" in outcome.out
    case.control.delete_root_key(case.second, case.keys[case.second][0])
    outcome = rootsweep("rehearse", str(case.path))
    assert (outcome.code, "ALREADY_GONE" in outcome.out) == (0, True)
    assert "2 of 3 keys would be deleted, 1 gone before" in outcome.out
